package io.serai.deliver;

import io.serai.alert.Severity;
import io.serai.config.ConfigurationError;
import io.serai.config.Family;
import io.serai.config.Nearest;
import io.serai.egress.EgressPolicy;
import io.serai.egress.WebAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads one destination's settings: those that every destination has, and through its notifier the others. */
final class DestinationSettings {
    private static final Duration LAST_LIMIT = Duration.ofMinutes(2);
    private static final Set<String> COMMON = Stream.concat(
                    RetrySettings.NAMES.stream(),
                    Stream.of(
                            "notifier",
                            "severities",
                            "providers",
                            "concurrency",
                            "breaker.requests",
                            "breaker.failures",
                            "breaker.delay",
                            "breaker.timeout",
                            "connect-timeout",
                            "timeout",
                            "proxy.protocol",
                            "proxy.host",
                            "proxy.port",
                            "proxy.user",
                            "proxy.password",
                            "ca-file",
                            "pause-after-refusal",
                            "report-to"))
            .collect(Collectors.toUnmodifiableSet());

    private final String name;
    private final Family settings;
    private final NotifierCatalog notifiers;
    private final EgressPolicy egress;

    DestinationSettings(String name, Family settings, NotifierCatalog notifiers, EgressPolicy egress) {
        this.name = name;
        this.settings = settings;
        this.notifiers = notifiers;
        this.egress = egress;
    }

    /** @throws ConfigurationError for the first that is wrong, or that nobody declares */
    Destination read(RetryPolicy globalRetry) {
        Notifier notifier = notifier();
        refuseUnknown(notifier);
        Duration timeout = settings.duration("timeout", Duration.ofSeconds(10));
        Duration givenUp = settings.duration("breaker.timeout", atLeast(LAST_LIMIT, timeout.multipliedBy(2)));
        if (givenUp.compareTo(timeout) <= 0) {
            // A send that is given up while it runs may still succeed, and would be sent again.
            throw settings.wrong("breaker.timeout", "is not longer than timeout", "Make it at least twice as long");
        }
        return new Destination(
                name,
                notifier.name(),
                notifier.reportOnly(),
                severities(),
                settings.words("providers"),
                settings.integer("concurrency", 4, 1, 256),
                RetrySettings.read(settings, globalRetry),
                new Destination.Breaker(
                        settings.integer("breaker.requests", 10, 1, 1000),
                        settings.integer("breaker.failures", 50, 1, 100),
                        settings.duration("breaker.delay", Duration.ofSeconds(5)),
                        givenUp),
                new Destination.Network(
                        settings.duration("connect-timeout", Duration.ofSeconds(2)), timeout, proxy(), caFile()),
                settings.duration("pause-after-refusal", Duration.ofMinutes(10)),
                settings.text("report-to"),
                new NotifierOptions(settings, egress).of(notifier),
                notifier.settings().entrySet().stream()
                        .filter(each -> each.getValue().sensitive())
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private static Duration atLeast(Duration least, Duration other) {
        return least.compareTo(other) > 0 ? least : other;
    }

    private Notifier notifier() {
        String word = settings.text("notifier");
        String known = "Name one of " + String.join(", ", notifiers.names());
        if (word == null) {
            throw settings.wrong("notifier", "is missing", known);
        }
        return notifiers
                .find(word)
                .orElseThrow(() -> settings.wrong(
                        "notifier",
                        "is no notifier",
                        Nearest.to(word, notifiers.names())
                                .map(near -> "Did you mean '" + near + "'")
                                .orElse(known)));
    }

    private void refuseUnknown(Notifier notifier) {
        Set<String> allowed = new TreeSet<>(COMMON);
        allowed.addAll(notifier.settings().keySet());
        for (String each : new TreeSet<>(settings.names())) {
            if (!allowed.contains(each)) {
                throw settings.wrong(
                        each,
                        "the notifier " + notifier.name() + " has no such setting",
                        Nearest.to(each, allowed)
                                .map(near -> "Did you mean '" + near + "'")
                                .orElse("Use one of " + String.join(", ", allowed)));
            }
        }
    }

    private Set<Severity> severities() {
        Set<Severity> severities = EnumSet.noneOf(Severity.class);
        for (String word : settings.words("severities")) {
            severities.add(Severity.of(word)
                    .orElseThrow(() -> settings.wrong(
                            "severities", "is no list of severities", "Use critical, high, medium, low or info")));
        }
        return Set.copyOf(severities);
    }

    private Destination.Proxy proxy() {
        String host = settings.text("proxy.host");
        if (host == null) {
            List<String> idle = settings.names().stream()
                    .filter(each -> each.startsWith("proxy."))
                    .sorted()
                    .toList();
            if (!idle.isEmpty()) {
                throw settings.wrong(
                        idle.get(0), "has no effect without a proxy", "Set " + settings.key("proxy.host") + " too");
            }
            return null;
        }
        String protocol = settings.text("proxy.protocol") == null ? "http" : settings.text("proxy.protocol");
        if (!Set.of("http", "https").contains(protocol)) {
            throw settings.wrong("proxy.protocol", "is not supported", "Write http or https");
        }
        WebAddress.hostProblem(host, egress).ifPresent(problem -> {
            throw settings.wrong("proxy.host", problem, "Write the host's name, or its address");
        });
        String user = settings.text("proxy.user");
        String password = settings.text("proxy.password");
        if ((user == null) != (password == null)) {
            throw settings.wrong("proxy.user", "user and password belong together", "Set both or none of them");
        }
        return new Destination.Proxy(protocol, host, settings.integer("proxy.port", 3128, 1, 65535), user, password);
    }

    private Path caFile() {
        String file = settings.text("ca-file");
        if (file == null) {
            return null;
        }
        if (!Files.isReadable(Path.of(file))) {
            throw settings.wrong("ca-file", "cannot be read", "Give a readable PEM file");
        }
        return Path.of(file);
    }
}
