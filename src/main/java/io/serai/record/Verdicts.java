package io.serai.record;

import java.time.Instant;

/** The rule by which the ledger decides about one alert of a receipt: a pure function of what is known and what is said. */
final class Verdicts {
    private Verdicts() {}

    /**
     * @param known what the ledger holds under the word's fingerprint; null when it holds nothing
     * @param asOf  when the poll that brought the word began to read; null for a push
     */
    static Verdict of(AlertState known, Item.Mapped word, Instant asOf) {
        boolean open = word.status().open();
        if (known == null) {
            return open ? Verdict.NEW : Verdict.LATE_RESOLVE;
        }
        boolean same = known.status() == word.status() && known.digest() == word.digest();
        if (!same && (readBeforeNewerWord(known, asOf) || spokenBefore(known, word.eventTime()))) {
            return Verdict.STALE;
        }
        if (known.status().open()) {
            if (!open) {
                return Verdict.RESOLVED;
            }
            return known.digest() == word.digest() ? Verdict.DUPLICATE : Verdict.CHANGED;
        }
        // A start time older than the resolve proves nothing: Alertmanager keeps it when it fires again after a
        // timeout.
        return open ? Verdict.REOPENED : Verdict.DUPLICATE;
    }

    /** A poll that began before a newer push came in may have read the state before it. */
    private static boolean readBeforeNewerWord(AlertState known, Instant asOf) {
        return asOf != null && asOf.toEpochMilli() < known.lastReceived();
    }

    private static boolean spokenBefore(AlertState known, Instant eventTime) {
        return eventTime != null && known.eventTime() != null && eventTime.toEpochMilli() < known.eventTime();
    }
}
