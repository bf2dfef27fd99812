package io.serai.notify;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.deliver.Delivery;
import io.serai.deliver.HttpSink;
import io.serai.deliver.SendFailure;
import java.time.Duration;

/**
 * How a notifier's jq says that a delivery failed: {@code {"step", "reason", "status", "wait"}}, where the step is
 * {@code retry}, {@code dead} or {@code pause}, or {@code refused} for whatever the status means in HTTP.
 */
final class Ending {
    private Ending() {}

    /**
     * @param step what the mapping said; null or another step is no failure
     * @param wish the answer's {@code Retry-After}, which counts for {@code refused}; null without one
     * @throws SendFailure when it is one
     */
    static void check(HttpSink sink, Delivery delivery, JsonNode step, String wish) throws SendFailure {
        if (step == null) {
            return;
        }
        int status = step.path("status").asInt();
        Duration wait =
                step.hasNonNull("wait") ? Duration.ofSeconds(step.get("wait").asLong()) : null;
        switch (step.path("step").asText()) {
            case "retry" -> throw said(sink, delivery, step, SendFailure.Kind.RETRY, wait);
            case "dead" -> throw said(sink, delivery, step, SendFailure.Kind.PERMANENT, null);
            case "pause" -> throw said(sink, delivery, step, SendFailure.Kind.REFUSED, null);
            case "refused" -> {
                SendFailure meant = sink.refusal(delivery, status, wish);
                throw said(sink, delivery, step, meant.kind(), meant.retryAfter());
            }
            default -> {}
        }
    }

    private static SendFailure said(
            HttpSink sink, Delivery delivery, JsonNode step, SendFailure.Kind kind, Duration wait) {
        return sink.said(
                delivery, kind, step.path("status").asInt(), step.path("reason").asText("no reason"), wait);
    }
}
