package io.serai.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes the forms in which settings are given. What is not of the form is empty. */
public final class Values {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*(|B|KB|MB|GB)");
    private static final long KILO = 1024;

    private Values() {}

    /** The words between the commas, without blanks and empty ones. */
    public static List<String> words(String value) {
        return Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    static Optional<Long> number(String value) {
        return value.matches("-?\\d{1,18}") ? Optional.of(Long.valueOf(value)) : Optional.empty();
    }

    static Optional<Double> decimal(String value) {
        return value.matches("\\d{1,9}(\\.\\d{1,9})?") ? Optional.of(Double.valueOf(value)) : Optional.empty();
    }

    static Optional<Boolean> flag(String value) {
        return value.equals("true") || value.equals("false") ? Optional.of(Boolean.valueOf(value)) : Optional.empty();
    }

    /** {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h} or {@code 1d}. */
    public static Optional<Duration> duration(String value) {
        Matcher form = DURATION.matcher(value);
        if (!form.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(form.group(1));
        return Optional.of(
                switch (form.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                });
    }

    /** Bytes. */
    static Optional<Long> size(String value) {
        Matcher form = SIZE.matcher(value.toUpperCase(Locale.ROOT));
        if (!form.matches()) {
            return Optional.empty();
        }
        long factor =
                switch (form.group(2)) {
                    case "KB" -> KILO;
                    case "MB" -> KILO * KILO;
                    case "GB" -> KILO * KILO * KILO;
                    default -> 1;
                };
        return Optional.of(Long.parseLong(form.group(1)) * factor);
    }

    static String durationText(long millis) {
        Duration duration = Duration.ofMillis(millis);
        if (millis >= 86_400_000 && millis % 86_400_000 == 0) {
            return duration.toDays() + "d";
        }
        if (millis >= 3_600_000 && millis % 3_600_000 == 0) {
            return duration.toHours() + "h";
        }
        if (millis >= 60_000 && millis % 60_000 == 0) {
            return duration.toMinutes() + "m";
        }
        return millis >= 1000 && millis % 1000 == 0 ? duration.toSeconds() + "s" : millis + "ms";
    }

    static String sizeText(long bytes) {
        if (bytes >= KILO * KILO * KILO) {
            return bytes / (KILO * KILO * KILO) + "GB";
        }
        if (bytes >= KILO * KILO) {
            return bytes / (KILO * KILO) + "MB";
        }
        return bytes >= KILO ? bytes / KILO + "KB" : String.valueOf(bytes);
    }
}
