package io.serai.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a text is the address of a web service in the one form that all programs read alike (fault 57): {@code http} or
 * {@code https}, no user in it, a host in ASCII that is a name, four decimal numbers or an IPv6 address in brackets. What
 * lies behind the host, this class does not judge. Nothing is looked up.
 */
public final class WebAddress {
    private static final Pattern FORM = Pattern.compile("(?i:https?)://([^/?#]*)([/?#].*)?");
    private static final Pattern PLACE = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");
    private static final Pattern HOST =
            Pattern.compile("\\[[0-9A-Fa-f:.]+]|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*|[A-Za-z0-9._-]+");
    private static final String NO_HOST = "has no host in ASCII (a name in other letters is written xn--…), or no port";
    private static final int LAST_PORT = 65_535;

    private WebAddress() {}

    /** @return what is wrong with it, as the end of a sentence, without a part of it; empty when nothing is */
    public static Optional<String> problem(String text, EgressPolicy policy) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || text.chars().anyMatch(each -> each <= ' ' || each == 0x7f)) {
            return Optional.of("is no http or https address");
        }
        String authority = form.group(1);
        if (authority.indexOf('@') >= 0) {
            return Optional.of("has a user in its address, which logs would show");
        }
        Matcher place = PLACE.matcher(authority);
        if (!place.matches() || (place.group(2) != null && Integer.parseInt(place.group(2)) > LAST_PORT)) {
            return Optional.of(NO_HOST);
        }
        return hostProblem(place.group(1), policy);
    }

    /** The same for a host alone; an IPv6 address may stand without brackets. */
    public static Optional<String> hostProblem(String host, EgressPolicy policy) {
        if (!HOST.matcher(host).matches()) {
            return Optional.of(NO_HOST);
        }
        boolean literal = host.indexOf(':') >= 0 || Numbers.dotted(host);
        if (!literal) {
            return Numbers.numeric(host)
                    ? Optional.of("has a host in figures that programs read differently")
                    : Optional.empty();
        }
        try {
            return policy.refusal(host, InetAddress.getByName(host))
                    .map(what -> "leads to an address that is " + what + " (serai.egress)");
        } catch (UnknownHostException e) {
            return Optional.of(NO_HOST);
        }
    }
}
