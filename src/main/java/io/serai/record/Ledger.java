package io.serai.record;

import io.serai.repeat.Repeating;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * The record stage's way into the store: group commit. Callers queue receipts; a writer takes what is waiting, decides
 * and writes it in one transaction, and only after the commit completes the callers' futures (P1, P2).
 */
public final class Ledger implements AutoCloseable {
    private static final int RETRY_AFTER_SECONDS = 2;
    private static final Duration WATCH = Duration.ofMillis(500);
    private final Backlog backlog;
    private final LedgerCounters counters = new LedgerCounters();
    private final LedgerWriter writer;
    private final Repeating watch = new Repeating("ledger-watch");
    private volatile BooleanSupplier behind = () -> false;
    private volatile boolean closing;

    /** Starts writing. The store stays the caller's to close, after this. */
    public Ledger(Store store, LedgerOptions options) {
        backlog = new Backlog(options.queueCapacity(), Runtime.getRuntime().maxMemory() / 8);
        BatchWriter batches = store.dialect() == Dialect.SQLITE
                ? new SqliteWriter(store, options.node())
                : new PostgresWriter(store, options.node());
        writer = new LedgerWriter(batches, options.batchSize(), backlog, counters);
        watch.every(WATCH, writer::refuseStuck);
    }

    /**
     * Queues one receipt with all its alerts.
     *
     * @return completed after the commit, where {@link #answerOn} says. Completed with {@link LedgerUnavailable} when the store cannot be written; then nothing of the receipt was kept
     * @throws Overloaded when too much is waiting already; nothing was taken
     */
    public CompletableFuture<Recorded> record(Receipt receipt, List<Item> items) {
        return record(receipt, items, null);
    }

    /** As {@link #record(Receipt, List)}; the poll's new cursor is committed together with what it read. */
    public CompletableFuture<Recorded> record(Receipt receipt, List<Item> items, PollCursor cursor) {
        Entry entry = new Entry(receipt, items, cursor);
        if (closing || writer.stuck() || behind.getAsBoolean() || !backlog.enter(entry)) {
            throw new Overloaded(RETRY_AFTER_SECONDS);
        }
        writer.add(entry);
        return entry.future;
    }

    /** While this is true nothing is taken: what was taken before has to reach somebody first. Asked for every receipt. */
    public void refuseWhile(BooleanSupplier routingIsBehind) {
        behind = routingIsBehind;
    }

    /** Where futures are completed; without this on the writer's own thread, which has better things to do. */
    public void answerOn(Executor executor) {
        writer.answerOn(executor);
    }

    /**
     * Who is called after each commit that put something into the inbox: on the writer's thread, so it must be quick.
     */
    public void whenCommitted(Runnable listener) {
        writer.whenCommitted(listener);
    }

    /** True when a write hangs, or the last one failed, not longer ago than this. */
    boolean failing(long nanos) {
        return writer.stuck() || writer.failing(nanos);
    }

    /** How many receipts wait for a writer. */
    public int queued() {
        return backlog.receipts();
    }

    /** How many receipts may wait. */
    public int capacity() {
        return backlog.capacity();
    }

    /** True while many wait for each commit: what else writes had better leave the store to them. */
    public boolean pressed() {
        return writer.pressed();
    }

    public LedgerCounters counters() {
        return counters;
    }

    /** Takes no more, writes what is queued, and returns when that is committed or refused. */
    @Override
    public void close() {
        closing = true;
        writer.finish();
        writer.join();
        watch.close();
    }

    /** Stops as a crash would: what is queued is not written. */
    void abort() {
        writer.abort();
        close();
    }
}
