package io.serai.parse;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.alert.Severity;
import io.serai.alert.Status;
import io.serai.provider.Detection;
import io.serai.provider.Provider;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Whether a body came to another provider's door than its own (fault 51). The detectors are asked only when the mapping
 * found no alert, or had to assume something in each: what a door understands in its own terms is its own.
 */
public final class WrongDoor {
    private final Detection detection;

    public WrongDoor(Detection detection) {
        this.detection = detection;
    }

    /**
     * @param provider whose door it came to
     * @param body     as it came
     * @param mapped   what that provider's mapping made of it
     * @return the provider that it is for; empty when it stays here
     */
    public Optional<String> owner(Provider provider, JsonNode body, JsonNode mapped, UnaryOperator<String> header) {
        if (provider.foreign().equals("take") || understood(provider, mapped)) {
            return Optional.empty();
        }
        return detection.foreign(provider, body, header);
    }

    private static boolean understood(Provider provider, JsonNode mapped) {
        if (mapped == null || mapped.isObject()) {
            return mapped != null && alert(provider, mapped);
        }
        for (JsonNode each : mapped) {
            if (alert(provider, each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean alert(Provider provider, JsonNode member) {
        return !member.hasNonNull("error")
                // A test says nothing of a state, and a note says that the mapping assumed something.
                && !member.path("test").asBoolean()
                && member.path("notes").isEmpty()
                && known(provider.status(), member.get("status"), Status::of)
                && known(provider.severity(), member.get("severity"), Severity::of);
    }

    private static boolean known(Map<String, String> table, JsonNode word, Function<String, Optional<?>> ours) {
        if (word == null || !word.isValueNode() || word.isNull()) {
            return false;
        }
        String sent = word.asText().trim().toLowerCase(Locale.ROOT);
        return table.containsKey(sent)
                || !table.containsKey("default") && ours.apply(word.asText()).isPresent();
    }

    /** A body that another provider alone knows; its message is for the sender and the quarantine. */
    static final class Foreign extends RuntimeException {
        Foreign(String owner) {
            super("this is a body of " + owner + ": send it to /api/alerts/event/" + owner, null, false, false);
        }
    }
}
