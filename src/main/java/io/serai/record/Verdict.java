package io.serai.record;

import java.util.Locale;

/** What the ledger decided about one alert of a receipt (DESIGN 1). The code is what the ledger stores. */
public enum Verdict {
    /** First word of this fingerprint, and it is open. */
    NEW(1, true),
    /** Open before and open now, with another status, severity or title. */
    CHANGED(2, true),
    /** Nothing that anybody must be told: counted, details refreshed. */
    DUPLICATE(3, false),
    /** Was open, is resolved now. */
    RESOLVED(4, true),
    /** Was resolved, is open again. */
    REOPENED(5, true),
    /** Older than what the ledger already knows: kept in the receipt, changes nothing. */
    STALE(6, false),
    /** A resolve for an alert that nobody here saw open: recorded as resolved, told to nobody (O17). */
    LATE_RESOLVE(7, false),
    /** The vendor sent the very same delivery again, by its own delivery id. */
    REDELIVERED(8, false),
    /** Could not be mapped: raw, with the reason, replayable. */
    QUARANTINED(9, false);

    private final int code;
    private final boolean routed;

    Verdict(int code, boolean routed) {
        this.code = code;
        this.routed = routed;
    }

    public int code() {
        return code;
    }

    /** True when the change goes on to enrich, correlate and route. */
    public boolean routed() {
        return routed;
    }

    /** The reason code in JSON: {@code late-resolve}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException for a code that no release has written */
    public static Verdict ofCode(int code) {
        for (Verdict verdict : values()) {
            if (verdict.code == code) {
                return verdict;
            }
        }
        throw new IllegalArgumentException("verdict code " + code);
    }
}
