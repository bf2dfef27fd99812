package io.serai.config;

import java.time.Duration;
import java.util.Optional;

/**
 * One declared setting.
 *
 * @param fallback    the value when nothing is set, in the form of the file
 * @param low         lowest value allowed: a number, bytes or milliseconds, as the type has it
 * @param high        highest value allowed
 * @param description one line: what it does, and its unit
 */
public record Setting(String key, Type type, String fallback, long low, long high, String description) {

    /** How a value is written. Sizes are multiples of 1024: {@code 1MB}; durations {@code 500ms}, {@code 30s}, {@code 2h}. */
    public enum Type {
        TEXT,
        NUMBER,
        DECIMAL,
        DURATION,
        SIZE,
        FLAG,
        LIST,
        PATH
    }

    /** @throws ConfigurationError naming the key and the allowed range, never the value */
    void check(String value) {
        switch (type) {
            case NUMBER -> inRange(Values.number(value), String.valueOf(low), String.valueOf(high));
            case DECIMAL ->
                inRange(Values.decimal(value).map(Double::longValue), String.valueOf(low), String.valueOf(high));
            case SIZE -> inRange(Values.size(value), Values.sizeText(low), Values.sizeText(high));
            case DURATION ->
                inRange(
                        Values.duration(value).map(Duration::toMillis),
                        Values.durationText(low),
                        Values.durationText(high));
            case FLAG -> {
                if (Values.flag(value).isEmpty()) {
                    throw new ConfigurationError(key, "is neither true nor false", "Write true or false");
                }
            }
            default -> {}
        }
    }

    private void inRange(Optional<Long> value, String lowest, String highest) {
        String remedy = "Use " + lowest + " to " + highest;
        if (value.isEmpty()) {
            throw new ConfigurationError(key, "is not a " + word(), remedy);
        }
        if (value.get() < low || value.get() > high) {
            throw new ConfigurationError(key, "is out of range", remedy);
        }
    }

    private String word() {
        return switch (type) {
            case SIZE -> "size such as 512KB, 1MB or 10GB";
            case DURATION -> "duration such as 500ms, 30s, 15m, 2h or 1d";
            case DECIMAL -> "number";
            default -> "whole number";
        };
    }
}
