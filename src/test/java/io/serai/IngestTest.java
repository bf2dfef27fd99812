package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serai.api.Keys;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the wire to the row: door, parse and record through the shipped routes, on a real ledger. */
class IngestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALERT =
            """
            {"id":"a-1","title":"Disk full","status":"firing","severity":"high","service":"files"}""";

    @TempDir
    Path folder;

    private Hub hub;
    private String one;

    @BeforeEach
    void start() throws Exception {
        hub = new Hub(folder, Map.of());
        one = new Keys(hub.store(), Clock.systemUTC())
                .create(List.of("ingest:prometheus"), "for one provider")
                .path("key")
                .asText();
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private HttpResponse<String> post(String path, String key, String body) throws Exception {
        return hub.post(path, body, "X-API-KEY", key.equals("all") ? hub.key() : one);
    }

    private long count(String sql) throws Exception {
        try (Connection connection = hub.store().reader().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    void answersAfterTheRowIsThereAndSaysWhatItDecided() throws Exception {
        HttpResponse<String> first = post("/api/alerts/event/generic", "all", ALERT);
        assertThat(first.statusCode()).isEqualTo(202);
        JsonNode data = JSON.readTree(first.body()).path("data");
        assertThat(data.path("alerts").path(0).path("verdict").asText()).isEqualTo("new");
        assertThat(count("select count(*) from receipt where seq = "
                        + data.path("receipt").asText()))
                .isEqualTo(1);
        HttpResponse<String> second = post("/api/alerts/event/generic", "all", ALERT);
        assertThat(second.body()).contains("\"verdict\":\"duplicate\"");
        assertThat(count("select count from alert")).isEqualTo(2);
    }

    @Test
    void recognisesTheBodyOnTheGenericDoorAndHoldsTheKeyToItsScope() throws Exception {
        assertThat(post("/api/alerts/event", "all", ALERT).body()).contains("\"verdict\":\"new\"");
        HttpResponse<String> refused = post("/api/alerts/event", "one", ALERT);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(count("select count(*) from receipt")).isEqualTo(1);
    }

    @Test
    void keepsWhatItCannotUseAndNamesTheField() throws Exception {
        HttpResponse<String> unknown = post("/api/alerts/event", "all", "{\"hello\":\"world\"}");
        assertThat(unknown.statusCode()).isEqualTo(422);
        assertThat(unknown.body()).contains("no provider recognises this body");
        HttpResponse<String> untitled =
                post("/api/alerts/event/generic", "all", "{\"id\":\"a-2\",\"status\":\"firing\",\"severity\":\"low\"}");
        assertThat(untitled.statusCode()).isEqualTo(422);
        assertThat(untitled.body()).contains("\"field\":\"title\"");
        assertThat(count("select count(*) from receipt where quarantined = 1")).isEqualTo(2);
        assertThat(count("select count(*) from alert")).isZero();
    }

    @Test
    void answersPartOfABatchItemByItem() throws Exception {
        HttpResponse<String> mixed = post("/api/alerts/event/generic", "all", "[" + ALERT + ",{\"id\":\"x\"}]");
        assertThat(mixed.statusCode()).isEqualTo(202);
        JsonNode alerts = JSON.readTree(mixed.body()).path("data").path("alerts");
        assertThat(alerts).hasSize(2);
        assertThat(alerts.path(1).path("verdict").asText()).isEqualTo("quarantined");
        assertThat(alerts.path(1).path("field").asText()).isEqualTo("[1].title");
    }

    @Test
    void refusesWhatIsNotJsonAndKeepsNothing() throws Exception {
        for (String body : new String[] {"", "{", "{} {}", "NaN", "[1,]", "\u0000"}) {
            assertThat(post("/api/alerts/event/generic", "all", body).statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(count("select count(*) from receipt")).isZero();
    }

    @Test
    void keepsWhatIsJsonButSaysOneThingTwice() throws Exception {
        HttpResponse<String> answer =
                post("/api/alerts/event/generic", "all", "{\"title\":\"a\",\"title\":\"b\",\"status\":\"firing\"}");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("an object has the same key twice");
        assertThat(count("select count(*) from receipt where quarantined = 1")).isEqualTo(1);
        assertThat(post("/api/alerts/event/generic", "all", "{\"a\":1,\"a\":2,}")
                        .statusCode())
                .as("and no JSON after that")
                .isEqualTo(400);
    }

    /** Text with thousands of commas, tags or marks must not be deeper for a mapping than text with one. */
    @Test
    void mapsLongListsInOneText() throws Exception {
        String commas = "tag, ".repeat(20_000);
        assertThat(post(
                                "/api/alerts/event/generic",
                                "all",
                                "{\"title\":\"" + "a|b\\\\".repeat(5_000)
                                        + "\",\"status\":\"firing\",\"severity\":\"low\",\"tags\":\"" + commas + "\"}")
                        .statusCode())
                .isEqualTo(202);
        assertThat(post(
                                "/api/alerts/event/dynatrace",
                                "all",
                                "{\"State\":\"OPEN\",\"ProblemID\":\"77\",\"PID\":\"7_7V2\","
                                        + "\"ProblemDetailsHTML\":\"" + "<b> x </b>&nbsp;".repeat(10_000)
                                        + "\",\"Tags\":\"" + commas + "\"}")
                        .statusCode())
                .isEqualTo(202);
    }
}
