package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.serai.correlate.Correlate;
import io.serai.door.Answers;
import io.serai.door.Door;
import io.serai.door.DoorKeeper;
import io.serai.door.DoorOptions;
import io.serai.door.Principal;
import io.serai.door.ProviderSecrets;
import io.serai.door.RateLimit;
import io.serai.enrich.CsvTables;
import io.serai.parse.Normaliser;
import io.serai.parse.ParseStage;
import io.serai.provider.Detection;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.TestMessages;
import io.serai.record.Ledger;
import io.serai.record.LedgerOptions;
import io.serai.record.Recorder;
import io.serai.record.Store;
import io.serai.route.Routing;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    Path data;

    private final HttpClient client = HttpClient.newHttpClient();
    private Store store;
    private Ledger ledger;
    private Door door;
    private RouteEngine engine;

    @BeforeEach
    void start() throws Exception {
        LedgerOptions options = LedgerOptions.embedded(data, "test");
        store = Store.open(options);
        ledger = new Ledger(store, options);
        ProviderSecrets none = new ProviderSecrets() {
            @Override
            public Optional<Hmac> hmac(String provider, String instance) {
                return Optional.empty();
            }

            @Override
            public Optional<Basic> basic(String provider, String instance) {
                return Optional.empty();
            }
        };
        door = new Door(
                new DoorOptions("127.0.0.1", 0, 1 << 20, 4, 64, Duration.ofSeconds(10), Duration.ofSeconds(10)),
                new DoorKeeper(
                        key -> key.equals("all")
                                ? Optional.of(new Principal("all", Set.of("ingest:*")))
                                : Optional.of(new Principal("one", Set.of("ingest:prometheus"))),
                        none),
                new RateLimit(0),
                new SimpleMeterRegistry(),
                Clock.systemUTC());
        Path routes = Path.of("routes");
        ProviderCatalog catalog = ProviderCatalog.load(routes);
        Recorder recorder = new Recorder(ledger, door.workers());
        ParseStage parse = new ParseStage(
                catalog, new Detection(catalog), new Normaliser(new TestMessages(catalog)), recorder, (name, id) -> false);
        engine = new RouteEngine(
                routes,
                Map.of(),
                Map.of(
                        "parse", parse,
                        "record", recorder,
                        "answer", new Answers(),
                        "platform-http-engine", door.engine(),
                        "tables", CsvTables.load(Path.of("tables")),
                        "correlate", new Correlate(List.of("service", "environment"), Duration.ofMinutes(15)),
                        "routing", new Routing(List.of())),
                context -> {});
        engine.start();
        door.listen();
    }

    @AfterEach
    void stop() {
        door.close();
        engine.close();
        ledger.close();
        store.close();
    }

    private HttpResponse<String> post(String path, String key, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + path))
                        .header("X-API-KEY", key)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private long count(String sql) throws Exception {
        try (Connection connection = store.reader().getConnection();
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
        assertThat(count("select count(*) from receipt where seq = " + data.path("receipt").asText())).isEqualTo(1);
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
        for (String body : new String[] {"", "{", "{} {}", "{\"a\":1,\"a\":2}", "NaN", "[1,]", "\u0000"}) {
            assertThat(post("/api/alerts/event/generic", "all", body).statusCode()).as(body).isEqualTo(400);
        }
        assertThat(count("select count(*) from receipt")).isZero();
    }
}
