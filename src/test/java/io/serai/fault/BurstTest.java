package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults 31, 33, 37, 39 on one hub: many distinct alerts at once, alerts that flap, thousands in one body, and times that
 * senders should not write (P1, P3, P5, P6).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BurstTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final long seed = Size.seed();
    private Scene scene;

    @BeforeAll
    void begin(@TempDir Path folder) throws Exception {
        Map<String, String> settings = Map.of("serai.max-body", "8MB", "serai.destination.ops.concurrency", "16");
        scene = new Scene(folder, Database.Kind.SQLITE, List.of("ops"), settings);
        scene.hub().start();
    }

    @AfterAll
    void end() throws Exception {
        scene.close();
    }

    @Test
    @Order(1)
    void manyDistinctAlertsAtOnceAreKeptOrRefusedInWords() throws Exception {
        int count = Size.of(1_500, 100_000);
        long began = System.nanoTime();
        scene.sender()
                .send(
                        () -> IntStream.range(0, count)
                                .mapToObj(i -> Words.firing("burst-" + i))
                                .iterator(),
                        0);
        long taken = System.nanoTime();
        Checker.Report report = check("burst");
        System.out.printf(
                "burst: %d words in %d ms, told %d ms later%n",
                count,
                Duration.ofNanos(taken - began).toMillis(),
                Duration.ofNanos(System.nanoTime() - taken).toMillis());
        assertThat(scene.sender().ledger().stream().map(Sent::status).distinct())
                .isSubsetOf(202, 429, 503);
        assertThat(report.counts().get("accepted")).isPositive();
    }

    @Test
    @Order(2)
    void alertsThatFlapAreToldInOrderAndNotOftenerThanTheyChange() throws Exception {
        int subjects = Size.of(20, 1_000);
        int rounds = Size.of(6, 60);
        int before = scene.told("ops").size();
        int words = scene.sender().ledger().size();
        for (int round = 0; round < rounds; round++) {
            boolean fires = round % 2 == 0;
            scene.sender()
                    .send(
                            IntStream.range(0, subjects)
                                    .mapToObj(i -> fires ? Words.firing("flap-" + i) : Words.resolved("flap-" + i))
                                    .toList(),
                            0);
        }
        check("flapping");
        List<Sent> sent = scene.sender().ledger();
        assertThat(sent.subList(words, sent.size())).allMatch(Sent::accepted);
        assertThat(scene.told("ops").size() - before).as("told").isBetween(subjects, subjects * rounds);
    }

    @Test
    @Order(3)
    void thousandsInOneBodyAreTakenOneByOneAndTheBrokenOneIsNamed() throws Exception {
        int count = Size.of(1_000, 10_000);
        ObjectNode body = (ObjectNode) JSON.readTree(Words.firing("group-0").body());
        ArrayNode alerts = (ArrayNode) body.get("alerts");
        for (int i = 1; i < count; i++) {
            alerts.add(JSON.readTree(Words.firing("group-" + i).body()).at("/alerts/0"));
        }
        ((ObjectNode) alerts.get(count / 2)).put("labels", "none");
        JsonNode answer = scene.hub().post("/api/alerts/event/prometheus", scene.key(), body.toString());
        JsonNode results = answer.at("/data/alerts");
        assertThat(results).hasSize(count);
        Map<String, Long> verdicts = IntStream.range(0, count)
                .mapToObj(i -> results.get(i).path("verdict").asText())
                .collect(Collectors.groupingBy(each -> each, Collectors.counting()));
        assertThat(verdicts).isEqualTo(Map.of("new", count - 1L, "quarantined", 1L));
        assertThat(results.get(count / 2).path("verdict").asText()).isEqualTo("quarantined");
        assertThat(results.get(count / 2).path("field").asText()).contains("labels");
        Set<String> fingerprints = new HashSet<>();
        results.forEach(each -> fingerprints.add(each.path("fingerprint").asText()));
        scene.ledger().awaitQuiet(PATIENCE);
        assertThat(scene.told("ops").stream().map(StubLine::fingerprint).filter(fingerprints::contains))
                .hasSize(count - 1)
                .doesNotHaveDuplicates();
    }

    @Test
    @Order(4)
    void aBodyThatIsTooLargeLeavesNothingBehind() throws Exception {
        long receipts = number("select count(*) from receipt");
        byte[] body = new byte[(8 << 20) + 1];
        Arrays.fill(body, (byte) ' ');
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(scene.hub().ingest())
                                .header("X-API-KEY", scene.key())
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(number("select count(*) from receipt")).isEqualTo(receipts);
    }

    @Test
    @Order(5)
    void whateverTimeASenderWritesTheAlertIsTakenAndToldOnce() throws Exception {
        URI generic = scene.hub().uri("/api/alerts/event/generic");
        List<String> times = List.of(
                "null",
                "\"1970-01-01T00:00:00Z\"",
                "\"0001-01-01T00:00:00Z\"",
                "\"9999-12-31T23:59:59.999999999Z\"",
                "\"+10000-01-01T00:00:00Z\"",
                "\"2026-01-02T03:04:05.123456789Z\"",
                "\"2026-01-02T03:04:05+14:00\"",
                "\"2026-01-02 03:04:05\"",
                "\"2016-12-31T23:59:60Z\"",
                "\"yesterday\"",
                "1767323045",
                "1767323045123456789",
                "-1",
                "1e400");
        scene.ledger().awaitQuiet(PATIENCE);
        int before = scene.told("ops").size();
        for (int i = 0; i < times.size(); i++) {
            for (String status : List.of("firing", "resolved")) {
                JsonNode answer = scene.hub()
                        .post(
                                generic.getPath(),
                                scene.key(),
                                "{\"title\":\"Odd time\",\"status\":\"%s\",\"severity\":\"high\",\"service\":\"odd-%d\",\"starts_at\":%s,\"timestamp\":%s}"
                                        .formatted(status, i, times.get(i), times.get(i)));
                assertThat(answer.at("/data/alerts/0/verdict").asText())
                        .as(times.get(i) + " " + answer)
                        .isEqualTo(status.equals("firing") ? "new" : "resolved");
            }
        }
        scene.ledger().awaitQuiet(PATIENCE);
        assertThat(scene.told("ops").size() - before).isBetween(times.size(), 2 * times.size());
        assertThat(number("select count(*) from receipt where received_at < "
                        + (System.currentTimeMillis() - 86_400_000)))
                .isZero();
    }

    private Checker.Report check(String what) throws SQLException {
        Checker.Report report = scene.check(what, seed, scene.sender().ledger());
        assertThat(report.faults()).isEmpty();
        return report;
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = scene.database().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
