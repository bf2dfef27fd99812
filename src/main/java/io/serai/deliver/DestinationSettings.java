package io.serai.deliver;

import io.serai.alert.Severity;
import io.serai.config.ConfigurationError;
import io.serai.config.Nearest;
import io.serai.egress.EgressPolicy;
import io.serai.egress.WebAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads one destination's settings. */
final class DestinationSettings {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");
    private static final Duration LAST_LIMIT = Duration.ofMinutes(2);
    private static final Set<String> RETRY = Set.of(
            "retry.enabled",
            "retry.count",
            "retry.codes",
            "retry.delay-cap",
            "retry.budget",
            "retry.back-off",
            "retry.age-limit",
            "retry.retry-after-limit");
    private static final Set<String> COMMON = Stream.concat(
                    RETRY.stream(),
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

    private final String prefix;
    private final String name;
    private final Map<String, String> settings;
    private final NotifierCatalog notifiers;
    private final EgressPolicy egress;

    DestinationSettings(
            String prefix, String name, Map<String, String> settings, NotifierCatalog notifiers, EgressPolicy egress) {
        this.prefix = prefix;
        this.name = name;
        this.settings = settings;
        this.notifiers = notifiers;
        this.egress = egress;
    }

    Destination read(RetryPolicy globalRetry) {
        Notifier notifier = notifier();
        refuseUnknown(notifier);
        Duration timeout = duration(prefix, settings, "timeout", Duration.ofSeconds(10));
        Duration givenUp = duration(prefix, settings, "breaker.timeout", atLeast(LAST_LIMIT, timeout.multipliedBy(2)));
        if (givenUp.compareTo(timeout) <= 0) {
            // A send that is given up while it runs may still succeed, and would be sent again.
            throw new ConfigurationError(
                    prefix + "breaker.timeout", "is not longer than timeout", "Make it at least twice as long");
        }
        return new Destination(
                name,
                notifier.name(),
                notifier.reportOnly(),
                severities(),
                words("providers"),
                integer("concurrency", 4, 1, 256),
                retry(prefix, settings, "", globalRetry),
                new Destination.Breaker(
                        integer("breaker.requests", 10, 1, 1000),
                        integer("breaker.failures", 50, 1, 100),
                        duration(prefix, settings, "breaker.delay", Duration.ofSeconds(5)),
                        givenUp),
                new Destination.Network(
                        duration(prefix, settings, "connect-timeout", Duration.ofSeconds(2)),
                        timeout,
                        proxy(),
                        caFile()),
                duration(prefix, settings, "pause-after-refusal", Duration.ofMinutes(10)),
                text("report-to"),
                options(notifier),
                notifier.settings().entrySet().stream()
                        .filter(each -> each.getValue().sensitive())
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private static Duration atLeast(Duration least, Duration other) {
        return least.compareTo(other) > 0 ? least : other;
    }

    private Notifier notifier() {
        String word = text("notifier");
        String known = "Name one of " + String.join(", ", notifiers.names());
        if (word == null) {
            throw new ConfigurationError(prefix + "notifier", "is missing", known);
        }
        return notifiers
                .find(word)
                .orElseThrow(() -> new ConfigurationError(
                        prefix + "notifier",
                        "is no notifier",
                        Nearest.to(word, notifiers.names())
                                .map(near -> "Did you mean '" + near + "'")
                                .orElse(known)));
    }

    private void refuseUnknown(Notifier notifier) {
        Set<String> allowed = new TreeSet<>(COMMON);
        allowed.addAll(notifier.settings().keySet());
        for (String each : settings.keySet()) {
            if (!allowed.contains(each)) {
                throw new ConfigurationError(
                        prefix + each,
                        "the notifier " + notifier.name() + " has no such setting",
                        Nearest.to(each, allowed)
                                .map(near -> "Did you mean '" + near + "'")
                                .orElse("Use one of " + String.join(", ", allowed)));
            }
        }
    }

    private Map<String, String> options(Notifier notifier) {
        Map<String, String> options = new HashMap<>();
        notifier.settings().forEach((key, setting) -> {
            String value = text(key);
            if (value == null && setting.required()) {
                throw new ConfigurationError(prefix + key, "is missing", "Set it: " + setting.description());
            }
            check(key, setting, value);
            if (value != null || setting.fallback() != null) {
                options.put(key, value == null ? setting.fallback() : value);
            }
        });
        return Map.copyOf(options);
    }

    private void check(String key, Notifier.Setting setting, String value) {
        if (value == null || setting.type() == null) {
            return;
        }
        switch (setting.type()) {
            case "int" -> integer(key, 0, 0, Integer.MAX_VALUE);
            case "duration" -> duration(prefix, settings, key, Duration.ZERO);
            case "bool" -> {
                if (!Set.of("true", "false").contains(value)) {
                    throw new ConfigurationError(prefix + key, "is neither true nor false", "Write true or false");
                }
            }
            case "url" -> {
                WebAddress.problem(value, egress).ifPresent(problem -> {
                    throw new ConfigurationError(prefix + key, problem, "Write https://host/path");
                });
            }
            case "enum" -> {
                if (!setting.values().contains(value)) {
                    throw new ConfigurationError(
                            prefix + key,
                            "is none of the known words",
                            "Write one of " + String.join(", ", setting.values()));
                }
            }
            default -> {}
        }
    }

    private Set<Severity> severities() {
        Set<Severity> severities = EnumSet.noneOf(Severity.class);
        for (String word : words("severities")) {
            severities.add(Severity.of(word)
                    .orElseThrow(() -> new ConfigurationError(
                            prefix + "severities",
                            "is no list of severities",
                            "Use critical, high, medium, low or info")));
        }
        return Set.copyOf(severities);
    }

    private Destination.Proxy proxy() {
        String host = text("proxy.host");
        if (host == null) {
            List<String> idle = settings.keySet().stream()
                    .filter(key -> key.startsWith("proxy."))
                    .sorted()
                    .toList();
            if (!idle.isEmpty()) {
                throw new ConfigurationError(
                        prefix + idle.get(0), "has no effect without a proxy", "Set " + prefix + "proxy.host too");
            }
            return null;
        }
        String protocol = text("proxy.protocol") == null ? "http" : text("proxy.protocol");
        if (!Set.of("http", "https").contains(protocol)) {
            throw new ConfigurationError(prefix + "proxy.protocol", "is not supported", "Write http or https");
        }
        WebAddress.hostProblem(host, egress).ifPresent(problem -> {
            throw new ConfigurationError(prefix + "proxy.host", problem, "Write the host's name, or its address");
        });
        if ((text("proxy.user") == null) != (text("proxy.password") == null)) {
            throw new ConfigurationError(
                    prefix + "proxy.user", "user and password belong together", "Set both or none of them");
        }
        return new Destination.Proxy(
                protocol, host, integer("proxy.port", 3128, 1, 65535), text("proxy.user"), text("proxy.password"));
    }

    private Path caFile() {
        String file = text("ca-file");
        if (file == null) {
            return null;
        }
        if (!Files.isReadable(Path.of(file))) {
            throw new ConfigurationError(prefix + "ca-file", "cannot be read", "Give a readable PEM file");
        }
        return Path.of(file);
    }

    /** The retry settings below one prefix, the rest from the policy that is overridden. */
    static RetryPolicy retry(String prefix, Map<String, String> settings, RetryPolicy fallback) {
        return retry("", settings, prefix.substring(0, prefix.length() - "retry.".length()), fallback);
    }

    private static RetryPolicy retry(String shown, Map<String, String> settings, String path, RetryPolicy fallback) {
        String enabled = settings.get(path + "retry.enabled");
        if (enabled != null && !Set.of("true", "false").contains(enabled)) {
            throw new ConfigurationError(
                    shown + path + "retry.enabled", "is neither true nor false", "Write true or false");
        }
        String codes = settings.get(path + "retry.codes");
        return new RetryPolicy(
                enabled == null ? fallback.enabled() : Boolean.parseBoolean(enabled),
                integer(shown, settings, path + "retry.count", fallback.count(), 0, 100),
                codes == null ? fallback.codes() : RetryCodes.parse(shown + path + "retry.codes", codes),
                duration(shown, settings, path + "retry.delay-cap", fallback.delayCap()),
                duration(shown, settings, path + "retry.budget", fallback.budget()),
                number(shown, settings, path + "retry.back-off", fallback.backOff()),
                duration(shown, settings, path + "retry.age-limit", fallback.ageLimit()),
                duration(shown, settings, path + "retry.retry-after-limit", fallback.retryAfterLimit()));
    }

    private String text(String key) {
        String value = settings.get(key);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private Set<String> words(String key) {
        String value = text(key);
        if (value == null) {
            return Set.of();
        }
        Set<String> words = new HashSet<>();
        for (String word : value.split(",")) {
            if (!word.isBlank()) {
                words.add(word.strip());
            }
        }
        return Set.copyOf(words);
    }

    private int integer(String key, int fallback, int lowest, int highest) {
        return integer(prefix, settings, key, fallback, lowest, highest);
    }

    private static int integer(
            String prefix, Map<String, String> settings, String key, int fallback, int lowest, int highest) {
        String value = settings.get(key);
        if (value == null || value.isBlank()) {
            return fallback;
        }
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= lowest && number <= highest) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, with the range
        }
        throw new ConfigurationError(
                prefix + key, "is not a whole number in range", "Use " + lowest + " to " + highest);
    }

    private static double number(String prefix, Map<String, String> settings, String key, double fallback) {
        String value = settings.get(key);
        if (value == null || value.isBlank()) {
            return fallback;
        }
        try {
            double number = Double.parseDouble(value.strip());
            if (number >= 0 && number <= 100) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, with the range
        }
        throw new ConfigurationError(prefix + key, "is not a number in range", "Use 0 to 100");
    }

    private static Duration duration(String prefix, Map<String, String> settings, String key, Duration fallback) {
        String value = settings.get(key);
        if (value == null || value.isBlank()) {
            return fallback;
        }
        Matcher form = DURATION.matcher(value.strip());
        if (!form.matches()) {
            throw new ConfigurationError(prefix + key, "is not a duration", "Write it like 500ms, 30s, 5m, 2h or 1d");
        }
        long amount = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
