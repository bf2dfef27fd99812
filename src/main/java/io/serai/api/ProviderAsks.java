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
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the parameters of what is asked of a provider's system, and asks. */
final class ProviderAsks {
    static final Set<String> PARAMETERS = Set.of("start_time", "end_time", "severity");
    static final Set<String> QUERY = Set.of("start_time", "end_time", "query");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");
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

    /** {@code query} is in the system's own language. */
    ObjectNode query(String provider, String instance, String what, Parameters parameters) {
        Instant end = time(parameters, "end_time").orElse(clock.instant());
        Instant start = time(parameters, "start_time").orElse(end.minus(LOOK_BACK));
        if (start.isAfter(end)) {
            throw Parameters.wrong("start_time", "must not be after end_time");
        }
        return asks.query(provider, instance, what, parameters.text("query").orElse(""), start, end);
    }

    ObjectNode topology(String provider, JsonNode body) {
        return asks.topology(provider, body.path("instance").asText(DEFAULT));
    }

    ObjectNode rule(String provider, JsonNode body) {
        if (body.path("name").asText("").isBlank()) {
            throw Parameters.wrong("name", "is required");
        }
        ObjectNode rule = ((ObjectNode) body).deepCopy();
        rule.remove("instance");
        return asks.rule(provider, body.path("instance").asText(DEFAULT), rule);
    }

    /** {@code url} is needed unless {@code remove} is true; {@code name} is serai, with the instance behind it, unless given. */
    ObjectNode setup(String provider, JsonNode body, String who) {
        String instance = body.path("instance").asText(DEFAULT);
        String name = body.path("name").asText(instance.equals(DEFAULT) ? "serai" : "serai-" + instance);
        if (!NAME.matcher(name).matches()) {
            throw Parameters.wrong("name", "must be of letters, digits, _ and -");
        }
        if (body.path("remove").asBoolean(false)) {
            return asks.setup(provider, instance, null, name, who);
        }
        if (!body.path("url").isTextual()) {
            throw Parameters.wrong("url", "must be the address of this Serai as that system can reach it");
        }
        return asks.setup(provider, instance, body.path("url").asText(), name, who);
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
