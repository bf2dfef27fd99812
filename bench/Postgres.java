import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A PostgreSQL of our own in a fresh folder: its defaults, with room for memory and log as any server of this size gets. */
final class Postgres implements AutoCloseable {

    private final Server server;

    private Postgres(Server server) {
        this.server = server;
    }

    /** The folder of the newest installed binaries; null when there are none. */
    static Path binaries() throws IOException {
        Path installed = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(installed)) {
            return null;
        }
        try (Stream<Path> versions = Files.list(installed)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                    .max(Path::compareTo)
                    .orElse(null);
        }
    }

    static Postgres start(Path fresh) throws IOException, InterruptedException {
        Path bin = binaries();
        Path data = fresh.resolve("postgres").toAbsolutePath();
        run(fresh, command(bin.resolve("initdb"), "-D", data, "-U", "serai", "-A", "trust", "-E", "UTF8"));
        int port = Server.freePort();
        Server server = Server.start(fresh, "postgres", port, true, Map.of(), command(
                bin.resolve("postgres"),
                "-D", data, "-p", port, "-h", "127.0.0.1", "-k", data,
                "-c", "shared_buffers=512MB", "-c", "max_wal_size=4GB"));
        return new Postgres(server);
    }

    /** PostgreSQL refuses to run as root; in a user name space of its own it is nobody. */
    private static List<String> command(Object... words) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        for (Object word : words) {
            command.add(word.toString());
        }
        return command;
    }

    private static void run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path log = folder.resolve("initdb.log");
        int code = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
        if (code != 0) {
            throw new IllegalStateException(Files.readString(log));
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=serai";
    }

    Server server() {
        return server;
    }

    @Override
    public void close() {
        server.close();
    }
}
