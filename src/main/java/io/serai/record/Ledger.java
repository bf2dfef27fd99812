package io.serai.record;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record stage's way into the store: group commit. Callers queue receipts; one thread takes what is waiting, decides
 * and writes it in one transaction, and only after the commit completes the callers' futures (P1, P2). It never waits
 * for a batch to fill.
 */
public final class Ledger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final int TRIES = 8;
    private static final int RETRY_AFTER_SECONDS = 2;
    private static final long BATCH_BYTES = 8L << 20;
    private static final long POLL_MILLIS = 100;
    private static final int PRESSED_RECEIPTS = 16;
    private static final long PRESSED_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final BlockingQueue<Entry> queue;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final long bytesCapacity = Runtime.getRuntime().maxMemory() / 8;
    private final int batchSize;
    private final BatchWriter writer;
    private final LedgerCounters counters = new LedgerCounters();
    private final Thread thread;
    private volatile Runnable toRoute = () -> {};
    private volatile long pressedAt = System.nanoTime() - PRESSED_NANOS;
    private volatile boolean closing;
    private volatile boolean aborting;
    private volatile boolean ended;
    private boolean failing;

    /** Starts the writer. The store stays the caller's to close, after this. */
    public Ledger(Store store, LedgerOptions options) {
        queue = new ArrayBlockingQueue<>(options.queueCapacity());
        batchSize = options.batchSize();
        writer = store.dialect() == Dialect.SQLITE
                ? new SqliteWriter(store, options.node())
                : new PostgresWriter(store, options.node());
        thread = new Thread(this::run, "ledger-writer");
        thread.start();
    }

    /**
     * Queues one receipt with all its alerts.
     *
     * @return completed after the commit, on the writer's thread: go on asynchronously. Completed with
     *     {@link LedgerUnavailable} when the store cannot be written; then nothing of the receipt was kept
     * @throws Overloaded when too much is waiting already; nothing was taken
     */
    public CompletableFuture<Recorded> record(Receipt receipt, List<Item> items) {
        return record(receipt, items, null);
    }

    /** As {@link #record(Receipt, List)}; the poll's new cursor is committed together with what it read. */
    public CompletableFuture<Recorded> record(Receipt receipt, List<Item> items, PollCursor cursor) {
        Entry entry = new Entry(receipt, items, cursor);
        if (closing) {
            throw new Overloaded(RETRY_AFTER_SECONDS);
        }
        long bytes = queuedBytes.addAndGet(entry.size);
        // One that is larger than everything allowed still goes in when it is alone.
        if (bytes > bytesCapacity && bytes != entry.size || !queue.offer(entry)) {
            queuedBytes.addAndGet(-entry.size);
            throw new Overloaded(RETRY_AFTER_SECONDS);
        }
        if (ended) {
            failQueued();
        }
        return entry.future;
    }

    /**
     * Who is called after each commit that put something into the inbox: on the writer's thread, so it must be quick.
     */
    public void whenCommitted(Runnable listener) {
        toRoute = listener;
    }

    /** How many receipts wait for the writer. */
    public int queued() {
        return queue.size();
    }

    /** True while many wait for each commit: what else writes had better leave the store to them. */
    public boolean pressed() {
        return System.nanoTime() - pressedAt < PRESSED_NANOS;
    }

    /** How many receipts may wait. */
    public int capacity() {
        return queue.size() + queue.remainingCapacity();
    }

    public LedgerCounters counters() {
        return counters;
    }

    /** Takes no more, writes what is queued, and returns when that is committed or refused. */
    @Override
    public void close() {
        closing = true;
        join();
    }

    /** Stops as a crash would: what is queued is not written. */
    void abort() {
        aborting = true;
        close();
    }

    private void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Entry> batch = new ArrayList<>(batchSize);
        while (!aborting && take(batch)) {
            commit(batch);
            batch.clear();
        }
        ended = true;
        failQueued();
    }

    /** Waits for a first receipt and takes what else is there; false when there is none and there will be none. */
    private boolean take(List<Entry> batch) {
        Entry entry = null;
        while (entry == null) {
            boolean last = closing;
            try {
                entry = queue.poll(last ? 0 : POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                // Nobody interrupts this thread to stop it; whoever did must not lose what is queued.
                continue;
            }
            if (entry == null && last) {
                return false;
            }
        }
        long bytes = 0;
        while (entry != null) {
            batch.add(entry);
            bytes += entry.size;
            entry = batch.size() < batchSize && bytes < BATCH_BYTES ? queue.poll() : null;
        }
        queuedBytes.addAndGet(-bytes);
        if (batch.size() + queue.size() >= PRESSED_RECEIPTS) {
            pressedAt = System.nanoTime();
        }
        return true;
    }

    private void commit(List<Entry> entries) {
        try {
            Batch batch = write(entries);
            recovered();
            for (Entry entry : batch.entries) {
                entry.future.complete(entry.recorded());
            }
            toRoute.run();
        } catch (SQLException failure) {
            if (StoreFailure.ofData(failure) && entries.size() > 1) {
                // One of them cannot be stored as it is; the others must not suffer for it (P7).
                entries.forEach(entry -> commit(List.of(entry)));
            } else {
                fail(entries, failure);
            }
        } catch (RuntimeException | Error failure) {
            fail(entries, failure);
        }
    }

    private Batch write(List<Entry> entries) throws SQLException {
        for (int tries = 1; ; tries++) {
            Batch batch = new Batch(entries);
            long start = System.nanoTime();
            try {
                writer.write(batch);
                counters.committed(batch, System.nanoTime() - start);
                return batch;
            } catch (SQLException failure) {
                if (!StoreFailure.retryable(failure) || tries == TRIES) {
                    throw failure;
                }
            }
        }
    }

    private void fail(List<Entry> entries, Throwable failure) {
        counters.failed(entries.size());
        if (!failing) {
            LOG.error("The ledger cannot be written; receipts are refused until it can: {}", failure.toString());
        }
        failing = true;
        LedgerUnavailable unavailable = new LedgerUnavailable("The ledger cannot be written now.", failure);
        entries.forEach(entry -> entry.future.completeExceptionally(unavailable));
    }

    private void recovered() {
        if (failing) {
            LOG.info("The ledger can be written again.");
        }
        failing = false;
    }

    private void failQueued() {
        LedgerUnavailable stopped = new LedgerUnavailable("The ledger has stopped.");
        for (Entry entry = queue.poll(); entry != null; entry = queue.poll()) {
            entry.future.completeExceptionally(stopped);
        }
    }
}
