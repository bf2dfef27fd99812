package io.serai.deliver;

import io.serai.config.ConfigurationError;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTTP status codes that are worth a retry: {@code 429}, {@code 5xx}, {@code 502-599}, separated by commas (G13, G14). */
public final class RetryCodes {
    private static final int LOWEST = 100;
    private static final int HIGHEST = 599;
    private static final Pattern PART = Pattern.compile("(\\d{3})(?:\\s*-\\s*(\\d{3}))?|(\\d)[xX]{2}");

    private final String text;
    private final BitSet codes;

    private RetryCodes(String text, BitSet codes) {
        this.text = text;
        this.codes = codes;
    }

    /**
     * @param key the setting that the text comes from
     * @throws ConfigurationError for a form that is none of the three, an inverted range (which would silently match
     *     nothing, G14) or a code outside 100 to 599
     */
    public static RetryCodes parse(String key, String text) {
        BitSet codes = new BitSet(HIGHEST + 1);
        for (String part : text.split(",", -1)) {
            Matcher form = PART.matcher(part.strip());
            if (!form.matches()) {
                throw new ConfigurationError(key, "is no list of status codes", "Write codes like 429, 5xx or 502-599");
            }
            int from = form.group(3) == null ? Integer.parseInt(form.group(1)) : Integer.parseInt(form.group(3)) * 100;
            int to = form.group(3) != null ? from + 99 : form.group(2) == null ? from : Integer.parseInt(form.group(2));
            if (from > to) {
                throw new ConfigurationError(
                        key, "has an inverted range, which matches nothing", "Write the lower code first");
            }
            if (from < LOWEST || to > HIGHEST) {
                throw new ConfigurationError(
                        key, "has a code that is out of range", "Use codes from " + LOWEST + " to " + HIGHEST);
            }
            codes.set(from, to + 1);
        }
        return new RetryCodes(text, codes);
    }

    public boolean contains(int statusCode) {
        return statusCode >= 0 && codes.get(statusCode);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RetryCodes that && codes.equals(that.codes);
    }

    @Override
    public int hashCode() {
        return codes.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
