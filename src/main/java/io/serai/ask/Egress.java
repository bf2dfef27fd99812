package io.serai.ask;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where requests may go. An address of the configuration is the operator's own; one that came in a request body must have
 * a host of {@code serai.egress.hosts}, which is empty unless somebody fills it (trap of O27: SSRF).
 */
final class Egress {
    private final List<String> hosts;

    /** @param hosts as {@code host} or {@code host:port} */
    Egress(List<String> hosts) {
        this.hosts = hosts.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
    }

    /**
     * The address in its canonical form, without a slash at the end (O4); empty for anything but http or https with a host
     * and a path: no user, query or fragment, and nothing that Camel would read as a placeholder.
     */
    static Optional<String> address(String text) {
        try {
            URI uri = new URI(text.strip());
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            if (!web
                    || uri.getHost() == null
                    || uri.getRawUserInfo() != null
                    || uri.getRawQuery() != null
                    || uri.getRawFragment() != null) {
                return Optional.empty();
            }
            return Optional.of(uri.toASCIIString().replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** @param address as {@link #address} gives it */
    boolean allows(String address) {
        URI uri = URI.create(address);
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        return hosts.contains(uri.getPort() < 0 ? host : host + ":" + uri.getPort()) || hosts.contains(host);
    }
}
