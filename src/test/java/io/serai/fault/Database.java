package io.serai.fault;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/** The store under a hub that is tested: a fresh folder, or a fresh PostgreSQL. */
final class Database implements AutoCloseable {

    enum Kind {
        SQLITE,
        POSTGRESQL
    }

    private final EmbeddedPostgres postgres;
    private final Path folder;

    private Database(EmbeddedPostgres postgres, Path folder) {
        this.postgres = postgres;
        this.folder = folder;
    }

    /** @param folder the hub's data folder, where SQLite keeps its file */
    static Database start(Kind kind, Path folder) throws IOException {
        return new Database(kind == Kind.POSTGRESQL ? EmbeddedPostgres.start() : null, folder);
    }

    /** What the hub is told about it. */
    Map<String, String> settings() {
        return postgres == null
                ? Map.of()
                : Map.of(
                        "serai.ledger.url",
                        url(),
                        "serai.ledger.user",
                        "postgres",
                        "serai.ledger.password",
                        "postgres");
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "postgres", "postgres");
    }

    private String url() {
        return postgres == null
                ? "jdbc:sqlite:" + folder.resolve("serai.db")
                : "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";
    }

    @Override
    public void close() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }
}
