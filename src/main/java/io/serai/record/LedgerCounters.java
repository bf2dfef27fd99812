package io.serai.record;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the ledger's writer has done since it started. */
public final class LedgerCounters {
    private final LongAdder batches = new LongAdder();
    private final LongAdder receipts = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final Map<Verdict, LongAdder> verdicts = new EnumMap<>(Verdict.class);

    LedgerCounters() {
        for (Verdict verdict : Verdict.values()) {
            verdicts.put(verdict, new LongAdder());
        }
    }

    void committed(Batch batch, long took) {
        batches.increment();
        receipts.add(batch.entries.size());
        nanos.add(took);
        for (Entry entry : batch.entries) {
            for (Entry.Outcome outcome : entry.outcomes) {
                verdicts.get(outcome.verdict()).increment();
            }
        }
    }

    void failed(int count) {
        refused.add(count);
    }

    /** Committed transactions. */
    public long batches() {
        return batches.sum();
    }

    /** Committed receipts. */
    public long receipts() {
        return receipts.sum();
    }

    /** Receipts that were refused because the store could not be written. */
    public long refused() {
        return refused.sum();
    }

    /** Time spent in transactions that were committed, in nanoseconds. */
    public long nanos() {
        return nanos.sum();
    }

    /** How many alerts got this verdict. */
    public long verdicts(Verdict verdict) {
        return verdicts.get(verdict).sum();
    }
}
