package io.serai.parse;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the times that senders write: RFC 3339, the same without a zone or with a space, RFC 1123, and seconds, milli-,
 * micro- or nanoseconds since 1970 as number or digits. A zero date or a negative number means that there is no time.
 */
final class Times {
    private static final Instant FIRST = Instant.parse("1970-01-02T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    private static final DateTimeFormatter LOCAL = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("[ ]['T']")
            .appendPattern("HH:mm")
            .optionalStart()
            .appendPattern(":ss")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter(Locale.ROOT);
    private static final DateTimeFormatter ZONED = new DateTimeFormatterBuilder()
            .append(LOCAL)
            .appendPattern("[ ][XXX][XX][X]")
            .toFormatter(Locale.ROOT);

    private Times() {}

    /**
     * @param time    absent when the sender means that there is none
     * @param assumed what had to be guessed, as a sentence part; null when nothing was
     * @param wrong   true when something was there that is no time
     */
    record Read(Optional<Instant> time, String assumed, boolean wrong) {
        private static final Read NONE = new Read(Optional.empty(), null, false);
        private static final Read WRONG = new Read(Optional.empty(), null, true);

        private static Read of(Instant time, String assumed) {
            return time.isBefore(FIRST)
                    ? NONE
                    : time.isAfter(LAST) ? WRONG : new Read(Optional.of(time), assumed, false);
        }
    }

    static Read read(JsonNode node) {
        if (node == null || node.isNull() || node.isMissingNode()) {
            return Read.NONE;
        }
        if (node.isNumber()) {
            return epoch(node.decimalValue());
        }
        return node.isTextual() ? text(node.textValue().trim()) : Read.WRONG;
    }

    private static Read text(String text) {
        if (text.isEmpty()) {
            return Read.NONE;
        }
        if (text.length() <= 30 && NUMBER.matcher(text).matches()) {
            return epoch(new BigDecimal(text));
        }
        try {
            return Read.of(Instant.parse(text), null);
        } catch (DateTimeParseException notInstant) {
            return other(text);
        }
    }

    private static Read other(String text) {
        try {
            return Read.of(OffsetDateTime.parse(text, ZONED).toInstant(), null);
        } catch (DateTimeParseException noZone) {
            try {
                return Read.of(
                        LocalDateTime.parse(text, LOCAL).toInstant(ZoneOffset.UTC), "it has no zone, read as UTC");
            } catch (DateTimeParseException notLocal) {
                return rfc1123(text);
            }
        }
    }

    private static Read rfc1123(String text) {
        try {
            return Read.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)), null);
        } catch (DateTimeException e) {
            return Read.WRONG;
        }
    }

    /** The unit follows from the size: seconds reach 1e11 in the year 5138. */
    private static Read epoch(BigDecimal number) {
        if (number.signum() <= 0) {
            return Read.NONE;
        }
        int digits = number.precision() - number.scale();
        if (digits > 19) {
            return Read.WRONG;
        }
        int shift = digits <= 11 ? 9 : digits <= 14 ? 6 : digits <= 17 ? 3 : 0;
        long nanos;
        long seconds;
        BigDecimal inNanos = number.movePointRight(shift);
        seconds = inNanos.movePointLeft(9).longValue();
        nanos = inNanos.subtract(BigDecimal.valueOf(seconds).movePointRight(9)).longValue();
        return Read.of(Instant.ofEpochSecond(seconds, nanos), null);
    }
}
