package io.serai.fault;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The store under a hub that is tested: a fresh folder, or a fresh PostgreSQL that can be stopped, killed and frozen. */
final class Database implements AutoCloseable {

    enum Kind {
        SQLITE,
        POSTGRESQL
    }

    private static final Duration START = Duration.ofMinutes(2);

    private final Path folder;
    private final Path server;
    private final String name;
    private EmbeddedPostgres postgres;

    private Database(EmbeddedPostgres postgres, Path folder, Path server, String name) {
        this.postgres = postgres;
        this.folder = folder;
        this.server = server;
        this.name = name;
    }

    /** @param folder the hub's data folder, where SQLite keeps its file; PostgreSQL's is beside it */
    static Database start(Kind kind, Path folder) throws IOException {
        if (kind == Kind.SQLITE) {
            return new Database(null, folder, null, null);
        }
        Path server = files(kind, folder);
        return new Database(postgres(server).start(), folder, server, "postgres");
    }

    /** Where its files are. */
    static Path files(Kind kind, Path folder) {
        return kind == Kind.SQLITE ? folder : folder.resolveSibling("postgresql");
    }

    private static EmbeddedPostgres.Builder postgres(Path server) {
        return EmbeddedPostgres.builder()
                .setDataDirectory(server)
                .setCleanDataDirectory(false)
                .setServerConfig("max_connections", "300")
                .setPGStartupWait(START);
    }

    /** An empty one of that name in the same PostgreSQL, which stays this one's to close. */
    Database beside(String fresh) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + fresh);
        }
        return new Database(postgres, folder, server, fresh);
    }

    Kind kind() {
        return postgres == null ? Kind.SQLITE : Kind.POSTGRESQL;
    }

    /** What the hub is told about it. */
    Map<String, String> settings() {
        return postgres == null ? Map.of() : settings(port());
    }

    /** The same by way of another port on loopback. */
    Map<String, String> settings(int port) {
        return Map.of(
                "serai.ledger.url", url(port), "serai.ledger.user", "postgres", "serai.ledger.password", "postgres");
    }

    int port() {
        return postgres.getPort();
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                postgres == null ? "jdbc:sqlite:" + folder.resolve("serai.db") : url(port()), "postgres", "postgres");
    }

    private String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + name;
    }

    /** Stops the server, cutting all connections. */
    void stop() throws IOException {
        postgres.close();
    }

    /** Kills the server with all its processes, as the power cut does it. */
    void kill() throws IOException {
        signal("KILL");
        postgres.close();
    }

    /** Starts the server again, on the same port and what is on disk. */
    void startAgain() throws IOException {
        postgres = postgres(server).setPort(port()).start();
    }

    /**
     * Starts it again where it has ended by itself, as an operator would.
     *
     * @return whether it had
     */
    boolean startIfItEnded() throws IOException {
        boolean ended =
                postgres != null && !postmaster().map(ProcessHandle::isAlive).orElse(false);
        if (ended) {
            startAgain();
        }
        return ended;
    }

    private Optional<ProcessHandle> postmaster() throws IOException {
        Path file = server.resolve("postmaster.pid");
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return ProcessHandle.of(
                    Long.parseLong(lines.findFirst().orElseThrow().strip()));
        }
    }

    /** Leaves every connection open and answers nothing. */
    void freeze() throws IOException {
        signal("STOP");
    }

    void thaw() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        ProcessHandle postmaster = postmaster().orElseThrow();
        List<ProcessHandle> children = postmaster.descendants().toList();
        Signal.send(name, postmaster);
        for (ProcessHandle child : children) {
            Signal.send(name, child);
        }
    }

    @Override
    public void close() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }
}
