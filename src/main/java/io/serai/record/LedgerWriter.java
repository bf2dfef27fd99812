package io.serai.record;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that writes what is queued for it, batch by batch. It waits for a batch to fill only in a burst, and only
 * while more is coming in.
 */
final class LedgerWriter {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final int TRIES = 8;
    private static final long BATCH_BYTES = 8L << 20;
    private static final long POLL_MILLIS = 100;
    private static final int PRESSED_RECEIPTS = 16;
    /** Vendors wait ten seconds for an answer, some less. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(8);

    private static final long PRESSED_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int GATHERING_STEPS = 10;
    private static final long GATHERING_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
    private final Backlog backlog;
    private final int batchSize;
    private final BatchWriter writer;
    private final LedgerCounters counters;
    private final Thread thread;
    private volatile Runnable committed = () -> {};
    private final Answering answering = new Answering();
    private volatile long pressedAt = System.nanoTime() - PRESSED_NANOS;
    private volatile boolean closing;
    private volatile boolean aborting;
    private volatile boolean ended;
    private volatile boolean failing;
    private volatile long failedAt;
    private volatile long writingSince;
    private volatile Entry[] writing;

    /**
     * Starts the thread.
     *
     * @param backlog of all writers; what this one takes out of its queue leaves it
     */
    LedgerWriter(BatchWriter writer, int batchSize, Backlog backlog, LedgerCounters counters) {
        this.writer = writer;
        this.batchSize = batchSize;
        this.backlog = backlog;
        this.counters = counters;
        thread = new Thread(this::run, "ledger-writer");
        thread.start();
    }

    void add(Entry entry) {
        queue.add(entry);
        if (ended) {
            failQueued();
        }
    }

    void answerOn(Executor executor) {
        answering.on(executor);
    }

    void whenCommitted(Runnable listener) {
        committed = listener;
    }

    /** True when just now many waited for one commit. */
    boolean pressed() {
        return System.nanoTime() - pressedAt < PRESSED_NANOS;
    }

    /** True when the last write failed, not longer ago than this. */
    boolean failing(long nanos) {
        return failing && System.nanoTime() - failedAt < nanos;
    }

    /** True when the store has not answered for so long that whoever waits for it had better be told. */
    boolean stuck() {
        return writing != null && System.nanoTime() - writingSince > PATIENCE_NANOS || writer.stuck(PATIENCE_NANOS);
    }

    /**
     * Refuses what waits for a store that hangs: a sender would give up before the store does. What the store takes in the
     * end after all is there twice when its sender repeats it, as a duplicate.
     */
    void refuseStuck() {
        if (!stuck()) {
            return;
        }
        if (writer.stuck(PATIENCE_NANOS)) {
            writer.abandon();
        }
        Entry[] hanging = writing;
        if (hanging != null) {
            LedgerUnavailable late = new LedgerUnavailable("The ledger does not answer.");
            for (Entry entry : hanging) {
                entry.future.completeExceptionally(late);
            }
        }
        failQueued();
    }

    /** Lets the thread end when the queue is empty. */
    void finish() {
        closing = true;
    }

    /** Lets the thread end at once. */
    void abort() {
        aborting = true;
        closing = true;
    }

    void join() {
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
        writer.drain();
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
        gather();
        long bytes = 0;
        while (entry != null) {
            batch.add(entry);
            bytes += entry.size;
            entry = batch.size() < batchSize && bytes < BATCH_BYTES ? queue.poll() : null;
        }
        backlog.leave(batch.size(), bytes);
        if (batch.size() + queue.size() >= PRESSED_RECEIPTS) {
            pressedAt = System.nanoTime();
        }
        return true;
    }

    private void gather() {
        int waiting = queue.size() + 1;
        for (int i = 0; i < GATHERING_STEPS && waiting < writer.worthGathering() && pressed(); i++) {
            LockSupport.parkNanos(GATHERING_NANOS);
            int now = queue.size() + 1;
            if (now == waiting) {
                return;
            }
            waiting = now;
        }
    }

    private void commit(List<Entry> entries) {
        try {
            writingSince = System.nanoTime();
            writing = entries.toArray(Entry[]::new);
            List<Entry> written = List.copyOf(write(entries).entries);
            writing = null;
            writer.whenDurable(() -> accept(written), failure -> fail(written, failure));
        } catch (SQLException failure) {
            writing = null;
            if (StoreFailure.ofData(failure) && entries.size() > 1) {
                // One of them cannot be stored as it is; the others must not suffer for it (P7).
                entries.forEach(entry -> commit(List.of(entry)));
            } else {
                fail(entries, failure);
            }
        } catch (RuntimeException | Error failure) {
            writing = null;
            fail(entries, failure);
        }
    }

    private void accept(List<Entry> entries) {
        recovered();
        answering.all(entries, entry -> entry.future.complete(entry.recorded()));
        committed.run();
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
            LOG.error("The ledger cannot be written; receipts are refused until it can: {}", reason(failure));
        }
        failing = true;
        failedAt = System.nanoTime();
        LedgerUnavailable unavailable = new LedgerUnavailable("The ledger cannot be written now.", failure);
        answering.all(entries, entry -> entry.future.completeExceptionally(unavailable));
    }

    /** The first line only: in the next ones PostgreSQL quotes the row. */
    private static String reason(Throwable failure) {
        return failure.toString().lines().findFirst().orElse("");
    }

    private void recovered() {
        if (failing) {
            LOG.info("The ledger can be written again.");
        }
        failing = false;
    }

    private void failQueued() {
        LedgerUnavailable stopped =
                new LedgerUnavailable(ended ? "The ledger has stopped." : "The ledger does not answer.");
        for (Entry entry = queue.poll(); entry != null; entry = queue.poll()) {
            backlog.leave(1, entry.size);
            entry.future.completeExceptionally(stopped);
        }
    }
}
