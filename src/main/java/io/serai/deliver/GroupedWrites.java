package io.serai.deliver;

import io.serai.record.LedgerUnavailable;
import io.serai.record.Store;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One transaction for all results that are to be written at this moment. A commit for each would let a burst of quick
 * sends wait for the disk one by one, and keep the ledger's own writer waiting too. There is no thread for it: whoever
 * finds nobody writing writes for all who came meanwhile.
 */
final class GroupedWrites {
    private static final int BATCH = 128;
    private static final String UNAVAILABLE = "The deliveries cannot be written: the ledger does not answer.";

    private final Store store;
    private final ReentrantLock writing = new ReentrantLock();
    private final List<Entry<?>> waiting = new ArrayList<>();

    /** What is done inside the transaction; may be done again when a neighbour's fails. */
    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    private static final class Entry<T> {
        private final Work<T> work;
        private final CompletableFuture<T> future = new CompletableFuture<>();
        private T result;

        private Entry(Work<T> work) {
            this.work = work;
        }

        private void run(Connection connection) throws SQLException {
            result = work.in(connection);
        }

        private void committed() {
            future.complete(result);
        }
    }

    GroupedWrites(Store store) {
        this.store = store;
    }

    /**
     * Returns once the work is committed.
     *
     * @throws LedgerUnavailable when it is not
     */
    <T> T write(Work<T> work) {
        Entry<T> entry = new Entry<>(work);
        synchronized (waiting) {
            waiting.add(entry);
        }
        writing.lock();
        try {
            while (!entry.future.isDone()) {
                commit(take());
            }
        } finally {
            writing.unlock();
        }
        try {
            return entry.future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private List<Entry<?>> take() {
        synchronized (waiting) {
            List<Entry<?>> some = waiting.subList(0, Math.min(BATCH, waiting.size()));
            List<Entry<?>> batch = new ArrayList<>(some);
            some.clear();
            return batch;
        }
    }

    private void commit(List<Entry<?>> batch) {
        try {
            store.transaction(connection -> {
                for (Entry<?> each : batch) {
                    each.run(connection);
                }
                return null;
            });
            batch.forEach(Entry::committed);
        } catch (SQLException | RuntimeException e) {
            if (batch.size() > 1) {
                // One of them is at fault; the others must not suffer for it (P7).
                batch.forEach(each -> commit(List.of(each)));
            } else {
                batch.get(0)
                        .future
                        .completeExceptionally(
                                e instanceof RuntimeException failure
                                        ? failure
                                        : new LedgerUnavailable(UNAVAILABLE, e));
            }
        }
    }
}
