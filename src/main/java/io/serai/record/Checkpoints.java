package io.serai.record;

import io.serai.repeat.Repeating;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves what SQLite's write-ahead log holds into the database beside the writer, not inside its commits: there it would
 * hold up all who wait for an answer for as long as tens of megabytes take to be written and synced. Only the last bit,
 * after which the log begins anew, needs the writer's connection.
 *
 * <p>Nothing depends on it: SQLite still does it by itself in a commit when the log has grown past
 * {@link #LAST_RESORT_PAGES}.
 */
final class Checkpoints implements AutoCloseable {
    /** Pages in the log at which a commit does the work after all: 256 MiB. */
    static final int LAST_RESORT_PAGES = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    /** Pages in the log at which it is to begin anew: 32 MiB. */
    private static final int RESTART_PAGES = 8192;

    private static final int ROUNDS_BESIDE = 2;
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Duration CLOSE = Duration.ofSeconds(30);

    private final DataSource beside;
    private final DataSource writer;
    /**
     * SQLite syncs the database only when nothing is left in the log, which is then everything since the last time. Open
     * for as long as the connections are: closing any descriptor of a file gives up the process's locks on it.
     */
    private final FileChannel database;

    private final AtomicBoolean written = new AtomicBoolean();
    private final Repeating thread = new Repeating("ledger-checkpoint");

    /**
     * @param beside   connections that may move pages while another one writes
     * @param writer   the one writing connection
     * @param database the file
     */
    Checkpoints(DataSource beside, DataSource writer, Path database) throws IOException {
        this.beside = beside;
        this.writer = writer;
        this.database = FileChannel.open(database, StandardOpenOption.READ);
        thread.every(EVERY, this::run);
    }

    /** A transaction was committed. Cheap; from any thread. */
    void written() {
        written.lazySet(true);
    }

    private void run() {
        if (!written.getAndSet(false)) {
            return;
        }
        try {
            int pages = move(beside);
            if (pages >= RESTART_PAGES) {
                // Each time what came in meanwhile is far less, so that in the end the writer is held up briefly.
                for (int i = 0; i < ROUNDS_BESIDE; i++) {
                    database.force(false);
                    move(beside);
                }
                database.force(false);
                move(writer);
            }
        } catch (SQLException | IOException e) {
            LOG.debug("The write-ahead log stays as it is for now: {}", e.getMessage());
        }
    }

    /** Gives how many pages the log held. */
    private static int move(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("pragma wal_checkpoint(passive)")) {
            return row.next() ? row.getInt(2) : 0;
        }
    }

    /** Ends the work. The connections are to be closed next, and then {@link #closeFile()} called. */
    @Override
    public void close() {
        if (!thread.finish(CLOSE)) {
            LOG.warn("The write-ahead log is still being moved.");
        }
    }

    void closeFile() {
        try {
            database.close();
        } catch (IOException e) {
            LOG.debug("The ledger's file was not closed: {}", e.getMessage());
        }
    }
}
