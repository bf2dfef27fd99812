import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Serai as it is shipped on files of its own, which are edited. */
final class Edited implements AutoCloseable {

    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final Pattern GENERATION = Pattern.compile("\"generation\"\\s*:\\s*(\\d+)");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path home;
    private final Server server;
    private final String key;
    private final double startSeconds;

    private Edited(Path home, Server server, String key, double startSeconds) {
        this.home = home;
        this.server = server;
        this.key = key;
        this.startSeconds = startSeconds;
    }

    /** @param work a folder of ours; what is in it is deleted */
    static Edited start(Path work) throws IOException, InterruptedException {
        delete(work);
        Path home = Files.createDirectories(work).toAbsolutePath();
        Path shipped = Path.of("routes");
        try (Stream<Path> all = Files.walk(shipped)) {
            for (Path each : all.toList()) {
                Files.copy(each, home.resolve("routes").resolve(shipped.relativize(each).toString()));
            }
        }
        Path settings = home.resolve("application.properties");
        Files.writeString(settings, "serai.management-port=" + Server.freePort() + "\nserai.routes=" + home.resolve("routes") + "\n");
        List<String> where = List.of("--data", home.resolve("data").toString(), "--config", settings.toString());
        String key = key(where);
        int port = Server.freePort();
        long began = System.nanoTime();
        List<String> command = Stream.concat(
                Stream.of("./serai", "run", "--port", String.valueOf(port)), where.stream()).toList();
        Server server = Server.start(home, "serai", port, false, Map.of(), command);
        Edited serai = new Edited(home, server, key, 0);
        serai.await(1);
        return new Edited(home, server, key, (System.nanoTime() - began) / 1e9);
    }

    private static String key(List<String> where) throws IOException, InterruptedException {
        List<String> command = Stream.concat(
                Stream.of("./serai", "keys", "create", "--scope", "ingest:*,read", "--json"), where.stream()).toList();
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String answer = new String(process.getInputStream().readAllBytes());
        Matcher matcher = Pattern.compile("\"key\"\\s*:\\s*\"([^\"]+)\"").matcher(answer);
        if (process.waitFor() != 0 || !matcher.find()) {
            throw new IllegalStateException("no key: " + answer);
        }
        return matcher.group(1);
    }

    /** Appends the line and gives the seconds until it is in force. */
    double edit(String file, String line) throws IOException, InterruptedException {
        int next = generation() + 1;
        Files.writeString(home.resolve(file), line + "\n", StandardOpenOption.APPEND);
        long written = System.nanoTime();
        await(next);
        return (System.nanoTime() - written) / 1e9;
    }

    private void await(int generation) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (generation() < generation) {
            if (System.nanoTime() > end) {
                close();
                throw new IllegalStateException("not in force, see " + home.resolve("serai.log"));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Which configuration runs; 0 while nothing answers. */
    private int generation() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/api/status"))
                .header("X-API-KEY", key)
                .build();
        try {
            Matcher matcher = GENERATION.matcher(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
            return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        } catch (IOException e) {
            return 0; // not yet
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.port() + "/api/alerts/event/prometheus";
    }

    String key() {
        return key;
    }

    double startSeconds() {
        return startSeconds;
    }

    long checkMegabytes() {
        return server.startedMegabytes();
    }

    /** The next edit finds no check that runs. */
    void endCheck() throws InterruptedException {
        server.endStarted();
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
