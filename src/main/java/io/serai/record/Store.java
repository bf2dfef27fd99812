package io.serai.record;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConnection;

/**
 * The open database under the ledger: migrated, with one pool for writing transactions and one for reads.
 * SQLite has one writer at a time, so its writing pool holds one connection: keep transactions short.
 */
public final class Store implements AutoCloseable {
    static final String TAKES_WRITES = "select current_setting('transaction_read_only') = 'off'";

    private final Dialect dialect;
    private final HikariDataSource writer;
    private final HikariDataSource reader;
    private final Checkpoints checkpoints;
    /** SQLite's database; null on PostgreSQL. */
    private final Path file;

    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private SQLiteConnection preparedOn;
    private LogSync logSync;

    /** @param file SQLite's database, with its checkpoints; null on PostgreSQL, both */
    Store(Dialect dialect, HikariDataSource writer, HikariDataSource reader, Checkpoints checkpoints, Path file) {
        this.dialect = dialect;
        this.writer = writer;
        this.reader = reader;
        this.checkpoints = checkpoints;
        this.file = file;
    }

    /**
     * Opens the database and brings its schema up to date.
     *
     * @throws LedgerUnavailable when that fails
     */
    public static Store open(LedgerOptions options) {
        return StoreOpening.open(options);
    }

    public Dialect dialect() {
        return dialect;
    }

    /** For statements that write, with autocommit on; several belong into {@link #transaction}. */
    public DataSource writer() {
        return writer;
    }

    /** A statement that failed may be of no more use, and which one it was is not known here. */
    private void forget(Throwable failure) {
        for (PreparedStatement each : prepared.values()) {
            try {
                each.close();
            } catch (SQLException e) {
                failure.addSuppressed(e);
            }
        }
        prepared.clear();
    }

    /** For reading only: on SQLite a write through it fails. */
    public DataSource reader() {
        return reader;
    }

    /** Runs the work in one writing transaction: committed when it returns, rolled back when it throws. */
    public <T> T transaction(Work<T> work) throws SQLException {
        try (Connection connection = writer.getConnection()) {
            return transaction(connection, work);
        }
    }

    /**
     * As {@link #transaction}, for SQLite only: the commit is visible to others when this returns, and on the disk when
     * {@link #logSync()} says so.
     */
    void transactionBeforeSync(Work<Void> work) throws SQLException {
        try (Connection connection = writer.getConnection()) {
            try {
                synchronous(connection, SynchronousMode.NORMAL);
                transaction(connection, work);
            } finally {
                syncAgain(connection);
            }
        }
    }

    /** Whoever gets the connection next relies on its commits being synced. */
    private void syncAgain(Connection connection) {
        try {
            synchronous(connection, SynchronousMode.FULL);
        } catch (SQLException e) {
            writer.evictConnection(connection);
        }
    }

    private static void synchronous(Connection connection, SynchronousMode mode) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("pragma synchronous = " + mode.getValue());
        }
    }

    private <T> T transaction(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            if (dialect == Dialect.SQLITE) {
                lock(connection);
            }
            T result = work.in(connection);
            connection.commit();
            connection.setAutoCommit(true);
            if (checkpoints != null) {
                checkpoints.written();
            }
            return result;
        } catch (SQLException | RuntimeException | Error failure) {
            forget(failure);
            try {
                connection.rollback();
                connection.setAutoCommit(true);
            } catch (SQLException second) {
                failure.addSuppressed(second);
                // SQLite has rolled back by itself, on a full disk. What the driver still takes for a transaction would
                // write row by row and never commit again.
                writer.evictConnection(connection);
            }
            throw failure;
        }
    }

    /**
     * What brings the commits of {@link #transactionBeforeSync} to the disk; made when it is first asked for.
     *
     * @throws LedgerUnavailable when the log cannot be opened
     */
    synchronized LogSync logSync() {
        if (logSync == null) {
            try {
                logSync = new LogSync(file);
            } catch (SQLException | IOException e) {
                throw new LedgerUnavailable("The ledger's log beside " + file + " cannot be opened.", e);
            }
        }
        return logSync;
    }

    /**
     * A statement on a writing connection that must not be closed: it stays prepared for the next transaction. The
     * PostgreSQL driver sees to that itself. On SQLite it goes behind the pool's back on purpose, because the pool
     * closes its own statements when the connection is given back; only the holder of the one connection comes here.
     */
    PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        if (dialect == Dialect.POSTGRESQL) {
            return connection.prepareStatement(sql);
        }
        SQLiteConnection raw = connection.unwrap(SQLiteConnection.class);
        if (raw != preparedOn) {
            prepared.clear();
            preparedOn = raw;
        }
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = raw.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        return statement;
    }

    /** What one transaction does. */
    @FunctionalInterface
    public interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    @Override
    public void close() {
        if (checkpoints != null) {
            checkpoints.close();
        }
        reader.close();
        writer.close();
        if (logSync != null) {
            logSync.close();
        }
        if (checkpoints != null) {
            checkpoints.closeFile();
        }
    }

    /**
     * Takes SQLite's write lock before the first read, as "begin immediate" would: a transaction that reads first and
     * writes later fails when another process wrote in between. The driver's own immediate mode would begin the next
     * transaction right in the commit, and report a commit as failed when only that had to wait.
     */
    private static void lock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("update lease set token = token where 0");
        }
    }

    /** True when the store answers a read now and, as far as a read can tell, would take a write. */
    boolean takesWrites() throws SQLException {
        try (Connection connection = reader.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(dialect == Dialect.POSTGRESQL ? TAKES_WRITES : "select 1 from lease")) {
            return dialect == Dialect.SQLITE || row.next() && row.getBoolean(1);
        }
    }
}
