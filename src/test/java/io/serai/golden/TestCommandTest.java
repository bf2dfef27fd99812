package io.serai.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.json.StrictJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TestCommandTest {
    @TempDir
    private Path routes;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void aProviderAndANotifier() throws IOException {
        write(
                "providers/acme/provider.yaml",
                """
                name: acme
                title: Acme
                description: Acme's alerts.
                kind: [webhook]
                detect: has("acme")
                key: [source_id]
                status: {default: firing}
                severity: {default: low}
                """);
        write("providers/acme/acme.jq", "[{source_id: .acme, title: .text, status: null, severity: null}]");
        write("providers/acme/samples/firing.json", "{\"acme\": \"a1\", \"text\": \"Hot\"}");
        write("notifiers/bell/bell.jq", "{text: .alert.title}");
        write("notifiers/bell/samples/firing.json", "{\"alert\": {\"title\": \"Hot\"}}");
        write("notifiers/bell/expected/firing.json", "{\"method\": \"PUT\", \"body\": {\"text\": \"Hot\"}}");
    }

    @Test
    void updateWritesWhatIsMissingAndThenAllPass() throws IOException {
        assertThat(run("acme")).isEqualTo(1);
        assertThat(out.toString()).contains("FAILED  providers/acme/samples/firing.json", "1 failed");

        assertThat(run("acme", "--update")).isZero();
        assertThat(run()).isZero();
        assertThat(StrictJson.read(Files.readAllBytes(routes.resolve("providers/acme/expected/firing.json")))
                        .path(0)
                        .path("severity")
                        .asText())
                .isEqualTo("low");
    }

    @Test
    void aDifferenceIsShownWithPathExpectedAndActual() throws IOException {
        run("acme", "--update");
        write("providers/acme/samples/firing.json", "{\"acme\": \"a1\", \"text\": \"Cold\"}");
        out.getBuffer().setLength(0);

        assertThat(run("acme", "--json")).isEqualTo(1);
        JsonNode sample = StrictJson.read(out.toString().trim().getBytes(StandardCharsets.UTF_8))
                .at("/data/samples/0");
        assertThat(sample.at("/problems/0").asText()).contains("[0].title", "expected: \"Hot\"", "actual:   \"Cold\"");
        assertThat(sample.at("/passed").asBoolean()).isFalse();
    }

    @Test
    void aBodyThatTwoDetectorsClaimFails() throws IOException {
        run("--update");
        write(
                "providers/other/provider.yaml",
                Files.readString(routes.resolve("providers/acme/provider.yaml")).replace("name: acme", "name: other"));
        assertThat(run("acme")).isEqualTo(1);
        assertThat(out.toString()).contains("claimed by acme and other");
    }

    /** What the door would give to detectors and mapping, they get here: fields of a form, headers beside the body. */
    @Test
    void aFormAndItsHeadersReachDetectorAndMapping() throws IOException {
        write(
                "providers/horn/provider.yaml",
                """
                name: horn
                title: Horn
                description: Horn's alerts.
                kind: [webhook]
                detect_headers: {x-horn: ^loud$}
                body: [form]
                key: [source_id]
                status: {default: firing}
                severity: {default: low}
                """);
        write("providers/horn/horn.jq", "[{source_id: .id, title: (.text + \" \" + variable(\"header.x-horn\"))}]");
        write("providers/horn/samples/firing.form", "id=h1&text=T%C3%BCt+t%C3%BCt");
        write("providers/horn/samples/firing.headers.json", "{\"x-horn\": \"loud\"}");

        assertThat(run("horn", "--update")).isZero();
        assertThat(Files.readString(routes.resolve("providers/horn/expected/firing.json")))
                .contains("\"Tüt tüt loud\"");

        write("providers/horn/samples/firing.headers.json", "{\"x-horn\": \"soft\", \"x-other\": \"1\"}");
        assertThat(run("horn")).isEqualTo(1);
        assertThat(out.toString()).contains("no detector knows", "header x-other is not read");

        write("providers/horn/samples/second.json", "{\"id\": \"h2\", \"text\": \"x\"}");
        run("horn");
        assertThat(out.toString()).contains("add json to body");
    }

    @Test
    void aMappingThatIsNoJqIsSaidSo() throws IOException {
        write("notifiers/bell/bell.jq", "{text: ");
        assertThat(run("bell")).isEqualTo(1);
        assertThat(out.toString()).contains("bell.jq: ");
    }

    @Test
    void anUnknownNameIsWrongUsage() {
        assertThat(run("nobody")).isEqualTo(2);
        assertThat(err.toString()).contains("no provider or notifier nobody");
    }

    private int run(String... arguments) {
        CommandLine command =
                new CommandLine(new TestCommand()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true));
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--routes";
        all[arguments.length + 1] = routes.toString();
        return command.execute(all);
    }

    private void write(String file, String text) throws IOException {
        Path path = routes.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
