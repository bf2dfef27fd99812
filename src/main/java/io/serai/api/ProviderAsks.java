package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.alert.Severity;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads the parameters of what is asked of a provider's system, and asks. */
final class ProviderAsks {
    static final Set<String> PARAMETERS = Set.of("start_time", "end_time", "severity");
    private static final Duration LOOK_BACK = Duration.ofHours(24);
    private static final String DEFAULT = "default";

    private final Asks asks;
    private final Clock clock;

    ProviderAsks(Asks asks, Clock clock) {
        this.asks = asks;
        this.clock = clock;
    }

    ObjectNode check(String provider, JsonNode body) {
        return asks.check(provider, body.path("instance").asText(DEFAULT));
    }

    ObjectNode test(String provider, JsonNode body) {
        if (!body.isObject()) {
            throw new Refusal(ErrorCode.VALIDATION_ERROR, "The body must be a JSON object.");
        }
        return asks.test(provider, body);
    }

    /** {@code start_time} is a day ago unless given, {@code end_time} now; {@code severity} has our words, by commas (O8). */
    ObjectNode alerts(String provider, String instance, Parameters parameters) {
        Instant end = time(parameters, "end_time").orElse(clock.instant());
        Instant start = time(parameters, "start_time").orElse(end.minus(LOOK_BACK));
        if (start.isAfter(end)) {
            throw Parameters.wrong("start_time", "must not be after end_time");
        }
        return asks.alerts(provider, instance, start, end, severities(parameters));
    }

    private Optional<Instant> time(Parameters parameters, String name) {
        return parameters.text(name).map(value -> Parameters.time(name, TextNode.valueOf(value), clock));
    }

    private static Set<String> severities(Parameters parameters) {
        Set<String> words = new TreeSet<>();
        parameters.text("severity").ifPresent(text -> {
            for (String word : text.split(",")) {
                words.add(Severity.of(word.strip())
                        .orElseThrow(() -> Parameters.wrong(
                                "severity",
                                "must be of "
                                        + Arrays.stream(Severity.values())
                                                .map(Severity::word)
                                                .collect(Collectors.joining(", "))))
                        .word());
            }
        });
        return words;
    }
}
