package io.serai.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The built product as a process of its own: started, asked, killed and started again on the same data. */
final class SeraiProcess implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private final Path folder;
    private final String name;
    private final int port = freePort();
    private final int managementPort = freePort();
    private final Map<String, String> settings;
    private Process process;

    /**
     * @param folder   holds the data, the configuration and the log
     * @param name     the node's name
     * @param settings beside ports and data
     */
    SeraiProcess(Path folder, String name, Map<String, String> settings) throws IOException {
        this.folder = folder;
        this.name = name;
        this.settings = new TreeMap<>(settings);
        this.settings.put("serai.node", name);
        this.settings.put("serai.management-port", String.valueOf(managementPort));
    }

    /** Changes a setting in the file of the server, running or not. */
    void set(String key, String value) throws IOException {
        settings.put(key, value);
        configuration();
    }

    static Path data(Path folder) {
        return folder.resolve("data");
    }

    Path data() {
        return data(folder);
    }

    /** Makes a key with the command line tool, on the data itself. */
    String key(String scope) throws IOException, InterruptedException {
        return JSON.readTree(tool("keys", "create", "--scope", scope, "--json"))
                .at("/data/key")
                .asText();
    }

    /** Starts and returns when the health page says that all is well. */
    void start(String... options) throws IOException {
        launch(options);
        awaitHealthy();
    }

    /** Starts below another program and returns when the health page says that all is well. */
    void start(List<String> under, String... options) throws IOException {
        launch(under, options);
        awaitHealthy();
    }

    /** Starts and returns at once. */
    void launch(String... options) throws IOException {
        launch(List.of(), options);
    }

    private void launch(List<String> under, String... options) throws IOException {
        List<String> command = java(
                "run", "--port", String.valueOf(port), "--data", data(folder).toString());
        command.addAll(command.indexOf("-cp"), List.of(options));
        command.addAll(List.of("--config", configuration().toString()));
        command.addAll(0, under);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    void awaitHealthy() {
        Awaitility.await(name + " to be healthy")
                .atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("ended with " + process.exitValue() + ":\n" + tail());
                    }
                    return healthy();
                });
    }

    boolean healthy() throws InterruptedException {
        return health() == 200;
    }

    /** The status of the health page; 0 when nobody answers. */
    int health() throws InterruptedException {
        return status("/health");
    }

    /** The status of a page that anybody may see; 0 when nobody answers. */
    int status(String path) throws InterruptedException {
        try {
            return CLIENT.send(
                            HttpRequest.newBuilder(uri(path))
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0; // not yet, or no more
        }
    }

    /** As the power cut does it. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /**
     * Asks politely and waits.
     *
     * @return the exit code
     */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            kill();
            throw new IllegalStateException("had to be killed after 60 s:\n" + tail());
        }
        return process.exitValue();
    }

    /** Waits until the process has ended by itself, and gives its exit code. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("still runs after 60 s:\n" + tail());
        }
        return process.exitValue();
    }

    boolean alive() {
        return process != null && process.isAlive();
    }

    void signal(String name) throws IOException {
        Signal.send(name, process.toHandle());
    }

    /** Sends SIGTERM and returns at once. */
    void terminate() {
        process.destroy();
    }

    /** Files and connections that the process has open. */
    long files() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", String.valueOf(process.pid()), "fd"))) {
            return open.count();
        }
    }

    int port() {
        return port;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    URI ingest() {
        return uri("/api/alerts/event/prometheus");
    }

    JsonNode get(String path, String key) throws IOException, InterruptedException {
        return JSON.readTree(
                ask(HttpRequest.newBuilder(uri(path)).header("X-API-KEY", key).build()));
    }

    JsonNode post(String path, String key, String body) throws IOException, InterruptedException {
        return JSON.readTree(ask(HttpRequest.newBuilder(uri(path))
                .header("X-API-KEY", key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build()));
    }

    /** The management port's metrics page, as Prometheus would read it. */
    String metrics() throws IOException, InterruptedException {
        return ask(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/observe/metrics"))
                .build());
    }

    private static String ask(HttpRequest request) throws IOException, InterruptedException {
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** Runs a command of the tool against this server's data and returns what it printed. */
    String tool(String... words) throws IOException, InterruptedException {
        List<String> command = java(words);
        command.addAll(List.of(
                "--data", data(folder).toString(), "--config", configuration().toString()));
        Path errors = folder.resolve("tool.log");
        Process tool =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String output = new String(tool.getInputStream().readAllBytes());
        if (tool.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", words) + ": " + output + Files.readString(errors));
        }
        return output;
    }

    /**
     * Runs a command of the tool as a release with more on its class path would, and waits.
     *
     * @param options for the JVM
     * @param errors  gets what it says
     * @return the exit code
     */
    int tool(List<String> options, Path before, Path errors, String... words) throws IOException, InterruptedException {
        List<String> command = java(words);
        int path = command.indexOf("-cp") + 1;
        command.set(path, before + File.pathSeparator + command.get(path));
        command.addAll(1, options);
        command.addAll(List.of(
                "--data", data(folder).toString(), "--config", configuration().toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(errors.toFile())
                .start()
                .waitFor();
    }

    private Path configuration() throws IOException {
        String text = settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                .collect(Collectors.joining());
        Files.createDirectories(folder);
        return Files.writeString(folder.resolve(name + ".properties"), text);
    }

    /**
     * The product's classes and libraries, without the test classes: what is tested is what is shipped. A short life does
     * without the second compiler, which doubles the processor time of a start.
     */
    private static List<String> java(String... words) {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String shipped = Arrays.stream(path.split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=" + Size.of(1, 4),
                "-Dserai.home=" + Path.of("").toAbsolutePath(),
                "-cp",
                shipped,
                "io.serai.cli.Serai"));
        command.addAll(List.of(words));
        return command;
    }

    private Path log() {
        return folder.resolve(name + ".log");
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    /** Below those that the system gives to connections: a server that is down for a moment must find it free again. */
    private static int freePort() throws IOException {
        for (int tries = 0; tries < 100; tries++) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 30_000);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (BindException e) {
                // somebody has it
            }
        }
        throw new IOException("no free port");
    }

    @Override
    public void close() {
        if (alive()) {
            process.destroyForcibly().onExit().join();
        }
    }
}
