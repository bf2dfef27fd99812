import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Serai as it is shipped, durable, with the whole way behind the answer; nobody is told, as the peer tells nobody. */
final class Serai implements Contender {

    private final boolean onPostgres;
    private final boolean profiled;
    private Postgres postgres;
    private Server server;
    private String ledger;
    private String key;

    /** @param profiled true to record a flight of each into target/bench; that costs some of the speed */
    Serai(boolean onPostgres, boolean profiled) {
        this.onPostgres = onPostgres;
        this.profiled = profiled;
    }

    static boolean built() {
        return Files.isExecutable(Path.of("serai"));
    }

    @Override
    public String name() {
        return onPostgres ? "Serai, PostgreSQL" : "Serai, SQLite";
    }

    @Override
    public void start(Path fresh) throws IOException, InterruptedException {
        Path data = fresh.resolve("data").toAbsolutePath();
        if (onPostgres) {
            postgres = Postgres.start(fresh);
        }
        ledger = onPostgres ? postgres.url() : "jdbc:sqlite:" + data.resolve("serai.db");
        Path configuration = fresh.resolve("serai.properties");
        Files.writeString(configuration, "serai.management-port=" + Server.freePort() + "\n"
                + (onPostgres ? "serai.ledger.url=" + ledger + "\n" : ""));
        key = key(data, configuration);
        int port = Server.freePort();
        server = Server.start(fresh, "serai", port, true, recording(), List.of(
                "./serai", "run", "--port", String.valueOf(port), "--data", data.toString(),
                "--config", configuration.toString()));
        healthy(port);
    }

    private Map<String, String> recording() {
        String file = "target/bench/" + (onPostgres ? "postgresql" : "sqlite") + ".jfr";
        return profiled
                ? Map.of("JAVA_TOOL_OPTIONS", "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + file)
                : Map.of();
    }

    private static String key(Path data, Path configuration) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "./serai", "keys", "create", "--scope", "ingest:*", "--json",
                        "--data", data.toString(), "--config", configuration.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String answer = new String(process.getInputStream().readAllBytes());
        Matcher matcher = Pattern.compile("\"key\"\\s*:\\s*\"([^\"]+)\"").matcher(answer);
        if (process.waitFor() != 0 || !matcher.find()) {
            throw new IllegalStateException("no key: " + answer);
        }
        return matcher.group(1);
    }

    private static void healthy(int port) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health")).build();
        for (int attempt = 0; attempt < 600; attempt++) {
            try {
                if (client.send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // not yet
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new IllegalStateException("Serai does not become healthy");
    }

    @Override
    public String url() {
        return "http://127.0.0.1:" + server.port() + "/api/alerts/event/prometheus";
    }

    @Override
    public String shape() {
        return "webhook";
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public Server server() {
        return server;
    }

    /** The process whose fsyncs make a row durable. */
    Server store() {
        return onPostgres ? postgres.server() : server;
    }

    @Override
    public boolean restarts() {
        return false;
    }

    @Override
    public Ledger.State settle(int seconds) throws SQLException, InterruptedException {
        return Ledger.settle(ledger, seconds);
    }

    @Override
    public void close() {
        Contender.super.close();
        if (postgres != null) {
            postgres.close();
        }
    }
}
