package io.serai.deliver;

import java.time.Duration;
import java.time.Instant;

/**
 * One claimed delivery: the exchange variable {@code delivery} of every notifier route.
 *
 * @param version        change number of the alert that is told
 * @param opened         the version in which the alert was last opened: one thread or ticket per opening
 * @param attempt        1 for the first try; starts anew after a replay
 * @param replays        how often an operator replayed it
 * @param idempotencyKey the same for every attempt and replay (P4)
 * @param reason         why this destination is told
 * @param since          when its age began: when it was made, or last replayed
 * @param fence          token of the claim; a result under an older token is refused
 * @param transactionId  UUID of this attempt, shared by the three metric families (G4)
 */
public record Delivery(
        long id,
        long change,
        long alert,
        int version,
        int opened,
        String destination,
        String notifier,
        int attempt,
        int replays,
        String idempotencyKey,
        String reason,
        Instant since,
        long fence,
        String transactionId) {

    /** What the metrics of this attempt have in common. */
    OutboundMetric.Common common(String resourcePath, Duration duration) {
        return new OutboundMetric.Common(transactionId, destination, notifier, resourcePath, duration, attempt - 1);
    }
}
