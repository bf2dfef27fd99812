package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.config.Settings;
import io.serai.deliver.Destinations;
import io.serai.deliver.NotifierCatalog;
import io.serai.deliver.Outbox;
import io.serai.door.ErrorCode;
import io.serai.door.Principal;
import io.serai.door.Refusal;
import io.serai.record.Dialect;
import io.serai.record.FreshStore;
import io.serai.record.LedgerOptions;
import io.serai.record.SetClock;
import io.serai.record.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The same answers from both stores. */
class ApiHandlerTest {
    private static final Principal READER = new Principal("reader", Set.of("read"));
    private static final Principal OPERATOR = new Principal("operator", Set.of("operate"));
    private static final Principal ADMIN = new Principal("admin", Set.of("admin"));

    @TempDir
    Path folder;

    private Store store;
    private ApiHandler api;

    private void open(Dialect dialect) throws Exception {
        LedgerOptions options = FreshStore.options(dialect, folder);
        store = Store.open(options);
        LedgerOfOne.fill(store, options);
        Clock clock = new SetClock(LedgerOfOne.NOON.plusSeconds(600));
        Settings settings = Settings.load(
                Path.of("").toAbsolutePath(),
                null,
                Map.of(),
                Map.of(
                        "serai.destination.ops-sms.notifier", "webhook",
                        "serai.destination.ops-sms.severities", "info",
                        "serai.destination.new-one.notifier", "webhook"));
        Outbox outbox =
                new Outbox(store, Destinations.of(Map.of(), NotifierCatalog.load(Path.of("routes"))), "n", clock);
        api = new ApiHandler(store, new Keys(store, clock), () -> settings, new LocalActions(() -> outbox), clock);
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
        }
    }

    private ObjectNode get(String path, String... query) {
        return api.get(path, query.length == 0 ? Map.of() : Map.of(query[0], query[1]), READER);
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void alertsHaveTheCanonicalShape(Dialect dialect) throws Exception {
        open(dialect);
        JsonNode alert = get("alerts").path("alerts").path(0);
        assertThat(alert.path("id").isTextual()).isTrue();
        assertThat(alert.path("fingerprint").asText()).isEqualTo(LedgerOfOne.DISK.toString());
        assertThat(alert.path("count").asInt()).isEqualTo(2);
        assertThat(alert.path("first_received").asText()).isEqualTo("2026-05-04T12:00:00Z");
        assertThat(alert.path("last_received").asText()).isEqualTo("2026-05-04T12:01:00Z");
        assertThat(alert.path("starts_at").asText()).isEqualTo("2026-05-04T11:59:00Z");
        assertThat(alert.path("labels").path("host").asText()).isEqualTo("db-1");
        assertThat(alert.path("original").path("severity").asText()).isEqualTo("page");
        assertThat(alert.fieldNames())
                .toIterable()
                .contains(
                        "provider",
                        "instance",
                        "source_id",
                        "title",
                        "description",
                        "status",
                        "severity",
                        "service",
                        "environment",
                        "ends_at",
                        "annotations",
                        "url");
        assertThat(alert.path("environment").isNull()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void alertsAreFiltered(Dialect dialect) throws Exception {
        open(dialect);
        assertThat(get("alerts", "provider", "prometheus").path("alerts")).hasSize(1);
        assertThat(get("alerts", "provider", "other").path("alerts")).isEmpty();
        assertThat(get("alerts", "status", "firing").path("alerts")).hasSize(1);
        assertThat(get("alerts", "status", "resolved").path("alerts")).isEmpty();
        assertThat(get("alerts", "severity", "critical").path("alerts")).hasSize(1);
        assertThat(get("alerts", "incident", "1").path("alerts")).hasSize(1);
        assertThat(get("alerts", "fingerprint", LedgerOfOne.DISK.toString()).path("alerts"))
                .hasSize(1);
        assertThat(get("alerts/" + LedgerOfOne.DISK).path("title").asText()).startsWith("Disk full");
        assertThat(get("alerts/1").path("fingerprint").asText()).isEqualTo(LedgerOfOne.DISK.toString());
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void listingsGoOnWhereTheyEnded(Dialect dialect) throws Exception {
        open(dialect);
        ObjectNode first = get("receipts", "limit", "2");
        assertThat(first.path("receipts"))
                .extracting(each -> each.path("id").asText())
                .containsExactly("3", "2");
        ObjectNode second = get("receipts", "cursor", first.path("next_cursor").asText());
        assertThat(second.path("receipts"))
                .extracting(each -> each.path("id").asText())
                .containsExactly("1");
        assertThat(second.path("next_cursor").isNull()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aReceiptTellsWhoSentItAndWhatBecameOfIt(Dialect dialect) throws Exception {
        open(dialect);
        ObjectNode receipt = get("receipts/1", "body", "true");
        assertThat(receipt.path("verified").asText()).isEqualTo("by the key key1");
        assertThat(receipt.path("remote").asText()).isEqualTo("192.0.2.7");
        assertThat(receipt.path("body").asText()).isEqualTo("{\"alerts\":[]}");
        assertThat(receipt.path("routing").path("state").asText()).isEqualTo("done");
        JsonNode alert = receipt.path("alerts").path(0);
        assertThat(alert.path("verdict").asText()).isEqualTo("new");
        assertThat(alert.path("alert").asText()).isEqualTo("1");
        JsonNode delivery = receipt.path("changes").path(0).path("deliveries").path(0);
        assertThat(delivery.path("destination").asText()).isEqualTo("console");
        assertThat(delivery.path("state").asText()).isEqualTo("dead");
        assertThat(get("receipts/2").path("verified").asText()).isEqualTo("by the signature of prometheus");
        assertThat(get("receipts/2").has("body")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void quarantineNamesTheFieldAndTheReason(Dialect dialect) throws Exception {
        open(dialect);
        JsonNode quarantine = get("quarantine").path("quarantine");
        assertThat(quarantine).hasSize(1);
        assertThat(quarantine.path(0).path("receipt").asText()).isEqualTo("3");
        JsonNode alert = quarantine.path(0).path("alerts").path(0);
        assertThat(alert.path("field").asText()).isEqualTo("alerts[0].title");
        assertThat(alert.path("reason").asText()).isEqualTo("a title is required");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void whatWasReplayedHasLeftQuarantine(Dialect dialect) throws Exception {
        open(dialect);
        FreshStore.run(store, "update receipt set parent = 3, source = 4 where seq = 2");
        assertThat(get("quarantine").path("quarantine")).isEmpty();
        assertThat(get("receipts/3").path("children").path(0).asText()).isEqualTo("2");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void explainMergesEveryDecision(Dialect dialect) throws Exception {
        open(dialect);
        ObjectNode explanation = get("alerts/1/explain");
        assertThat(explanation.path("receipts")).hasSize(2);
        assertThat(explanation.path("receipts").findValuesAsText("verdict")).containsExactly("new", "duplicate");
        JsonNode change = explanation.path("changes").path(0);
        assertThat(change.path("decisions").findValuesAsText("stage")).containsExactly("enrich", "route", "route");
        assertThat(change.path("deliveries").path(0).path("tries").findValuesAsText("transaction_id"))
                .containsExactly("tx-1", "tx-2");
        assertThat(explanation.path("incident").path("title").asText()).isEqualTo("orders: Disk full");
        assertThat(explanation.path("alert").path("notes").path(0).asText()).startsWith("severity word");
        assertThat(explanation.path("destinations"))
                .extracting(each -> each.path("name").asText() + " "
                        + each.path("told").asText() + " " + each.path("reason").asText())
                .containsExactly(
                        "console true critical goes to everyone",
                        "new-one false it was not configured when the changes were routed",
                        "ops-sms false takes only info",
                        "pager false takes only info");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void explainTellsWhyOneNamedDestinationWasNotTold(Dialect dialect) throws Exception {
        open(dialect);
        ObjectNode sms = get("alerts/1/explain", "destination", "ops-sms");
        assertThat(sms.path("destinations")).hasSize(1);
        assertThat(sms.path("destinations").path(0).path("reason").asText()).isEqualTo("takes only info");
        assertThat(sms.path("changes").path(0).path("deliveries")).isEmpty();
        assertThat(get("alerts/1/explain", "destination", "nowhere")
                        .path("destinations")
                        .path(0)
                        .path("reason")
                        .asText())
                .isEqualTo("there is no such destination in the configuration");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void deadDeliveriesAreListedAndReplayed(Dialect dialect) throws Exception {
        open(dialect);
        assertThat(get("deliveries", "state", "dead")
                        .path("deliveries")
                        .path(0)
                        .path("outcome")
                        .path("status_code")
                        .asInt())
                .isEqualTo(500);
        assertThat(get("deliveries/1").path("tries")).hasSize(2);
        ObjectNode replay = Rows.object().put("delivery", "1");
        assertThat(api.post("deliveries/replay", replay, OPERATOR)
                        .path("replayed")
                        .asInt())
                .isEqualTo(1);
        assertThat(get("deliveries", "state", "pending").path("deliveries")).hasSize(1);
        refused(ErrorCode.NOT_FOUND, () -> api.post("deliveries/replay", replay, OPERATOR));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void deadDeliveriesOfADestinationAreReplayedSinceATime(Dialect dialect) throws Exception {
        open(dialect);
        ObjectNode late = Rows.object().put("destination", "console").put("since", "1m");
        assertThat(api.post("deliveries/replay", late, OPERATOR)
                        .path("replayed")
                        .asInt())
                .isZero();
        ObjectNode all = Rows.object().put("destination", "console").put("since", "2026-05-04T12:00:00Z");
        assertThat(api.post("deliveries/replay", all, OPERATOR).path("replayed").asInt())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void incidentsAreListed(Dialect dialect) throws Exception {
        open(dialect);
        assertThat(get("incidents", "open", "true")
                        .path("incidents")
                        .path(0)
                        .path("key")
                        .asText())
                .isEqualTo("service=orders");
        assertThat(get("incidents", "open", "false").path("incidents")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "alerts, status, open",
        "alerts, severity, worst",
        "alerts, fingerprint, xyz",
        "alerts, limit, 0",
        "alerts, limit, 501",
        "alerts, limit, many",
        "alerts, cursor, -1",
        "alerts, unheard, of",
        "deliveries, state, open",
        "receipts/1, body, yes",
        "providers, limit, 1",
    })
    void aBadParameterIsNamed(String path, String name, String value) throws Exception {
        open(Dialect.SQLITE);
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> get(path, name, value))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.VALIDATION_ERROR);
                    assertThat(refusal.details())
                            .extracting(Refusal.Detail::field)
                            .containsExactly(name);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "alerts/99",
        "alerts/0123456789abcdef0123456789abcdef",
        "receipts/99",
        "deliveries/99",
        "alerts/1/x",
        "x"
    })
    void whatIsNotThereIsNotFound(String path) throws Exception {
        open(Dialect.SQLITE);
        refused(ErrorCode.NOT_FOUND, () -> get(path));
    }

    @ParameterizedTest
    @EnumSource(value = Dialect.class, names = "SQLITE")
    void scopesAreHeld(Dialect dialect) throws Exception {
        open(dialect);
        refused(ErrorCode.PERMISSION_DENIED, () -> api.get("keys", Map.of(), OPERATOR));
        refused(ErrorCode.PERMISSION_DENIED, () -> api.post("deliveries/replay", Rows.object(), READER));
        refused(
                ErrorCode.PERMISSION_DENIED,
                () -> api.get("alerts", Map.of(), new Principal("sender", Set.of("ingest:*"))));
        assertThat(api.get("keys", Map.of(), ADMIN).path("keys")).isEmpty();
        ObjectNode wrong = Rows.object().put("delivery", "x");
        refused(ErrorCode.VALIDATION_ERROR, () -> api.post("deliveries/replay", wrong, ADMIN));
        refused(ErrorCode.VALIDATION_ERROR, () -> api.post("deliveries/replay", Rows.object(), ADMIN));
        refused(
                ErrorCode.VALIDATION_ERROR,
                () -> api.post("deliveries/replay", Rows.object().put("all", true), ADMIN));
    }

    @ParameterizedTest
    @EnumSource(value = Dialect.class, names = "SQLITE")
    void destinationsAreShownWithoutTheirValues(Dialect dialect) throws Exception {
        open(dialect);
        JsonNode sms = get("destinations").path("destinations").path(2);
        assertThat(sms.path("name").asText()).isEqualTo("ops-sms");
        assertThat(sms.path("severities").path(0).asText()).isEqualTo("info");
        assertThat(get("providers").path("providers").findValuesAsText("name")).contains("prometheus", "generic");
    }

    private interface Call {
        Object made();
    }

    private static void refused(ErrorCode code, Call call) {
        assertThatExceptionOfType(Refusal.class).isThrownBy(call::made).satisfies(refusal -> assertThat(refusal.code())
                .isEqualTo(code));
    }

    /** As ledgers hold it that were written before a superseded delivery's outcome was JSON. */
    @ParameterizedTest
    @EnumSource(Dialect.class)
    void anOutcomeThatIsAPlainSentenceIsListed(Dialect dialect) throws Exception {
        open(dialect);
        FreshStore.run(store, "update delivery set outcome = 'superseded by version 2'");
        assertThat(get("deliveries").at("/deliveries/0/outcome/message").asText())
                .isEqualTo("superseded by version 2");
        assertThat(get("deliveries/1").at("/outcome/message").asText()).isEqualTo("superseded by version 2");
        assertThat(get("alerts/1/explain").toString()).contains("superseded by version 2");
    }
}
