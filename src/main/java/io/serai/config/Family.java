package io.serai.config;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Settings below one prefix, which no catalog declares, read by type. What is not of its type or range is a {@link
 * ConfigurationError} that names the whole key and never the value.
 */
public final class Family {
    private final String prefix;
    private final Map<String, String> values;

    /**
     * @param prefix with its dot: {@code serai.destination.ops.}
     * @param values by the name after it
     */
    public Family(String prefix, Map<String, String> values) {
        this.prefix = prefix;
        this.values = values;
    }

    /** Those of {@code settings} that begin with the prefix. */
    public static Family below(String prefix, Map<String, String> settings) {
        Map<String, String> values = new TreeMap<>();
        settings.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                values.put(key.substring(prefix.length()), value);
            }
        });
        return new Family(prefix, values);
    }

    /** The names after the prefix, of what is given. */
    public Set<String> names() {
        return values.keySet();
    }

    /** As it is given, blank or not; null when it is not. */
    public String given(String name) {
        return values.get(name);
    }

    /** Stripped; null when nothing is left. */
    public String text(String name) {
        String value = values.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** The words between the commas, without blanks and empty ones. */
    public Set<String> words(String name) {
        String value = text(name);
        return value == null ? Set.of() : Set.copyOf(Values.words(value));
    }

    /** A blank one is refused. */
    public boolean flag(String name, boolean fallback) {
        String value = given(name);
        if (value == null) {
            return fallback;
        }
        return Values.flag(value.strip())
                .orElseThrow(() -> wrong(name, "is neither true nor false", "Write true or false"));
    }

    public int integer(String name, int fallback, int lowest, int highest) {
        String value = text(name);
        if (value == null) {
            return fallback;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= lowest && number <= highest) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, with the range
        }
        throw wrong(name, "is not a whole number in range", "Use " + lowest + " to " + highest);
    }

    public double decimal(String name, double fallback, int lowest, int highest) {
        String value = text(name);
        if (value == null) {
            return fallback;
        }
        try {
            double number = Double.parseDouble(value);
            if (number >= lowest && number <= highest) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, with the range
        }
        throw wrong(name, "is not a number in range", "Use " + lowest + " to " + highest);
    }

    public Duration duration(String name, Duration fallback) {
        String value = text(name);
        return value == null
                ? fallback
                : Values.duration(value)
                        .orElseThrow(() -> wrong(name, "is not a duration", "Write it like 500ms, 30s, 5m, 2h or 1d"));
    }

    /** What to throw of one that is wrong in another way. */
    public ConfigurationError wrong(String name, String problem, String remedy) {
        return new ConfigurationError(key(name), problem, remedy);
    }

    /** The whole key of one. */
    public String key(String name) {
        return prefix + name;
    }
}
