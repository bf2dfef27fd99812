package io.serai.record;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what SQLite has committed to the disk beside the next transaction, not inside it: one sync serves everything that
 * was committed before it began, and the writer need not wait for it. Only senders do, who are answered afterwards.
 *
 * <p>SQLite's frames in the log carry a running checksum, so what is on the disk is always everything up to some commit.
 */
final class LogSync implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogSync.class);
    private static final long GLANCE_MILLIS = 100;

    /** The log is deleted with the last connection to the database: as long as this one lives it is the same file. */
    private final Connection anchor;

    private final FileChannel log;
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "ledger-sync");
    private volatile List<Waiting> syncing = List.of();
    private volatile SQLException broken;
    private volatile boolean closing;

    /**
     * @param since  when the commit was made, as {@link System#nanoTime()}
     * @param synced called when it is on the disk
     * @param lost   called when that is not known
     */
    private record Waiting(long since, Runnable synced, Consumer<SQLException> lost) {}

    /** @param database the file beside which the log is; migrated, so that there is one */
    LogSync(Path database) throws SQLException, IOException {
        anchor = DriverManager.getConnection("jdbc:sqlite:" + database);
        try (Statement statement = anchor.createStatement()) {
            statement.executeQuery("select 1 from lease").close();
        }
        log = FileChannel.open(database.resolveSibling(database.getFileName() + "-wal"), StandardOpenOption.WRITE);
        thread.start();
    }

    /** Calls one of both, on a thread of its own, for what this thread has just committed. */
    void then(Runnable synced, Consumer<SQLException> lost) {
        queue.add(new Waiting(System.nanoTime(), synced, lost));
    }

    /**
     * To be called before a transaction.
     *
     * @throws SQLException after a sync that failed: the system may have thrown away what it could not write, so nothing
     *     that was committed since can be vouched for until the database is opened anew
     */
    void check() throws SQLException {
        SQLException failure = broken;
        if (failure != null) {
            throw failure;
        }
    }

    /** True when somebody has waited for longer than this. */
    boolean stuck(long nanos) {
        List<Waiting> now = syncing;
        return !now.isEmpty() && System.nanoTime() - now.get(0).since() > nanos;
    }

    /** Tells all who wait that nothing is known; the disk does not answer. */
    void abandon() {
        SQLException late = new SQLException("The disk does not answer.");
        syncing.forEach(each -> each.lost().accept(late));
        for (Waiting each = queue.poll(); each != null; each = queue.poll()) {
            each.lost().accept(late);
        }
    }

    private void run() {
        List<Waiting> waiting = new ArrayList<>();
        while (take(waiting)) {
            syncing = List.copyOf(waiting);
            waiting.clear();
            try {
                check();
                log.force(false);
                syncing.forEach(LogSync::tell);
            } catch (IOException e) {
                SQLException failure =
                        new SQLException("The ledger's log cannot be brought to the disk; restart Serai.", e);
                broken = failure;
                syncing.forEach(each -> each.lost().accept(failure));
            } catch (SQLException e) {
                syncing.forEach(each -> each.lost().accept(e));
            }
            syncing = List.of();
        }
    }

    /** What whoever waits does with the answer must not end the syncing. */
    private static void tell(Waiting each) {
        try {
            each.synced().run();
        } catch (RuntimeException | Error e) {
            LOG.error("Somebody could not be told of the ledger's sync:", e);
        }
    }

    /** Waits for a first one and takes what else is there; false when there will be none. */
    private boolean take(List<Waiting> waiting) {
        while (waiting.isEmpty()) {
            boolean last = closing;
            try {
                Waiting first = queue.poll(last ? 0 : GLANCE_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    waiting.add(first);
                    queue.drainTo(waiting);
                }
            } catch (InterruptedException e) {
                // Nobody interrupts this thread to stop it.
                continue;
            }
            if (last && waiting.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Returns when everybody who waited was told. */
    void drain() {
        CountDownLatch told = new CountDownLatch(1);
        then(told::countDown, failure -> told.countDown());
        boolean interrupted = false;
        while (told.getCount() > 0) {
            try {
                told.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        closing = true;
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

    /** To be called when the other connections are closed: SQLite folds the log away with the last one. */
    @Override
    public void close() {
        end();
        try {
            log.close();
            anchor.close();
        } catch (SQLException | IOException e) {
            LOG.debug("The ledger's log was not closed: {}", e.getMessage());
        }
    }
}
