package io.serai.record;

import io.serai.alert.Severity;
import io.serai.alert.Status;

/**
 * What the ledger holds about one fingerprint. All times are milliseconds since 1970.
 *
 * @param digest        of what makes a change
 * @param contentHash   of the content as stored
 * @param count         how often a word about it came in
 * @param version       number of its last change
 * @param openedVersion version in which it was last opened; 0 when nobody here saw it open
 * @param eventTime     when the sender spoke its newest word; null when it never said
 */
record AlertState(
        Status status,
        Severity severity,
        long digest,
        long contentHash,
        long count,
        int version,
        int openedVersion,
        long firstReceived,
        long lastReceived,
        Long eventTime) {

    /**
     * The state after a word with this verdict; {@code known} is null for the first one. Nothing was said later than it came
     * in: a sender whose clock was once far ahead would make all its later words stale.
     */
    static AlertState after(AlertState known, Verdict verdict, Item.Mapped word, long hash, long receivedAt) {
        Long spoken =
                word.eventTime() == null ? null : Math.min(word.eventTime().toEpochMilli(), receivedAt);
        if (known == null) {
            int opened = verdict == Verdict.NEW ? 1 : 0;
            return new AlertState(
                    word.status(), word.severity(), word.digest(), hash, 1, 1, opened, receivedAt, receivedAt, spoken);
        }
        if (verdict == Verdict.STALE) {
            return known.counted();
        }
        int version = verdict == Verdict.DUPLICATE ? known.version : known.version + 1;
        return new AlertState(
                word.status(),
                word.severity(),
                word.digest(),
                hash,
                known.count + 1,
                version,
                verdict == Verdict.REOPENED ? version : known.openedVersion,
                known.firstReceived,
                Math.max(known.lastReceived, receivedAt),
                later(known.eventTime, spoken));
    }

    private AlertState counted() {
        return new AlertState(
                status,
                severity,
                digest,
                contentHash,
                count + 1,
                version,
                openedVersion,
                firstReceived,
                lastReceived,
                eventTime);
    }

    private static Long later(Long known, Long spoken) {
        if (known == null || spoken == null) {
            return known == null ? spoken : known;
        }
        return Math.max(known, spoken);
    }
}
