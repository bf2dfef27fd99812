package io.serai.deliver;

import java.time.Instant;

/**
 * How one destination is doing, for the API and metrics.
 *
 * @param breaker   {@code closed}, {@code open} or {@code half-open}
 * @param heldUntil until when nothing is sent, by the destination's own wish or the breaker; null when nothing holds it
 * @param inFlight  deliveries that are claimed and whose result is not recorded yet
 * @param pause     while the destination refuses us; null when it does not
 */
public record LaneState(String destination, String breaker, Instant heldUntil, int inFlight, Pause pause) {

    /**
     * A destination answered 401, 403 or 410: its deliveries wait, and none of them is lost.
     *
     * @param since  the first refusal
     * @param until  when one delivery is tried again
     * @param reason what it answered last
     */
    public record Pause(Instant since, Instant until, String reason) {}
}
