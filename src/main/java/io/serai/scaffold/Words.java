package io.serai.scaffold;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The words that monitoring systems use for status and severity, and what they mean here. */
final class Words {
    private static final Map<String, String> STATUS = new LinkedHashMap<>();
    private static final Map<String, String> SEVERITY = new LinkedHashMap<>();
    private static final Map<String, String> OPPOSITE = Map.of(
            "open", "closed",
            "opened", "closed",
            "down", "up",
            "problem", "recovery",
            "alerting", "ok",
            "trigger", "resolve",
            "create", "close",
            "created", "closed");

    static {
        for (String word : new String[] {
            "firing", "open", "opened", "active", "triggered", "trigger", "alerting", "problem", "down"
        }) {
            STATUS.put(word, "firing");
        }
        STATUS.put("acknowledged", "acknowledged");
        STATUS.put("suppressed", "suppressed");
        for (String word :
                new String[] {"resolved", "resolve", "closed", "close", "recovered", "recovery", "ok", "up"}) {
            STATUS.put(word, "resolved");
        }
        SEVERITY.put("critical", "critical");
        SEVERITY.put("p1", "critical");
        SEVERITY.put("high", "high");
        SEVERITY.put("error", "high");
        SEVERITY.put("major", "high");
        SEVERITY.put("p2", "high");
        SEVERITY.put("medium", "medium");
        SEVERITY.put("warning", "medium");
        SEVERITY.put("p3", "medium");
        SEVERITY.put("low", "low");
        SEVERITY.put("minor", "low");
        SEVERITY.put("p4", "low");
        SEVERITY.put("info", "info");
        SEVERITY.put("p5", "info");
    }

    private Words() {}

    /** The table for a sender that uses this word; without any word all its alerts are firing. */
    static Map<String, String> status(String sent) {
        return table(STATUS, sent, "firing");
    }

    static Map<String, String> severity(String sent) {
        return table(SEVERITY, sent, "medium");
    }

    private static Map<String, String> table(Map<String, String> known, String sent, String fallback) {
        Map<String, String> table = new LinkedHashMap<>();
        if (!sent.isBlank()) {
            table.putAll(known);
            table.putIfAbsent(sent.toLowerCase(Locale.ROOT), fallback);
        }
        table.put("default", fallback);
        return table;
    }

    /** What a sender that says this while an alert is open probably says when it is over, in the same case. */
    static String opposite(String sent) {
        String word = OPPOSITE.getOrDefault(sent.toLowerCase(Locale.ROOT), "resolved");
        if (sent.equals(sent.toUpperCase(Locale.ROOT))) {
            return word.toUpperCase(Locale.ROOT);
        }
        return Character.isUpperCase(sent.charAt(0)) ? Character.toUpperCase(word.charAt(0)) + word.substring(1) : word;
    }
}
