package io.serai.poll;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How far back a poll looks, in the words of the Python webhook's command line (D4, D6). */
public enum Range {
    HOUR("hour", Duration.ofHours(1)),
    TWO_HOURS("2hours", Duration.ofHours(2)),
    SIX_HOURS("6hours", Duration.ofHours(6)),
    DAY("day", Duration.ofDays(1)),
    WEEK("week", Duration.ofDays(7)),
    MONTH("month", Duration.ofDays(31));

    private final String word;
    private final Duration length;

    Range(String word, Duration length) {
        this.word = word;
        this.length = length;
    }

    Duration length() {
        return length;
    }

    public String word() {
        return word;
    }

    /** The range for a word in any case; empty for any other text: it must never reach the polled system. */
    public static Optional<Range> of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word.equals(word.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** All words, for a message: {@code hour, 2hours, ...}. */
    public static String words() {
        return Arrays.stream(values()).map(Range::word).collect(Collectors.joining(", "));
    }
}
