package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How many alerts of a receipt got which verdict: {@code 3 new, 1 duplicate}. */
final class Verdicts {
    private Verdicts() {}

    static String of(JsonNode alerts) {
        Map<String, Integer> counts = new TreeMap<>();
        alerts.forEach(alert -> counts.merge(alert.path("verdict").asText(), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(each -> each.getValue() + " " + each.getKey())
                .collect(Collectors.joining(", "));
    }
}
