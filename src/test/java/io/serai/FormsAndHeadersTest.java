package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serai.api.Keys;
import io.serai.record.FreshStore;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider that sends forms and texts and says in a header what it sends: by its door, the generic one, and replay. */
class FormsAndHeadersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FORM = "application/x-www-form-urlencoded";

    @TempDir
    Path folder;

    private Hub hub;
    private String key;
    private Path horn;

    @BeforeEach
    void aHubWithOneMoreProvider() throws Exception {
        Path routes = folder.resolve("routes");
        copy(Path.of("routes"), routes);
        horn = Files.createDirectories(routes.resolve("providers/horn"));
        write(
                "provider.yaml",
                """
                name: horn
                title: Horn
                description: Horn's alerts.
                kind: [webhook]
                detect: if type == "object" then has("horn_id") else type == "string" and startswith("horn ") end
                headers: [x-horn-event]
                body: [json, form, text]
                key: [source_id]
                status: {over: resolved, default: firing}
                severity: {default: low}
                docs: https://horn.example/
                """);
        mapping("variable(\"header.x-horn-event\")");
        for (String file : List.of("webhook", "parse")) {
            write(
                    "horn-" + file + ".camel.yaml",
                    Files.readString(Path.of("routes/providers/overwatch/overwatch-" + file + ".camel.yaml"))
                            .replace("overwatch", "horn"));
        }
        hub = new Hub(folder, Map.of("serai.routes", routes.toString()));
        key = hub.key();
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(horn.resolve(file), text);
    }

    private void mapping(String status) throws IOException {
        write(
                "horn.jq",
                "if type == \"string\" then [{source_id: ., title: ., status: " + status + "}]\n"
                        + "else [{source_id: .horn_id, title: .horn_text, status: " + status + "}] end\n");
    }

    private JsonNode post(String path, String body, String type, String event, int status) throws Exception {
        HttpResponse<String> answer =
                hub.post(path, body, "X-API-KEY", key, "Content-Type", type, "X-Horn-Event", event);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    private static String verdict(JsonNode answer) {
        return answer.at("/data/alerts/0/verdict").asText();
    }

    @Test
    void aFormOpensAndItsHeaderResolves() throws Exception {
        String form = "horn_id=h1&horn_text=T%C3%BCt+%26+t%C3%BCt";
        assertThat(verdict(post("/api/alerts/event/horn", form, FORM, "begun", 202)))
                .isEqualTo("new");
        assertThat(verdict(post("/api/alerts/event", form, FORM, "over", 202))).isEqualTo("resolved");
        assertThat(FreshStore.number(
                        hub.store(), "select count(*) from alert_full where content like '%\"title\":\"Tüt & tüt\"%'"))
                .isEqualTo(1);
        assertThat(FreshStore.number(
                        hub.store(),
                        "select count(*) from receipt where cast(body as text) = '" + form
                                + "' and headers like '%x-horn-event%'"))
                .isEqualTo(2);
    }

    @Test
    void aTextIsTakenWhereItIsKnown() throws Exception {
        assertThat(verdict(post("/api/alerts/event/horn", "web-1 down", "text/plain", "begun", 202)))
                .isEqualTo("new");
        assertThat(verdict(post("/api/alerts/event", "horn at web-2", "text/plain", "begun", 202)))
                .isEqualTo("new");
        post("/api/alerts/event", "nobody's text", "text/plain", "begun", 422);
        assertThat(FreshStore.number(hub.store(), "select count(*) from receipt where quarantined = 1"))
                .isEqualTo(1);
    }

    @Test
    void whatIsBrokenOrNotTakenIsRefusedAndNotKept() throws Exception {
        post("/api/alerts/event/horn", "horn_id=%zz", FORM, "begun", 400);
        post("/api/alerts/event", "horn_id=%f", FORM, "begun", 400);
        post("/api/alerts/event/overwatch", "id=1", FORM, "begun", 400);
        post("/api/alerts/event/overwatch", "down", "text/plain", "begun", 400);
        assertThat(FreshStore.number(hub.store(), "select count(*) from receipt"))
                .isZero();
    }

    /** Replay sees the form and the header of then. */
    @Test
    void aQuarantinedFormIsReplayedWithItsHeaders() throws Exception {
        mapping("error(\"not yet\")");
        restart();
        String form = "horn_id=h9&horn_text=late";
        post("/api/alerts/event/horn", form, FORM, "over", 422);
        mapping("variable(\"header.x-horn-event\")");
        restart();

        String operator = new Keys(hub.store(), Clock.systemUTC())
                .create(List.of("operate"), "replays")
                .path("key")
                .asText();
        long seq = FreshStore.number(hub.store(), "select max(seq) from receipt");
        HttpResponse<String> answer = hub.post("/api/receipts/" + seq + "/replay", "", "X-API-KEY", operator);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(FreshStore.number(
                        hub.store(),
                        "select count(*) from receipt where parent = " + seq + " and headers like '%\"over\"%'"))
                .isEqualTo(1);
        assertThat(FreshStore.number(
                        hub.store(), "select count(*) from alert_full where content like '%\"status\":\"resolved\"%'"))
                .isEqualTo(1);
    }

    private void restart() throws Exception {
        hub.close();
        hub = new Hub(folder, Map.of("serai.routes", folder.resolve("routes").toString()));
    }

    /** CloudEvents' binary mode: the attributes are headers, and data is optional. */
    @Test
    void anEventWhoseHeadersSayAllNeedsNoBody() throws Exception {
        for (String path : List.of("/api/alerts/event/cloudevents", "/api/alerts/event")) {
            HttpResponse<String> answer = hub.post(
                    path,
                    "",
                    "X-API-KEY",
                    key,
                    "ce-specversion",
                    "1.0",
                    "ce-id",
                    "5c1f",
                    "ce-source",
                    "/ovens",
                    "ce-type",
                    "org.example.oven.alert.fired",
                    "ce-subject",
                    "oven-3");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        }
        assertThat(FreshStore.number(
                        hub.store(),
                        "select count(*) from alert_full where provider = 'cloudevents' and content like '%oven-3%'"))
                .isEqualTo(1);
        HttpResponse<String> replayed = hub.post("/api/receipts/1/replay", "", "X-API-KEY", hub.operatorKey());
        assertThat(replayed.statusCode()).as(replayed.body()).isEqualTo(200);
        HttpResponse<String> silent = hub.post("/api/alerts/event/cloudevents", "", "X-API-KEY", key);
        assertThat(silent.statusCode()).isEqualTo(400);
    }
}
