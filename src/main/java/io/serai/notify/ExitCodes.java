package io.serai.notify;

import io.serai.config.ConfigurationError;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Return codes of programs: {@code 75} or {@code 100-110}, separated by commas; an empty text is none. */
final class ExitCodes {
    private static final int HIGHEST = 255;
    private static final Pattern PART = Pattern.compile("(\\d{1,3})(?:\\s*-\\s*(\\d{1,3}))?");

    private final BitSet codes = new BitSet();

    /** @throws ConfigurationError for any other form, an inverted range, or a code outside 1 to 255 */
    static ExitCodes parse(String key, String text) {
        ExitCodes parsed = new ExitCodes();
        if (text.isBlank()) {
            return parsed;
        }
        for (String part : text.split(",", -1)) {
            Matcher form = PART.matcher(part.strip());
            if (!form.matches()) {
                throw new ConfigurationError(
                        key, "'" + part.strip() + "' is no return code", "Write codes like 75,100-110");
            }
            int from = Integer.parseInt(form.group(1));
            int to = form.group(2) == null ? from : Integer.parseInt(form.group(2));
            if (from < 1 || to > HIGHEST || from > to) {
                throw new ConfigurationError(
                        key, "'" + part.strip() + "' is out of range", "Use rising codes from 1 to " + HIGHEST);
            }
            parsed.codes.set(from, to + 1);
        }
        return parsed;
    }

    boolean contains(int code) {
        return code >= 0 && codes.get(code);
    }
}
