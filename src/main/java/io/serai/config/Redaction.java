package io.serai.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes secrets out of texts by their value (P10, K17). One set for the process, because log lines are written by a class
 * that the logging library makes.
 */
public final class Redaction {
    private static final int SHORTEST = 4;
    private static final String MARK = "***";
    private static final Set<String> HIDDEN = ConcurrentHashMap.newKeySet();
    private static volatile List<String> longestFirst = List.of();

    private Redaction() {}

    /** From now on these values are replaced. Shorter ones than four characters are not: they would hide ordinary words. */
    public static void hide(Collection<String> secrets) {
        secrets.stream().filter(each -> each.length() >= SHORTEST).forEach(each -> {
            HIDDEN.add(each);
            // As it stands in an address and in a form, and as JSON has it.
            String encoded = URLEncoder.encode(each, StandardCharsets.UTF_8);
            HIDDEN.add(encoded);
            HIDDEN.add(encoded.replace("+", "%20"));
            HIDDEN.add(each.replace("\\", "\\\\").replace("\"", "\\\""));
        });
        longestFirst = HIDDEN.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    public static String redact(String text) {
        String redacted = text;
        for (String secret : longestFirst) {
            redacted = redacted.replace(secret, MARK);
        }
        return redacted;
    }
}
