package io.serai.record;

/** The store cannot be opened, read or written now. The message is one line with the remedy and never holds a secret. */
public final class LedgerUnavailable extends RuntimeException {
    private final boolean passing;

    public LedgerUnavailable(String message) {
        this(message, null);
    }

    public LedgerUnavailable(String message, Throwable cause) {
        this(message, cause, false);
    }

    private LedgerUnavailable(String message, Throwable cause, boolean passing) {
        super(message, cause);
        this.passing = passing;
    }

    /** The server is away, or not the one that takes writes: it may be there the next moment, with nothing changed here. */
    static LedgerUnavailable passing(String message, Throwable cause) {
        return new LedgerUnavailable(message, cause, true);
    }

    /** True when waiting may help, false when somebody must change something first. */
    public boolean passing() {
        return passing;
    }
}
