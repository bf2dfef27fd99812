package io.serai.record;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/** How a store is opened: where it is, its connections' settings, its schema. */
final class StoreOpening {
    /** The API takes four at most; keys, routing and deliveries must not wait for slow lists (fault 13). */
    private static final int READERS = 8;

    private static final int POSTGRESQL_WRITERS = 6;
    private static final long CONNECT_MILLIS = 5000;
    private static final int SQLITE_BUSY_MILLIS = 5000;
    private static final int SQLITE_CACHE_KIB = 64 * 1024;

    /**
     * P1 rests on the server's sync at commit; a setting stronger than "on" is left alone. What writes looks rows up by
     * their keys: a plan that was made while a table was still empty, and then kept, must not scan it for ever after.
     */
    private static final String POSTGRESQL_WRITER =
            """
            select set_config('synchronous_commit', replace(current_setting('synchronous_commit'), 'off', 'on'), false),
                set_config('enable_seqscan', 'off', false), set_config('enable_hashjoin', 'off', false),
                set_config('enable_mergejoin', 'off', false), set_config('jit', 'off', false),
                set_config('plan_cache_mode', 'force_generic_plan', false)""";

    private StoreOpening() {}

    /**
     * Opens the database and brings its schema up to date.
     *
     * @throws LedgerUnavailable when that fails
     */
    static Store open(LedgerOptions options) {
        if (options.url().isEmpty()) {
            return openSqlite(options);
        }
        if (!options.url().startsWith("jdbc:postgresql:")) {
            throw new LedgerUnavailable("serai.ledger.url is not a PostgreSQL address. "
                    + "Write jdbc:postgresql://host:port/database, or leave it empty for the embedded SQLite.");
        }
        return openPostgresql(options);
    }

    private static Store openSqlite(LedgerOptions options) {
        Path file = database(options);
        String name = "The embedded ledger " + file;
        try {
            Files.createDirectories(options.data());
        } catch (IOException e) {
            throw new LedgerUnavailable(
                    name + " cannot be made. Let serai.data name a folder that this user may write.", e);
        }
        String url = "jdbc:sqlite:" + file;
        HikariConfig write = pool("write", url, 1, sqlite(SQLITE_CACHE_KIB));
        write.setConnectionInitSql("pragma wal_autocheckpoint = " + Checkpoints.LAST_RESORT_PAGES);
        HikariConfig read = pool("read", url, READERS, sqlite(SQLITE_CACHE_KIB / READERS));
        read.setConnectionInitSql("pragma query_only = on");
        return open(Dialect.SQLITE, name, options, write, read);
    }

    private static Path database(LedgerOptions options) {
        return options.data().resolve("serai.db");
    }

    private static Store openPostgresql(LedgerOptions options) {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "serai");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("socketTimeout", "20");
        properties.setProperty("tcpKeepAlive", "true");
        if (!options.user().isEmpty()) {
            properties.setProperty("user", options.user());
        }
        if (!options.password().isEmpty()) {
            properties.setProperty("password", options.password());
        }
        String name = "The ledger " + options.url().replaceAll("\\?.*", "");
        HikariConfig write = pool("write", options.url(), POSTGRESQL_WRITERS, properties);
        write.setConnectionInitSql(POSTGRESQL_WRITER);
        return open(Dialect.POSTGRESQL, name, options, write, pool("read", options.url(), READERS, properties));
    }

    private static Store open(
            Dialect dialect, String name, LedgerOptions options, HikariConfig write, HikariConfig read) {
        HikariDataSource writer = null;
        try {
            writer = new HikariDataSource(write);
            if (dialect == Dialect.POSTGRESQL) {
                requireWrites(writer);
            }
            migrate(dialect, write.getJdbcUrl(), options);
            HikariDataSource reader = new HikariDataSource(read);
            Path file = dialect == Dialect.SQLITE ? database(options) : null;
            Checkpoints checkpoints = file == null ? null : new Checkpoints(reader, writer, file);
            return new Store(dialect, writer, reader, checkpoints, file);
        } catch (RuntimeException | IOException | SQLException e) {
            if (writer != null) {
                writer.close();
            }
            throw StoreFailure.opening(name, e);
        }
    }

    /** A standby takes the connection and the login, and refuses the first write. */
    private static void requireWrites(HikariDataSource writer) throws SQLException {
        try (Connection connection = writer.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(Store.TAKES_WRITES)) {
            if (row.next() && !row.getBoolean(1)) {
                throw new SQLException("read only", StoreFailure.READ_ONLY);
            }
        }
    }

    private static void migrate(Dialect dialect, String url, LedgerOptions options) {
        Flyway.configure()
                .dataSource(url, options.user(), options.password())
                .locations(dialect.migrations())
                .placeholders(dialect.words())
                // Flyway's own choice is to pass over what a later release has done to the schema.
                .ignoreMigrationPatterns(new String[0])
                .load()
                .migrate();
    }

    private static HikariConfig pool(String name, String url, int size, Properties properties) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("ledger-" + name);
        config.setJdbcUrl(url);
        config.setDataSourceProperties(properties);
        // An old connection to SQLite is as good as a new one, and keeps its prepared statements.
        config.setMaxLifetime(url.startsWith("jdbc:sqlite:") ? 0 : 30 * 60_000L);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_MILLIS);
        return config;
    }

    private static Properties sqlite(int cacheKib) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setBusyTimeout(SQLITE_BUSY_MILLIS);
        config.setCacheSize(-cacheKib);
        config.setGetGeneratedKeys(false);
        return config.toProperties();
    }
}
