package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.serai.config.Settings;
import io.serai.door.Door;
import io.serai.door.DoorKeeper;
import io.serai.door.DoorOptions;
import io.serai.door.ErrorCode;
import io.serai.door.NoSecrets;
import io.serai.door.RateLimit;
import io.serai.door.Refusal;
import io.serai.record.Dialect;
import io.serai.record.FreshStore;
import io.serai.record.LedgerOptions;
import io.serai.record.Store;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API through the real door, asked by the command line's own client. */
class ApiDoorTest {
    @TempDir
    Path folder;

    private Store store;
    private Keys keys;
    private Door door;
    private ApiDoor api;

    @BeforeEach
    void open() throws Exception {
        LedgerOptions options = FreshStore.options(Dialect.SQLITE, folder);
        store = Store.open(options);
        LedgerOfOne.fill(store, options);
        Clock clock = Clock.systemUTC();
        keys = new Keys(store, clock);
        Settings settings = Settings.load(Path.of("").toAbsolutePath(), null, Map.of(), Map.of());
        Actions actions = new Actions() {
            @Override
            public boolean replayDelivery(long delivery, String who) {
                return false;
            }

            @Override
            public int replayDead(String destination, Instant since, String who) {
                return 3;
            }

            @Override
            public ObjectNode replayReceipt(long receipt, String who) {
                return Rows.object().put("receipt", receipt + " by " + who);
            }

            @Override
            public ObjectNode pull(String provider, String instance, String since) {
                return Rows.object().put("provider", provider + "/" + instance + "/" + since);
            }

            @Override
            public ObjectNode status() {
                return Rows.object().put("node", "n");
            }

            @Override
            public ObjectNode reload(String who) {
                return Rows.object().put("result", "taken for " + who);
            }
        };
        door = new Door(
                new DoorOptions("127.0.0.1", 0, 100_000, 2, 16, 16, Duration.ofSeconds(5), Duration.ofSeconds(5)),
                new DoorKeeper(keys, new NoSecrets(), 1000),
                new RateLimit(0),
                new SimpleMeterRegistry(),
                clock);
        api = new ApiDoor(new ApiHandler(store, keys, () -> settings, actions, clock));
        api.open(door);
        door.listen();
    }

    @AfterEach
    void close() {
        door.close();
        api.close();
        store.close();
    }

    private String url() {
        return "http://127.0.0.1:" + door.port();
    }

    private HttpOperations with(String scope) {
        return new HttpOperations(
                url() + "/", keys.create(List.of(scope), "").path("key").asText());
    }

    @Test
    void theServerAndTheLedgerSayTheSame() {
        Settings settings = Settings.load(Path.of("").toAbsolutePath(), null, Map.of(), Map.of());
        Clock clock = Clock.systemUTC();
        ApiHandler handler = new ApiHandler(store, keys, () -> settings, new LocalActions(() -> null), clock);
        try (HttpOperations server = with("read");
                LocalOperations ledger = new LocalOperations(handler, () -> {})) {
            for (String path : List.of(
                    "/api/alerts",
                    "/api/alerts/1",
                    "/api/alerts/1/explain",
                    "/api/receipts",
                    "/api/receipts/1",
                    "/api/deliveries",
                    "/api/deliveries/1",
                    "/api/quarantine",
                    "/api/incidents",
                    "/api/providers",
                    "/api/notifiers",
                    "/api/destinations")) {
                ObjectNode expected = ledger.get(path, Map.of());
                assertThat(server.get(path, Map.of()).toString()).as(path).isEqualTo(expected.toString());
                assertThat(expected).as(path).isNotEmpty();
            }
            assertThat(server.get("/api/alerts", Map.of("status", "resolved")).path("alerts"))
                    .isEmpty();
        }
    }

    @Test
    void eachScopeDoesWhatItMayAndNoMore() {
        try (HttpOperations reader = with("read");
                HttpOperations operator = with("operate");
                HttpOperations admin = with("admin");
                HttpOperations sender = with("ingest:*")) {
            ObjectNode none = Rows.object();
            refused(ErrorCode.PERMISSION_DENIED, () -> sender.get("/api/alerts", Map.of()));
            refused(ErrorCode.PERMISSION_DENIED, () -> reader.post("/api/receipts/1/replay", none));
            refused(ErrorCode.PERMISSION_DENIED, () -> operator.get("/api/keys", Map.of()));
            assertThat(operator.post("/api/receipts/1/replay", none)
                            .path("receipt")
                            .asText())
                    .startsWith("1 by ");
            ObjectNode range = Rows.object().put("since", "2hours");
            assertThat(operator.post("/api/providers/dynatrace/pull", range)
                            .path("provider")
                            .asText())
                    .isEqualTo("dynatrace/default/2hours");
            ObjectNode scopes = Rows.object();
            scopes.putArray("scopes").add("ingest:generic");
            ObjectNode made = admin.post("/api/keys", scopes);
            assertThat(keys.verify(made.path("key").asText())).isPresent();
            admin.post("/api/keys/" + made.path("id").asText() + "/revoke", none);
            assertThat(keys.verify(made.path("key").asText())).isEmpty();
        }
    }

    @Test
    void errorsNameTheFieldAndShowNothingElse() throws Exception {
        try (HttpOperations reader = with("read")) {
            assertThatThrownBy(() -> reader.get("/api/alerts", Map.of("limit", "x")))
                    .isInstanceOfSatisfying(Refusal.class, refusal -> {
                        assertThat(refusal.code()).isEqualTo(ErrorCode.VALIDATION_ERROR);
                        assertThat(refusal.details()).containsExactly(new Refusal.Detail("limit", "must be 1 to 500"));
                    });
            refused(ErrorCode.NOT_FOUND, () -> reader.get("/api/alerts/77", Map.of()));
        }
        HttpResponse<String> unknown = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url() + "/api/alerts/event/nobody"))
                                .header(
                                        "X-API-KEY",
                                        keys.create(List.of("ingest:*"), "")
                                                .path("key")
                                                .asText())
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(unknown.statusCode()).isEqualTo(404);
    }

    @Test
    void withoutAServerTheRemedyIsNamed() {
        String gone = url();
        door.close();
        assertThatThrownBy(() -> new HttpOperations(gone, "x").get("/api/alerts", Map.of()))
                .isInstanceOf(ServerUnreachable.class)
                .hasMessageContaining("./serai run");
    }

    private interface Call {
        Object made();
    }

    private static void refused(ErrorCode code, Call call) {
        assertThatThrownBy(call::made).isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.code())
                .isEqualTo(code));
    }
}
