package io.serai.record;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** An empty ledger of either kind: a file of its own, or a database of its own in the one PostgreSQL of this JVM. */
public final class FreshStore {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private FreshStore() {}

    public static LedgerOptions options(Dialect dialect, Path folder) {
        String url = dialect == Dialect.SQLITE ? "" : database();
        return new LedgerOptions(folder, url, url.isEmpty() ? "" : "postgres", "", "node-1", 4096, 256);
    }

    public static Store open(Dialect dialect, Path folder) {
        return Store.open(options(dialect, folder));
    }

    /** The first column of the first row as a number. */
    public static long number(Store store, String sql) {
        try (Connection connection = store.reader().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of the first row as text. */
    public static String text(Store store, String sql) {
        try (Connection connection = store.reader().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Runs one writing statement. */
    public static int run(Store store, String sql) {
        try (Connection connection = store.writer().getConnection();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static String database() {
        String name = "ledger" + DATABASES.incrementAndGet();
        try (Connection connection = Shared.POSTGRES.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return Shared.POSTGRES.getJdbcUrl("postgres", name).replaceAll("\\?.*", "");
    }

    private static final class Shared {
        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "300")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
