package io.serai.deliver;

import io.serai.alert.Severity;
import io.serai.config.Redaction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * One configured notifier.
 *
 * @param reportOnly true when no routing rule reaches it, only report-to of another destination
 * @param severities who is told: empty for all
 * @param providers  whose alerts are told: empty for all
 * @param concurrency how many sends may run at once
 * @param pauseAfterRefusal how long nothing is sent after it answered 401, 403 or 410, until one delivery is tried
 * @param reportTo   the destination that is told when a delivery to this one ends (D19, D20); null for none
 * @param options    the notifier's own settings, defaults filled in, secrets among them
 * @param secrets    names of the options that must never be shown
 */
public record Destination(
        String name,
        String notifier,
        boolean reportOnly,
        Set<Severity> severities,
        Set<String> providers,
        int concurrency,
        RetryPolicy retry,
        Breaker breaker,
        Network network,
        Duration pauseAfterRefusal,
        String reportTo,
        Map<String, String> options,
        Set<String> secrets) {

    /**
     * @param requests how many of the last sends are looked at
     * @param failures per cent of them that open the breaker
     * @param delay    how long it stays open before one trial
     * @param timeout  when a send that no other limit ended is given up
     */
    public record Breaker(int requests, int failures, Duration delay, Duration timeout) {}

    /**
     * @param connectTimeout of one connection
     * @param timeout        of a whole request, from connect to the last byte of the answer
     * @param proxy          null to connect directly
     * @param caFile         PEM bundle of the only authorities that are trusted; null for those of the JVM. There is no
     *                       switch to verify nothing (D24)
     */
    public record Network(Duration connectTimeout, Duration timeout, Proxy proxy, Path caFile) {}

    /**
     * An outbound proxy (G12).
     *
     * @param user null for a proxy without authentication
     */
    public record Proxy(String protocol, String host, int port, String user, String password) {
        @Override
        public String toString() {
            return protocol + "://" + host + ":" + port;
        }
    }

    /** True when the text holds one of the secrets, in any of its forms. */
    boolean tells(String text) {
        return secrets.stream()
                .map(options::get)
                .filter(secret -> secret != null && !secret.isEmpty())
                .anyMatch(secret -> Redaction.forms(secret).stream().anyMatch(text::contains));
    }

    /** Without the options: they hold secrets. */
    @Override
    public String toString() {
        return "destination " + name + " (" + notifier + ")";
    }
}
