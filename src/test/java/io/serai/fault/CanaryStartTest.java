package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fault 60, P10: a start that fails, and an edit that is refused, because of something that holds a secret. The parts that
 * fail quote it, each in its own way; only redaction by value stands between that and the log.
 */
class CanaryStartTest {
    private static final String MARKER = "cAnAryStArt7f3k";
    private static final String KEY = "serai.provider.pagerduty.api-key";

    @TempDir
    Path folder;

    private String log() throws IOException {
        return Files.readString(folder.resolve("node-1.log"));
    }

    /** The PostgreSQL driver quotes an address without a slash, in the words of java.util.logging. */
    @Test
    void aLedgersAddressThatHoldsAPasswordIsNotTold() throws Exception {
        Map<String, String> settings = Map.of(
                "serai.ledger.url", "jdbc:postgresql://127.0.0.1:9?user=serai&password=" + MARKER,
                "serai.enrich.url", "jdbc:postgresql://127.0.0.1:9?user=other&sslpassword=" + MARKER + "%21");
        try (SeraiProcess serai = new SeraiProcess(folder, "node-1", settings)) {
            serai.launch();
            Awaitility.await("the driver's word")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> log().contains("JDBC URL must contain")
                            && log().contains("Until then every request is refused"));
            Awaitility.await("the waiting room").until(() -> serai.health() == 503);
        }
        assertThat(log()).doesNotContain(MARKER).contains("password=***");
        assertThat(log().lines()).as("one event is one line").allMatch(line -> line.startsWith("time="));
    }

    /** Camel quotes the endpoint that it cannot make. */
    @Test
    void aRouteThatQuotesASecretAndCannotStartIsNotTold() throws Exception {
        Path routes = copy(folder.resolve("routes"));
        spoil(routes);
        try (SeraiProcess serai =
                new SeraiProcess(folder, "node-1", Map.of("serai.routes", routes.toString(), KEY, MARKER))) {
            serai.launch();
            assertThat(serai.awaitEnd()).isEqualTo(3);
        }
        assertThat(log()).contains("a route cannot be started").contains("/hook/***");
        assertThat(log()).doesNotContain(MARKER);
    }

    private static void spoil(Path routes) throws IOException {
        Files.writeString(
                routes.resolve("core/office.camel.yaml"),
                """
                - route:
                    id: office
                    from:
                      uri: direct:office
                      steps:
                        - to:
                            uri: "htpp://127.0.0.1:9/hook/{{serai.provider.pagerduty.api-key}}"
                """);
    }

    /** Everything in the folder of routes, to be edited. */
    static Path copy(Path to) throws IOException {
        Path from = Path.of("routes");
        List<Path> files;
        try (Stream<Path> all = Files.walk(from)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path copy = to.resolve(from.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
        return to;
    }
}
