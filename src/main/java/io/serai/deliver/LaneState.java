package io.serai.deliver;

import java.time.Instant;

/**
 * How one destination is doing, for the API and metrics.
 *
 * @param breaker   {@code closed}, {@code open} or {@code half-open}
 * @param heldUntil until when nothing is sent, by the destination's own wish or the breaker; null when nothing holds it
 * @param inFlight  deliveries that are claimed and whose result is not recorded yet
 */
public record LaneState(String destination, String breaker, Instant heldUntil, int inFlight) {}
