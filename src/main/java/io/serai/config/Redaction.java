package io.serai.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes secrets out of texts by their value (P10, K17). One set for the process, because log lines are written by a class
 * that the logging library makes.
 */
public final class Redaction {
    private static final int SHORTEST = 4;
    private static final int BASE64_GROUP = 3;
    /** A shorter piece of Base64 may be an ordinary word. */
    private static final int SHORTEST_BASE64 = 8;

    private static final String MARK = "***";
    private static final Set<String> HIDDEN = ConcurrentHashMap.newKeySet();
    private static volatile List<String> longestFirst = List.of();

    private Redaction() {}

    /** From now on these values are replaced. Shorter ones than four characters are not: they would hide ordinary words. */
    public static void hide(Collection<String> secrets) {
        secrets.stream().filter(each -> each.length() >= SHORTEST).forEach(each -> HIDDEN.addAll(forms(each)));
        longestFirst = HIDDEN.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** How the secret may stand in a text: as it is, in an address or a form, in JSON, within Base64. */
    public static Set<String> forms(String secret) {
        Set<String> forms = new HashSet<>();
        forms.add(secret);
        String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        forms.add(encoded);
        forms.add(encoded.replace("+", "%20"));
        forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
        // A login is sent as Base64 of user:password. What stands before decides where the groups of three bytes begin.
        for (int before = 0; before < BASE64_GROUP; before++) {
            String inner = within(secret, before);
            if (inner.length() >= SHORTEST_BASE64) {
                forms.add(inner);
            }
        }
        return forms;
    }

    /** The part of the Base64 text that the secret alone decides, with so many bytes before it in its first group. */
    private static String within(String secret, int before) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        byte[] shifted = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, shifted, before, bytes.length);
        String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        int whole = shifted.length * 8 / 6;
        return text.substring(Math.min(before == 0 ? 0 : before + 1, whole), whole);
    }

    public static String redact(String text) {
        String redacted = text;
        for (String secret : longestFirst) {
            redacted = redacted.replace(secret, MARK);
        }
        return redacted;
    }
}
