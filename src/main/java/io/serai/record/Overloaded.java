package io.serai.record;

/** Too much waits for the writer already: nothing of this receipt was taken (P6). */
public final class Overloaded extends RuntimeException {
    private final int retryAfterSeconds;

    Overloaded(int retryAfterSeconds) {
        super("the ledger's queue is full", null, false, false);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** When to try again, in seconds. */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
