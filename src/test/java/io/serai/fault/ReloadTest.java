package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fault 67: the files of a running server are edited, mostly badly, while alerts come in without a pause. No request is
 * refused, no alert is lost, nothing is told twice; what ran before runs on, and a good edit takes its place (P9).
 */
class ReloadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String PARSE = "providers/prometheus/prometheus-parse.camel.yaml";
    private static final String MAPPING = "providers/prometheus/prometheus.jq";
    private static final String DESCRIPTOR = "providers/prometheus/provider.yaml";
    private static final String ROUTING = "core/alert-route.camel.yaml";
    private static final String RECORD = "core/alert-record.camel.yaml";
    private static final String SINK = "kamelets/serai-http-sink.kamelet.yaml";

    @TempDir
    Path folder;

    private Path routes;

    /** Spoils the files; each number in another way, so that no edit is like one before. */
    private interface Edit {
        void make(int number) throws IOException;
    }

    @BeforeEach
    void ownRoutes() throws IOException {
        routes = folder.resolve("own/routes");
        Path shipped = Path.of("routes").toAbsolutePath();
        try (Stream<Path> all = Files.walk(shipped)) {
            for (Path each : all.toList()) {
                Files.copy(each, made(routes.resolve(shipped.relativize(each))));
            }
        }
    }

    private static Path made(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return file;
    }

    private String text(String name) throws IOException {
        return Files.readString(routes.resolve(name));
    }

    /** As a careful tool writes: under another name first. */
    private void write(String name, String text) throws IOException {
        Path beside = Files.writeString(made(routes.resolve(name + ".tmp")), text);
        Files.move(beside, routes.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private void add(String name, String text) throws IOException {
        Files.writeString(routes.resolve(name), text, StandardOpenOption.APPEND);
    }

    private static String route(String id, String from, String to) {
        return """
                - route:
                    id: %s
                    from:
                      uri: %s
                      steps:
                        - to:
                            uri: %s
                """
                .formatted(id, from, to);
    }

    private Map<String, Edit> badEdits() {
        Map<String, Edit> edits = new LinkedHashMap<>();
        edits.put("syntax", number -> add(ROUTING, "- route: [" + number));
        edits.put(
                "unknown component",
                number -> write("core/extra.camel.yaml", route("extra", "direct:extra", "nosuch:" + number)));
        edits.put("duplicate id", number -> write("core/again.camel.yaml", text(RECORD) + "# " + number));
        edits.put(
                "missing placeholder",
                number -> write(
                        "core/extra.camel.yaml", route("extra", "direct:extra", "direct:{{no.such." + number + "}}")));
        edits.put(
                "fails at start",
                number -> write(
                        "core/extra.camel.yaml",
                        route("extra", "direct:alert-record", "direct:alert-enrich") + "# " + number));
        edits.put("empty file", number -> {
            write(PARSE, "");
            add(RECORD, "# " + number + "\n");
        });
        edits.put("half a file", number -> {
            String whole = text(MAPPING);
            write(MAPPING, whole.substring(0, whole.length() / 2) + " # " + number);
        });
        edits.put("deleted file", number -> {
            Files.delete(routes.resolve(MAPPING));
            add(RECORD, "# " + number + "\n");
        });
        edits.put("wrong mapping", number -> write(MAPPING, text(MAPPING) + "\n| map(.title = \"" + number + "\")"));
        edits.put("wrong descriptor", number -> add(DESCRIPTOR, "\nseverety: " + number + "\n"));
        edits.put("broken step", number -> write(SINK, text(SINK).replace("removeHeaders", "removeHeaderz" + number)));
        edits.put(
                "forbidden step",
                number -> add(ROUTING, "        - toD:\n            uri: direct:${body}" + number + "\n"));
        return edits;
    }

    @Test
    void badEditsChangeNothingAndGoodOnesTakeOver() throws Exception {
        long seed = Size.seed();
        int times = Size.of(4, 1_000);
        List<String> missed = new ArrayList<>();
        try (Scene scene = scene(Map.of())) {
            scene.hub().start();
            Thread sending = new Thread(() -> send(scene, new Talk("reload", seed)), "sending");
            sending.start();
            List<Map.Entry<String, Edit>> edits = List.copyOf(badEdits().entrySet());
            String title = quickly(scene, "Prometheus Alertmanager");
            for (int i = 0; i < times; i++) {
                Map<String, byte[]> good = remember();
                Map.Entry<String, Edit> edit = edits.get(Math.floorMod(seed + i, edits.size()));
                String before = refused(scene).path("edit").asText("");
                edit.getValue().make(i);
                await(edit.getKey())
                        .atMost(PATIENCE)
                        .until(() -> !refused(scene).path("edit").asText(before).equals(before));
                if (!title(scene).equals(title)) {
                    missed.add(edit.getKey() + " " + i);
                }
                restore(good);
                if (i % 7 == 6) {
                    String next = "Prometheus " + i;
                    write(DESCRIPTOR, text(DESCRIPTOR).replace("title: " + title, "title: " + next));
                    await("good edit").atMost(PATIENCE).until(() -> title(scene).equals(next));
                    title = next;
                }
            }
            await("all taken back").atMost(PATIENCE).until(() -> refused(scene).isMissingNode());
            sending.interrupt();
            sending.join();
            List<Sent> sent = scene.sender().ledger();
            assertThat(configuration(scene).path("generation").asInt())
                    .as("good edits")
                    .isGreaterThan(2);
            Checker.Report report = scene.check("reload, " + times + " bad edits", seed, sent);
            assertThat(missed).as("edits after which something else ran").isEmpty();
            assertThat(report.faults()).isEmpty();
            assertThat(report.counts().get("repeated")).as("told twice").isZero();
            assertThat(sent).hasSizeGreaterThan(times).extracting(Sent::status).containsOnly(202);
            assertThat(scene.hub().metrics())
                    .contains("serai_configuration_edits_total{result=\"refused\"} " + times + ".0")
                    .contains("serai_configuration_refused 0");
        }
    }

    /** One edit in two writes, and twenty that follow each other at once, end as the last of them says. */
    private String quickly(Scene scene, String title) throws Exception {
        String whole = text(DESCRIPTOR).replace("title: " + title, "title: In two parts");
        Files.writeString(routes.resolve(DESCRIPTOR), whole.substring(0, whole.length() / 2));
        Files.writeString(routes.resolve(DESCRIPTOR), whole.substring(whole.length() / 2), StandardOpenOption.APPEND);
        await().atMost(PATIENCE).until(() -> title(scene).equals("In two parts"));

        int generation = configuration(scene).path("generation").asInt();
        for (int i = 1; i <= 20; i++) {
            Files.writeString(routes.resolve(DESCRIPTOR), whole.replace("In two parts", "Quick " + i));
        }
        await().atMost(PATIENCE).until(() -> title(scene).equals("Quick 20"));
        assertThat(configuration(scene).path("generation").asInt())
                .as("edits that were taken")
                .isLessThan(generation + 20);
        return "Quick 20";
    }

    @Test
    void aDestinationAndAProviderComeAndGoWithoutARestartAndAnOperatorIsToldOfABadEdit() throws Exception {
        // A reload that is asked for may take long on a busy machine; the connection must bear that.
        try (Scene scene = scene(Map.of("serai.reload", "false", "serai.door.idle-timeout", "5m"))) {
            SeraiProcess hub = scene.hub();
            hub.start();
            String operator = hub.key("read,operate");
            scene.sender().send(Words.firing("before"));

            hub.set("serai.destination.late.notifier", "webhook");
            hub.set("serai.destination.late.url", scene.stub().url("/late"));
            hub.set("serai.max-body", "2MB");
            JsonNode taken = hub.post("/api/reload", operator, "{}");
            assertThat(taken.at("/data/result").asText()).isEqualTo("taken");
            assertThat(taken.at("/data/configuration/needs_restart").toString()).isEqualTo("[\"serai.max-body\"]");
            scene.sender().send(Words.firing("after"));
            await().atMost(PATIENCE).until(() -> scene.told("late").size() == 1);

            remove(routes.resolve("providers/uptimekuma"));
            assertThat(hub.post("/api/reload", operator, "{}")
                            .at("/data/result")
                            .asText())
                    .isEqualTo("taken");
            assertThat(hub.post("/api/alerts/event/uptimekuma", scene.key(), "{}")
                            .at("/error/code")
                            .asText())
                    .isEqualTo("NOT_FOUND");
            assertThat(hub.post("/api/reload", operator, "{}")
                            .at("/data/result")
                            .asText())
                    .isEqualTo("unchanged");

            // Nothing reads the details of such a body any more: what is left does not pass.
            Files.delete(routes.resolve(PARSE));
            JsonNode refused = hub.post("/api/reload", operator, "{}");
            assertThat(refused.at("/error/code").asText()).isEqualTo("CONFIGURATION_REFUSED");
            assertThat(refused.at("/error/details").toString()).contains("routes/providers/prometheus");
            assertThat(scene.sender().send(Words.firing("still")).status()).isEqualTo(202);
            await().atMost(PATIENCE).until(() -> told(scene, "\"configuration-refused/node-1\"", "firing"));

            Files.copy(Path.of("routes").resolve(PARSE), routes.resolve(PARSE));
            assertThat(hub.post("/api/reload", operator, "{}")
                            .at("/data/result")
                            .asText())
                    .isEqualTo("unchanged");
            await().atMost(PATIENCE).until(() -> told(scene, "\"configuration-refused/node-1\"", "resolved"));
            audited(scene);
        }
    }

    /** Fault 62: what the two good edits and the bad one left in the audit. */
    private static void audited(Scene scene) throws Exception {
        List<JsonNode> entries = new ArrayList<>();
        scene.hub()
                .get("/api/audit?action=configuration&limit=500", scene.key())
                .at("/data/audit")
                .forEach(entry -> entries.add(0, entry));
        assertThat(entries).extracting(each -> each.path("who").asText()).containsExactly("start", "reload", "reload");
        assertThat(entries.get(1).at("/detail/changed").toString()).isEqualTo("[\"application.properties\"]");
        assertThat(entries.get(2).at("/detail/changed").toString())
                .contains("routes/providers/uptimekuma/provider.yaml")
                .doesNotContain("prometheus", "application.properties");
        for (int i = 1; i < entries.size(); i++) {
            assertThat(entries.get(i).path("before"))
                    .as("state before entry " + i)
                    .isEqualTo(entries.get(i - 1).path("after"))
                    .isNotEqualTo(entries.get(i).path("after"));
        }
        List<String> asked = new ArrayList<>();
        scene.hub()
                .get("/api/audit?action=configuration.reload&limit=500", scene.key())
                .at("/data/audit")
                .forEach(entry -> asked.add(0, entry.path("outcome").asText()));
        assertThat(asked)
                .as("who asked, and how it ended: taken, taken, unchanged, refused, unchanged")
                .containsExactly("asked", "done", "asked", "done", "asked", "done", "asked", "failed", "asked", "done");
        assertThat(scene.hub()
                        .get("/api/audit/verify", scene.key())
                        .at("/data/intact")
                        .asBoolean())
                .isTrue();
    }

    private static boolean told(Scene scene, String source, String status) throws Exception {
        JsonNode alerts = scene.hub().get("/api/alerts?provider=serai", scene.key());
        for (JsonNode each : alerts.at("/data/alerts")) {
            JsonNode alert = scene.hub().get("/api/alerts/" + each.path("id").asText(), scene.key());
            if (alert.toString().contains(source)
                    && each.path("status").asText().equals(status)) {
                return true;
            }
        }
        return false;
    }

    private Scene scene(Map<String, String> more) throws Exception {
        Map<String, String> settings = new LinkedHashMap<>(more);
        settings.put("serai.routes", routes.toString());
        settings.put("serai.reload.interval", "100ms");
        settings.put("serai.destination.ops.providers", "prometheus");
        return new Scene(folder.resolve("scene"), Database.Kind.SQLITE, List.of("ops"), settings);
    }

    private static void send(Scene scene, Talk talk) {
        try {
            scene.sender().send(talk, Size.of(40, 100));
        } catch (InterruptedException e) {
            // that is how it ends
        }
    }

    private static JsonNode configuration(Scene scene) throws Exception {
        return scene.hub().get("/api/status", scene.key()).at("/data/configuration");
    }

    private static JsonNode refused(Scene scene) throws Exception {
        JsonNode refused = configuration(scene).path("refused");
        return refused.isNull() ? com.fasterxml.jackson.databind.node.MissingNode.getInstance() : refused;
    }

    private static String title(Scene scene) throws Exception {
        return scene.hub()
                .get("/api/providers/prometheus", scene.key())
                .at("/data/title")
                .asText();
    }

    private Map<String, byte[]> remember() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : List.of(PARSE, MAPPING, DESCRIPTOR, ROUTING, RECORD, SINK)) {
            files.put(name, Files.readAllBytes(routes.resolve(name)));
        }
        return files;
    }

    private void restore(Map<String, byte[]> files) throws IOException {
        Files.deleteIfExists(routes.resolve("core/extra.camel.yaml"));
        Files.deleteIfExists(routes.resolve("core/again.camel.yaml"));
        for (Map.Entry<String, byte[]> each : files.entrySet()) {
            write(each.getKey(), new String(each.getValue(), StandardCharsets.UTF_8));
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
