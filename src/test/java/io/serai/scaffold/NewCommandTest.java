package io.serai.scaffold;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.golden.Folder;
import io.serai.golden.Golden;
import io.serai.golden.Result;
import io.serai.json.StrictJson;
import io.serai.lint.Lint;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A new folder passes lint and its own samples at once, whatever the sample looks like. */
class NewCommandTest {
    @TempDir
    private Path home;

    private Path routes;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void theShippedTree() throws IOException {
        Path shipped = Path.of("routes");
        routes = home.resolve("routes");
        try (Stream<Path> files = Files.walk(shipped)) {
            for (Path file : files.toList()) {
                Path copy = routes.resolve(shipped.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    @Test
    void aProviderWithoutASample() throws IOException {
        assertThat(run("provider", "acme")).isZero();
        assertSound("acme");
        assertThat(expected("acme", "resolved").at("/0/status").asText()).isEqualTo("resolved");
        assertThat(expected("acme", "firing").at("/0/severity").asText()).isEqualTo("high");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"incident": {"id": 7, "name": "Slow", "state": "OPEN", "priority": "P1", "host.name": "a"}, "account": 3} | Slow | critical | 7
            [{"Check ID": "c-1", "checkName": "Cert ends", "level": "warn", "$weird": "x\\\\(1)"}] | Cert ends | medium | c-1
            {"events": [{"uuid": "u1", "subject": "Down", "event_type": "Down"}, {"uuid": "u2", "subject": "Also"}], "v": 2} | Down | medium | u1
            {"event": {"uid": "u9", "headline": "Kiln"}, "asset": {"name": "k"}} | Kiln | medium | u9
            {"message": "only words", "acme_secret": {"token": "t"}} | only words | medium |
            {"note": {"uid": "n1", "problem": {"text": "Belt stands still", "state": "PROBLEM", "level": "major"}}} | Belt stands still | high | n1
            {"monitor": {"id": "m"}, "monitor_status": "down", "level": 4, "tags": ["a", 1]} | Alert of Acme | medium | m
            """)
    void aProviderFromASample(String sample, String title, String severity, String id) throws IOException {
        Path file = Files.writeString(home.resolve("sample.json"), sample);

        assertThat(run("provider", "acme", "--from", file.toString()))
                .as(err.toString())
                .isZero();

        assertSound("acme");
        JsonNode alert = expected("acme", "firing").get(0);
        assertThat(alert.path("title").asText()).isEqualTo(title);
        assertThat(alert.path("severity").asText()).isEqualTo(severity);
        assertThat(alert.path("source_id").asText(null)).isEqualTo(id);
        assertThat(alert.path("status").asText()).isEqualTo("firing");
    }

    @Test
    void whatWasNotFoundIsSaid() throws IOException {
        Path file = Files.writeString(home.resolve("sample.json"), "{\"acme_x\": {\"headline\": \"Hot\"}, \"y\": 2}");
        assertThat(run("provider", "acme", "--from", file.toString())).isZero();
        assertThat(out.toString()).contains("looked like source_id, status, severity: without an identity");
        assertThat(expected("acme", "firing").at("/0/title").asText()).isEqualTo("Hot");
        assertThat(expected("acme", "firing").at("/0/labels/y").asText()).isEqualTo("2");
    }

    @Test
    void aNotifier() throws IOException {
        assertThat(run("notifier", "big-bell")).isZero();
        assertSound("big-bell");
        assertThat(expected("big-bell", "resolved").at("/body/text").asText()).startsWith("resolved high: ");
    }

    @Test
    void jsonNamesTheFiles() throws IOException {
        assertThat(run("notifier", "gong", "--json")).isZero();
        JsonNode document = StrictJson.read(out.toString().trim().getBytes(StandardCharsets.UTF_8));
        assertThat(document.at("/data/files").toString()).contains("gong-send.camel.yaml", "expected/firing.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Acme", "../acme", "9lives", "a_b", "acme-", "prometheus", "webhook"})
    void aNameThatCannotBe(String name) {
        assertThat(run("provider", name)).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "[]", "3", "{}", "{\"a\": 1} x"})
    void aSampleThatCannotBe(String sample) throws IOException {
        Path file = Files.writeString(home.resolve("sample.json"), sample);
        assertThat(run("provider", "acme", "--from", file.toString())).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(routes.resolve("providers/acme")).doesNotExist();
    }

    @Test
    void aBodyThatAnotherProviderKnows() {
        String sample =
                routes.resolve("providers/prometheus/samples/firing.json").toString();
        assertThat(run("provider", "acme", "--from", sample)).isEqualTo(1);
        assertThat(err.toString()).contains("prometheus recognises this body already");
    }

    @Test
    void nothingSaidIsWrongUsage() {
        assertThat(run()).isEqualTo(2);
    }

    private void assertSound(String name) {
        assertThat(Lint.check(routes).stream().filter(finding -> finding.file().contains("/" + name + "/")))
                .isEmpty();
        List<Result> results = new ArrayList<>();
        try (Golden golden = new Golden(routes, false)) {
            Folder.all(routes).forEach(folder -> results.addAll(golden.run(folder)));
        }
        assertThat(results)
                .filteredOn(result -> result.folder().name().equals(name))
                .hasSizeGreaterThan(1);
        assertThat(results).allSatisfy(result -> assertThat(result.problems()).isEmpty());
    }

    private JsonNode expected(String name, String sample) throws IOException {
        Path file = Folder.find(routes, name).orElseThrow().path().resolve("expected/" + sample + ".json");
        return StrictJson.read(Files.readAllBytes(file));
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--routes", routes.toString()));
        all.addAll(List.of(arguments));
        return new CommandLine(new NewCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
