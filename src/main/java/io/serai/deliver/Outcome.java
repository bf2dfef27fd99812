package io.serai.deliver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Set;

/**
 * How one attempt ended.
 *
 * @param statusCode of the answer; 0 when there was none
 * @param message    one sentence for operators, without secrets or bodies (P10)
 * @param retryAfter what the destination asked for; null when it did not ask
 * @param reference  what the destination calls the thing that was made there; null for nothing to remember
 * @param result     shown by explain and handed to a report-to destination; null for none
 */
public record Outcome(
        Kind kind, int statusCode, String message, Duration retryAfter, String reference, ObjectNode result) {

    /** Unauthorized, Forbidden, Gone (RFC 9110, 15.5.2, 15.5.4, 15.5.11): what every request of ours would meet. */
    private static final Set<Integer> REFUSALS = Set.of(401, 403, 410);

    /** What follows from it. */
    public enum Kind {
        DELIVERED,
        /** Failed, and worth another try. */
        RETRY,
        /** Failed for good. */
        PERMANENT,
        /** The destination takes nothing from us: wrong credentials, or it is gone. Not this delivery's fault. */
        REFUSED,
        /** Never sent, because the breaker is open or all slots are taken: no attempt is counted. */
        NOT_SENT
    }

    public static Outcome delivered(String reference, ObjectNode result) {
        return new Outcome(Kind.DELIVERED, 0, "delivered", null, reference, result);
    }

    public static Outcome failed(SendFailure failure, ObjectNode result) {
        return new Outcome(
                kind(failure), failure.statusCode(), failure.getMessage(), failure.retryAfter(), null, result);
    }

    private static Kind kind(SendFailure failure) {
        if (!failure.isPermanent()) {
            return Kind.RETRY;
        }
        return failure.kind() == SendFailure.Kind.REFUSED || REFUSALS.contains(failure.statusCode())
                ? Kind.REFUSED
                : Kind.PERMANENT;
    }

    public static Outcome notSent(String message) {
        return new Outcome(Kind.NOT_SENT, 0, message, null, null, null);
    }
}
