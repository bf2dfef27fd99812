package io.serai.record;

/** The store cannot be opened, read or written now. The message is one line with the remedy and never holds a secret. */
public final class LedgerUnavailable extends RuntimeException {
    public LedgerUnavailable(String message) {
        super(message);
    }

    public LedgerUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
