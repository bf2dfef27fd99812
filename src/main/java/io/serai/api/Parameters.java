package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.alert.Fingerprint;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parameters of one request, checked one by one; a refusal names the parameter at fault. */
final class Parameters {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 500;
    private static final Pattern LENGTH = Pattern.compile("(\\d{1,6})(s|m|h|d)");

    private final Map<String, String> values;

    /** @throws Refusal when there is one that the path does not have */
    Parameters(Map<String, String> values, Set<String> known) {
        this.values = values;
        values.keySet().stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    String shown = name.matches("[A-Za-z0-9_.-]{1,40}") ? name : "a parameter";
                    throw wrong(
                            shown,
                            known.isEmpty() ? "there is none here" : "is none of " + String.join(", ", sorted(known)));
                });
    }

    private static List<String> sorted(Set<String> words) {
        return words.stream().sorted().toList();
    }

    static Refusal wrong(String name, String problem) {
        return new Refusal(
                ErrorCode.VALIDATION_ERROR,
                "The parameter " + name + " is not valid.",
                List.of(new Refusal.Detail(name, problem)));
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
    }

    int limit() {
        return text("limit")
                .map(value -> {
                    if (!value.matches("\\d{1,4}")
                            || Integer.parseInt(value) < 1
                            || Integer.parseInt(value) > MAX_LIMIT) {
                        throw wrong("limit", "must be 1 to " + MAX_LIMIT);
                    }
                    return Integer.valueOf(value);
                })
                .orElse(DEFAULT_LIMIT);
    }

    /** Where the next page begins: the {@code next_cursor} of the page before. */
    Optional<Long> cursor() {
        return number("cursor");
    }

    Optional<Long> number(String name) {
        return text(name).map(value -> id(name, value));
    }

    static long id(String name, String value) {
        if (!value.matches("\\d{1,18}")) {
            throw wrong(name, "must be a number");
        }
        return Long.parseLong(value);
    }

    boolean flag(String name) {
        return text(name)
                .map(value -> {
                    if (!value.equals("true") && !value.equals("false")) {
                        throw wrong(name, "must be true or false");
                    }
                    return Boolean.valueOf(value);
                })
                .orElse(false);
    }

    /** One of our words, as its enum has it. */
    <T> Optional<T> word(String name, Function<String, Optional<T>> reader, String words) {
        return text(name).map(value -> reader.apply(value).orElseThrow(() -> wrong(name, "must be one of " + words)));
    }

    Optional<Fingerprint> fingerprint(String name) {
        return text(name).map(value -> {
            try {
                return Fingerprint.parse(value);
            } catch (IllegalArgumentException e) {
                throw wrong(name, "must be 32 hexadecimal digits");
            }
        });
    }

    /** A point in time: RFC 3339, or how long ago as {@code 30m}, {@code 2h}, {@code 1d}. Null for an absent node. */
    static Instant time(String name, JsonNode node, Clock clock) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        String value = node.asText();
        Optional<Duration> ago = duration(value);
        if (ago.isPresent()) {
            return clock.instant().minus(ago.get());
        }
        try {
            return Instant.parse(value);
        } catch (DateTimeParseException e) {
            throw wrong(name, "must be a time such as 2026-01-31T12:00:00Z, or how long ago as 2h");
        }
    }

    /** A length of time as {@code 30m}, {@code 24h}, {@code 90d}. Null for an absent node. */
    static Duration duration(String name, JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        return duration(node.asText()).orElseThrow(() -> wrong(name, "must be a time such as 30m, 24h or 90d"));
    }

    private static Optional<Duration> duration(String value) {
        Matcher form = LENGTH.matcher(value);
        if (!form.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(form.group(1));
        return Optional.of(
                switch (form.group(2)) {
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                });
    }
}
