package io.serai.alert;

import java.util.Locale;
import java.util.Optional;

/** How bad an alert is, from 5 (critical) to 1 (info). The rank is what the ledger stores and never changes. */
public enum Severity {
    CRITICAL(5),
    HIGH(4),
    MEDIUM(3),
    LOW(2),
    INFO(1);

    private final int rank;

    Severity(int rank) {
        this.rank = rank;
    }

    public int rank() {
        return rank;
    }

    /** The word used in JSON, in mappings and on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The severity for one of our words in any case; empty for a word that is not ours. */
    public static Optional<Severity> of(String word) {
        for (Severity severity : values()) {
            if (severity.name().equalsIgnoreCase(word)) {
                return Optional.of(severity);
            }
        }
        return Optional.empty();
    }

    /** @throws IllegalArgumentException for a rank that no release has written */
    public static Severity ofRank(int rank) {
        for (Severity severity : values()) {
            if (severity.rank == rank) {
                return severity;
            }
        }
        throw new IllegalArgumentException("severity rank " + rank);
    }
}
