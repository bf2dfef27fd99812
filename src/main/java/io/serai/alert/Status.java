package io.serai.alert;

import java.util.Locale;
import java.util.Optional;

/** What state an alert is in. The code is what the ledger stores and never changes. */
public enum Status {
    FIRING(1),
    ACKNOWLEDGED(2),
    SUPPRESSED(3),
    PENDING(4),
    RESOLVED(5);

    private final int code;

    Status(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The word used in JSON, in mappings and on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** True while somebody may still have to act. */
    public boolean open() {
        return this != RESOLVED;
    }

    /** The status for one of our words in any case; empty for a word that is not ours. */
    public static Optional<Status> of(String word) {
        for (Status status : values()) {
            if (status.name().equalsIgnoreCase(word)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    /** @throws IllegalArgumentException for a code that no release has written */
    public static Status ofCode(int code) {
        for (Status status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        throw new IllegalArgumentException("status code " + code);
    }
}
