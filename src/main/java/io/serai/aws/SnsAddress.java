package io.serai.aws;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The two addresses that an SNS message carries. Both come from the sender, so both are held to what AWS's own look like:
 * https, the host of SNS itself and nothing beside it (no user, no port, no other domain behind it), the known path.
 */
final class SnsAddress {
    private static final Pattern HOST =
            Pattern.compile("sns\\.([a-z]{2}(?:-[a-z]+)+-[0-9]{1,2})\\.amazonaws\\.com(?:\\.cn)?");
    private static final Pattern CERTIFICATE = Pattern.compile("/SimpleNotificationService-[0-9a-f]{1,64}\\.pem");

    private SnsAddress() {}

    /** Where the signing certificate lies; empty when it is not AWS's. */
    static Optional<URI> certificate(String text) {
        return https(text).filter(uri -> CERTIFICATE.matcher(uri.getRawPath()).matches() && uri.getRawQuery() == null);
    }

    /** The link that confirms a subscription to this very topic; empty when it is anything else. */
    static Optional<URI> confirmation(String text, String topic) {
        return https(text)
                .filter(uri -> uri.getRawPath().equals("/") && uri.getQuery() != null)
                .filter(uri -> ("&" + uri.getQuery() + "&").contains("&Action=ConfirmSubscription&")
                        && ("&" + uri.getQuery() + "&").contains("&TopicArn=" + topic + "&"))
                .filter(uri -> topic.startsWith("arn:aws") && topic.contains(":sns:" + region(uri) + ":"));
    }

    private static Optional<URI> https(String text) {
        try {
            URI uri = new URI(text);
            boolean ours = "https".equals(uri.getScheme())
                    && uri.getRawAuthority() != null
                    && uri.getRawFragment() == null
                    && HOST.matcher(uri.getRawAuthority()).matches();
            return ours ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static String region(URI uri) {
        Matcher host = HOST.matcher(uri.getRawAuthority());
        return host.matches() ? host.group(1) : "";
    }
}
