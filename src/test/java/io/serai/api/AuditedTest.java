package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.serai.config.Settings;
import io.serai.deliver.Destinations;
import io.serai.deliver.NotifierCatalog;
import io.serai.deliver.Outbox;
import io.serai.door.Principal;
import io.serai.record.Dialect;
import io.serai.record.FreshStore;
import io.serai.record.LedgerOptions;
import io.serai.record.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fault 62: everything that the API changes is in the audit. */
class AuditedTest {
    private static final Principal ANNA = new Principal("k7", Set.of("admin"), new Principal.Person("anna", "storage"));
    /** These change nothing. */
    private static final Set<String> READ_ONLY = Set.of("providers/prometheus/check", "integrations/prometheus/test");

    @TempDir
    Path folder;

    private Store store;
    private Keys keys;
    private ApiHandler api;

    private void open(Dialect dialect) throws Exception {
        LedgerOptions options = FreshStore.options(dialect, folder);
        store = Store.open(options);
        LedgerOfOne.fill(store, options);
        Clock clock = Clock.systemUTC();
        Settings settings = Settings.load(Path.of("").toAbsolutePath(), null, Map.of(), Map.of());
        Outbox outbox =
                new Outbox(store, Destinations.of(Map.of(), NotifierCatalog.load(Path.of("routes"))), "n", clock);
        keys = new Keys(store, clock);
        api = new ApiHandler(store, keys, () -> settings, new LocalActions(() -> outbox), clock);
    }

    private List<JsonNode> audit() {
        List<JsonNode> entries = new ArrayList<>();
        api.get("audit", Map.of("limit", "500"), ANNA).path("audit").forEach(entry -> entries.add(0, entry));
        return entries;
    }

    private static String brief(JsonNode entry) {
        return entry.path("who").asText() + " " + entry.path("action").asText() + " "
                + entry.path("subject").asText() + " " + entry.path("outcome").asText();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void theLifeOfAKeyWithItsStatesBeforeAndAfter(Dialect dialect) throws Exception {
        open(dialect);
        ObjectNode wanted = Rows.object();
        wanted.putArray("scopes").add("read");
        String id = api.post("keys", wanted, ANNA).path("id").asText();
        String next = api.post("keys/" + id + "/rotate", Rows.object(), ANNA)
                .path("id")
                .asText();
        api.post("keys/" + id + "/revoke", Rows.object(), ANNA);
        List<JsonNode> entries = audit();
        assertThat(entries)
                .extracting(AuditedTest::brief)
                .containsExactly(
                        "anna (k7) key.create key " + id + " done",
                        "anna (k7) key.create key " + next + " done",
                        "anna (k7) key.rotate key " + id + " done",
                        "anna (k7) key.revoke key " + id + " done");
        assertThat(entries.get(0).path("before").isNull()).isTrue();
        assertThat(entries.get(2).path("before")).isEqualTo(entries.get(0).path("after"));
        assertThat(entries.get(3).path("before")).isEqualTo(entries.get(2).path("after"));
        assertThat(entries.get(3).path("after")).isNotEqualTo(entries.get(3).path("before"));
        assertThat(api.get("audit/verify", Map.of(), ANNA).path("intact").asBoolean())
                .isTrue();
        store.close();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void replaysOfOneOfAllAndSinceATimeAreAskedForAndThenDone(Dialect dialect) throws Exception {
        open(dialect);
        api.post("deliveries/replay", Rows.object().put("delivery", "1"), ANNA);
        catchThrowable(() -> api.post("deliveries/replay", Rows.object().put("delivery", "1"), ANNA));
        api.post("deliveries/replay", Rows.object().put("destination", "console"), ANNA);
        api.post("deliveries/replay", Rows.object().put("since", "2026-05-04T12:00:00Z"), ANNA);
        catchThrowable(() -> api.post("receipts/3/replay", Rows.object(), ANNA));
        List<JsonNode> entries = audit();
        assertThat(entries)
                .extracting(AuditedTest::brief)
                .containsExactly(
                        "anna (k7) delivery.replay delivery 1 asked",
                        "anna (k7) delivery.replay delivery 1 done",
                        "anna (k7) delivery.replay delivery 1 asked",
                        "anna (k7) delivery.replay delivery 1 failed",
                        "anna (k7) delivery.replay dead deliveries of console asked",
                        "anna (k7) delivery.replay dead deliveries of console done",
                        "anna (k7) delivery.replay dead deliveries of all destinations since 2026-05-04T12:00:00Z asked",
                        "anna (k7) delivery.replay dead deliveries of all destinations since 2026-05-04T12:00:00Z done",
                        "anna (k7) quarantine.replay receipt 3 asked",
                        "anna (k7) quarantine.replay receipt 3 failed");
        assertThat(entries.get(1).path("detail").toString()).isEqualTo("{\"asked\":\"1\",\"replayed\":1}");
        assertThat(entries.get(1).path("after")).isNotEqualTo(entries.get(1).path("before"));
        assertThat(entries.get(3).path("detail").path("code").asText()).isEqualTo("NOT_FOUND");
        store.close();
    }

    /** Walks over the API's own description, so that a path that is added is not forgotten here. */
    @Test
    void everyPathThatChangesSomethingIsAudited() throws Exception {
        open(Dialect.SQLITE);
        JsonNode paths = new YAMLMapper()
                .readTree(Path.of("schema/openapi.yaml").toFile())
                .path("paths");
        int changing = 0;
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            if (!path.getValue().has("post") || path.getKey().startsWith("/api/alerts/event")) {
                continue;
            }
            String called = path.getKey()
                    .substring("/api/".length())
                    .replace("/keys/{id}", "/keys/x")
                    .replace("{provider}", "prometheus");
            called = called.startsWith("keys/")
                    ? called.replace(
                            "{id}", keys.create(List.of("read"), "").path("id").asText())
                    : called.replace("{id}", called.startsWith("providers") ? "prometheus" : "1");
            ObjectNode body = Rows.object();
            if (called.equals("keys")) {
                body.putArray("scopes").add("read");
            } else if (called.equals("deliveries/replay")) {
                body.put("delivery", "1");
            } else if (called.endsWith("/setup")) {
                body.put("url", "https://serai.example.org");
            } else if (called.endsWith("/rules")) {
                body.put("name", "disk");
            }
            int before = audit().size();
            String which = called;
            // Another system is not asked by this process; that it was to be is written down all the same.
            Throwable refused = catchThrowable(() -> api.post(which, body, ANNA));
            boolean readOnly = READ_ONLY.contains(called);
            assertThat(audit().size() > before)
                    .as(called + " is audited, and not only refused: " + refused)
                    .isEqualTo(!readOnly);
            changing += readOnly ? 0 : 1;
        }
        assertThat(changing).isGreaterThan(7);
        store.close();
    }
}
