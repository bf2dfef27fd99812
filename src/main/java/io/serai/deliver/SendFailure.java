package io.serai.deliver;

import java.time.Duration;

/**
 * A send that did not succeed, as a notifier's route says it. The message is one sentence for operators: it is kept with
 * the attempt, so it holds no secret and no part of a body (P10).
 */
public final class SendFailure extends Exception {

    /** What may still help. */
    public enum Kind {
        /** The same request may succeed later. */
        RETRY,
        /** The same request will fail again: the delivery is dead at once. */
        PERMANENT,
        /** Every request will fail, whatever it says: the destination is paused, the delivery waits. */
        REFUSED
    }

    private final Kind kind;
    private final int statusCode;
    private final Duration retryAfter;

    /**
     * @param statusCode of the answer; 0 when there was none
     * @param retryAfter how long the destination asked to be left alone; null when it did not ask
     */
    public SendFailure(Kind kind, int statusCode, String message, Duration retryAfter) {
        super(message, null, false, false);
        this.kind = kind;
        this.statusCode = statusCode;
        this.retryAfter = retryAfter;
    }

    /** A permanent failure; the form that {@code throwException} in a route uses. */
    public SendFailure(String message) {
        this(Kind.PERMANENT, 0, message, null);
    }

    public Kind kind() {
        return kind;
    }

    /** True when the same request will not succeed as long as nothing is changed. */
    public boolean isPermanent() {
        return kind != Kind.RETRY;
    }

    public int statusCode() {
        return statusCode;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
