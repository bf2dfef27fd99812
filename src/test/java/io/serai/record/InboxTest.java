package io.serai.record;

import static io.serai.record.FreshStore.number;
import static io.serai.record.FreshStore.run;
import static io.serai.record.FreshStore.text;
import static io.serai.record.Words.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.alert.Severity;
import io.serai.alert.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** From the inbox to changes, incidents and deliveries in one fenced transaction (P3, P4, P5; DESIGN 2.4). */
@ParameterizedClass
@EnumSource(Dialect.class)
class InboxTest {
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final Duration WINDOW = Duration.ofMinutes(5);

    @Parameter
    Dialect dialect;

    @TempDir
    Path folder;

    private final SetClock clock = new SetClock(NOON);
    private Store store;
    private Ledger ledger;
    private Leases leases;
    private Inbox inbox;
    private Lease lease;

    @BeforeEach
    void open() {
        LedgerOptions options = FreshStore.options(dialect, folder);
        store = Store.open(options);
        ledger = new Ledger(store, options);
        leases = new Leases(store, clock);
        inbox = new Inbox(store, leases, options.node(), clock);
        lease = leases.acquire(Inbox.ROUTE_LEASE, "node-1", TTL).orElseThrow();
    }

    @AfterEach
    void close() {
        ledger.close();
        store.close();
    }

    @Test
    void noMoreIsReadAtOnceThanFitsIntoMemoryHoweverManyAreAskedFor() {
        for (String name : List.of("one", "two", "three")) {
            record(Words.word(name, Status.FIRING, 1, null, "x".repeat(5 << 20)));
        }
        assertThat(inbox.due(Lane.ROUTE, 1000)).hasSize(1);
        record(Words.word("four", Status.FIRING, 1, null, "x".repeat(9 << 20)));
        run(store, "delete from inbox where receipt < (select max(receipt) from inbox)");
        assertThat(inbox.due(Lane.ROUTE, 1000)).as("one too large, alone").hasSize(1);
    }

    /** It is done four times a second: a long queue for routing must not be read through each time. */
    @Test
    void theLookForWhatIsToBeFetchedPassesOverWhatIsToBeRouted() throws Exception {
        run(
                store,
                """
                insert into inbox (receipt, lane, due_at, attempts)
                with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000)
                select i, case when i % 5000 = 0 then 2 else 1 end, 0, 0 from n""");
        run(store, "analyze inbox");
        String explain = dialect == Dialect.SQLITE ? "explain query plan " : "explain ";
        StringBuilder plan = new StringBuilder();
        try (Connection connection = store.reader().getConnection();
                PreparedStatement statement = connection.prepareStatement(explain + Inbox.waitingSql(Lane.FETCH, 16))) {
            statement.setLong(1, NOON.toEpochMilli());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    plan.append(row.getString(dialect == Dialect.SQLITE ? 4 : 1))
                            .append('\n');
                }
            }
        }
        assertThat(plan).contains("inbox_fetch");
    }

    @Test
    void whatWaitsIsWhatIsToBeRouted() {
        record(
                Words.firing("disk"),
                Words.resolved("unknown"),
                new Item.Unmapped("title", "Missing."),
                Words.firing("cpu"));
        record(Words.firing("disk"));

        List<Work> due = inbox.due(Lane.ROUTE, 10);
        assertThat(due).hasSize(1);
        assertThat(due.get(0).items()).extracting(Work.Item::index).containsExactly(0, 3);
        Work.Item disk = due.get(0).items().get(0);
        assertThat(disk.verdict()).isEqualTo(Verdict.NEW);
        assertThat(disk.version()).isEqualTo(1);
        assertThat(disk.openedVersion()).isEqualTo(1);
        assertThat(disk.count()).isEqualTo(1);
        assertThat(disk.firstReceived()).isEqualTo(NOON);
        assertThat(disk.fingerprint()).isEqualTo(Words.fingerprint("disk").toString());
        assertThat(disk.content().path("title").asText()).isEqualTo("disk");
        assertThat(inbox.waiting(Lane.ROUTE)).isEqualTo(1);
        assertThat(inbox.waiting(Lane.FETCH)).isZero();
    }

    @Test
    void aDeferredReceiptComesBackWhenItIsDue() {
        record(Words.firing("disk"));
        Work work = inbox.due(Lane.ROUTE, 10).get(0);
        inbox.defer(work.receipt(), NOON.plusSeconds(30), "A lookup table is missing.");
        assertThat(inbox.due(Lane.ROUTE, 10)).isEmpty();
        clock.forward(Duration.ofSeconds(30));
        assertThat(inbox.due(Lane.ROUTE, 10)).extracting(Work::attempts).containsExactly(1);
        assertThat(text(store, "select last_error from inbox")).isEqualTo("A lookup table is missing.");
    }

    @Test
    void aSettledReceiptBecomesChangesAndDeliveries() {
        record(Words.firing("disk"), Words.firing("cpu"));
        Work work = inbox.due(Lane.ROUTE, 10).get(0);
        Settlement settlement = inbox.settle(
                lease.token(),
                List.of(new Settled(
                        work.receipt(),
                        List.of(
                                change(work.items().get(0), null, "ops-slack", "oncall-sms"),
                                change(work.items().get(1), null)))));

        assertThat(settlement).isEqualTo(new Settlement(2, java.util.Set.of("ops-slack", "oncall-sms")));
        assertThat(number(store, "select count(*) from change")).isEqualTo(2);
        assertThat(
                        number(
                                store,
                                "select count(*) from delivery d join change c on c.id = d.change"
                                        + " where d.state = 1 and d.ended_at is null and c.version = d.version and c.alert = d.alert"))
                .isEqualTo(2);
        assertThat(text(store, "select idempotency_key from delivery where destination = 'ops-slack'"))
                .matches("srl_[0-9a-f]{32}");
        assertThat(number(store, "select count(distinct idempotency_key) from delivery"))
                .isEqualTo(2);
        assertThat(inbox.waiting(Lane.ROUTE)).isZero();
        assertThat(tally("routed.delivery")).isEqualTo(1);
        assertThat(tally("routed.nowhere")).isEqualTo(1);
        assertThat(tally("delivery.created")).isEqualTo(2);
    }

    @Test
    void settlingTwiceChangesNothing() {
        record(Words.firing("disk"));
        Work work = inbox.due(Lane.ROUTE, 10).get(0);
        List<Settled> settled =
                List.of(new Settled(work.receipt(), List.of(change(work.items().get(0), null, "ops"))));
        assertThat(inbox.settle(lease.token(), settled).changes()).isEqualTo(1);
        assertThat(inbox.settle(lease.token(), settled).changes()).isZero();
        assertThat(number(store, "select count(*) from delivery")).isEqualTo(1);
    }

    @Test
    void aStaleTokenIsRefusedAndNothingIsWritten() {
        record(Words.firing("disk"));
        Work work = inbox.due(Lane.ROUTE, 10).get(0);
        List<Settled> settled =
                List.of(new Settled(work.receipt(), List.of(change(work.items().get(0), null, "ops"))));
        clock.forward(TTL);
        Lease newer = leases.acquire(Inbox.ROUTE_LEASE, "node-2", TTL).orElseThrow();

        assertThatThrownBy(() -> inbox.settle(lease.token(), settled)).isInstanceOf(LeaseLost.class);
        assertThat(number(store, "select count(*) from change")).isZero();
        assertThat(inbox.waiting(Lane.ROUTE)).isEqualTo(1);
        assertThat(inbox.settle(newer.token(), settled).changes()).isEqualTo(1);
    }

    @Test
    void aNewerChangeSupersedesWhatWasNotSentYet() {
        route(null, "ops", Words.firing("disk"));
        route(null, "ops", Words.resolved("disk"));

        assertThat(states()).isEqualTo("1:SUPERSEDED 2:PENDING");
        assertThat(text(store, "select outcome from delivery where version = 1"))
                .isEqualTo("{\"message\":\"superseded by version 2\"}");
        assertThat(number(store, "select count(*) from delivery where version = 1 and ended_at is not null"))
                .isEqualTo(1);
        assertThat(tally("delivery.superseded")).isEqualTo(1);
    }

    @Test
    void aDeliveryThatIsBeingSentIsNotSuperseded() {
        route(null, "ops", Words.firing("disk"));
        run(
                store,
                "update delivery set lease_owner = 'node-2', lease_until = "
                        + NOON.plusSeconds(60).toEpochMilli());
        route(null, "ops", Words.resolved("disk"));
        assertThat(states()).isEqualTo("1:PENDING 2:PENDING");
    }

    @Test
    void anotherDestinationAndAnotherAlertAreLeftAlone() {
        route(null, "ops", Words.firing("disk"));
        route(null, "sms", Words.resolved("disk"));
        route(null, "sms", Words.firing("cpu"));
        assertThat(number(store, "select count(*) from delivery where state = 1"))
                .isEqualTo(3);
    }

    @Test
    void anOlderChangeThatIsRoutedLateIsSupersededAtOnce() {
        record(Words.firing("disk"));
        record(Words.resolved("disk"));
        List<Work> due = inbox.due(Lane.ROUTE, 10);
        settle(due.get(1), null, "ops");
        Settlement late = settle(due.get(0), null, "ops");
        assertThat(late.destinations()).isEmpty();
        assertThat(states()).isEqualTo("1:SUPERSEDED 2:PENDING");
    }

    @Test
    void withinOneSettleOnlyTheNewestIsSent() {
        record(Words.firing("disk"));
        record(Words.resolved("disk"));
        List<Settled> settled = inbox.due(Lane.ROUTE, 10).stream()
                .map(work ->
                        new Settled(work.receipt(), List.of(change(work.items().get(0), null, "ops"))))
                .toList();
        inbox.settle(lease.token(), settled);
        assertThat(states()).isEqualTo("1:SUPERSEDED 2:PENDING");
    }

    @Test
    void alertsOfOneKeyShareAnIncidentUntilTheLastIsResolved() {
        route("db", "ops", Words.firing("disk"));
        route("db", "ops", Words.firing("cpu"));
        route("web", "ops", Words.firing("tls"));
        assertThat(number(store, "select count(*) from incident")).isEqualTo(2);
        assertThat(incident("alerts", "db")).isEqualTo(2);
        assertThat(incident("open_alerts", "db")).isEqualTo(2);
        assertThat(number(store, "select count(distinct incident) from alert where incident is not null"))
                .isEqualTo(2);
        assertThat(number(store, "select count(*) from change where incident is null"))
                .isZero();

        route("db", "ops", Words.resolved("disk"));
        assertThat(incident("open_alerts", "db")).isEqualTo(1);
        assertThat(incident("status", "db")).isEqualTo(Status.FIRING.code());
        route("db", "ops", Words.resolved("cpu"));
        assertThat(incident("open_alerts", "db")).isZero();
        assertThat(incident("status", "db")).isEqualTo(Status.RESOLVED.code());
        assertThat(incident("closed_at", "db")).isEqualTo(NOON.toEpochMilli());
        assertThat(incident("severity", "db")).isEqualTo(Severity.HIGH.rank());

        route("db", "ops", Words.firing("disk"));
        assertThat(number(store, "select count(*) from incident where key = 'db'"))
                .isEqualTo(2);
        assertThat(number(store, "select count(*) from incident where key = 'db' and closed_at is null"))
                .isEqualTo(1);
    }

    @Test
    void aReopenedMemberOfAnOpenIncidentCountsAgain() {
        route("db", "ops", Words.firing("disk"));
        route("db", "ops", Words.firing("cpu"));
        route("db", "ops", Words.resolved("disk"));
        route("other", "ops", Words.firing("disk"));
        assertThat(number(store, "select count(*) from incident")).isEqualTo(1);
        assertThat(incident("alerts", "db")).isEqualTo(2);
        assertThat(incident("open_alerts", "db")).isEqualTo(2);
    }

    @Test
    void anIncidentThatWasQuietForLongTakesNobodyInAnyMore() {
        route("db", "ops", Words.firing("disk"));
        clock.forward(WINDOW);
        route("db", "ops", Words.firing("cpu"));
        assertThat(number(store, "select count(*) from incident")).isEqualTo(1);
        clock.forward(WINDOW.plusMillis(1));
        route("db", "ops", Words.firing("net"));
        assertThat(number(store, "select count(*) from incident")).isEqualTo(2);
        assertThat(number(store, "select count(*) from incident where closed_at is null"))
                .isEqualTo(1);
    }

    @Test
    void aResolveAloneOpensNoIncident() {
        route(null, "ops", Words.firing("disk"));
        route("db", "ops", Words.resolved("disk"));
        assertThat(number(store, "select count(*) from incident")).isZero();
    }

    @Test
    void fetchedDetailsReplaceThePushedOnesAndTheReceiptGoesOn() {
        Recorded recorded =
                ledger.record(Words.toFetch(), List.of(Words.firing("disk"))).join();
        assertThat(inbox.due(Lane.ROUTE, 10)).isEmpty();
        assertThat(inbox.due(Lane.FETCH, 10)).hasSize(1);

        byte[] body = "{\"all\":\"of it\"}".getBytes(StandardCharsets.UTF_8);
        Receipt raw = new Receipt(
                "prometheus", "default", Source.FETCH, NOON, null, null, null, null, Map.of(), body, null, null, false);
        List<Fetched> details =
                List.of(new Fetched(0, "{\"title\":\"disk\",\"severity\":\"critical\",\"description\":\"all of it\"}"));
        assertThat(inbox.complete(recorded.receipt(), details, raw)).isTrue();
        assertThat(inbox.complete(recorded.receipt(), details, raw)).isFalse();

        assertThat(inbox.due(Lane.FETCH, 10)).isEmpty();
        Work.Item routed = inbox.due(Lane.ROUTE, 10).get(0).items().get(0);
        assertThat(routed.content().path("description").asText()).isEqualTo("all of it");
        assertThat(text(store, "select content from alert_full")).contains("all of it");
        assertThat(number(store, "select severity from alert")).isEqualTo(5);
        assertThat(number(
                        store, "select count(*) from receipt where parent = " + recorded.receipt() + " and source = 3"))
                .isEqualTo(1);

        ledger.record(Words.push(), List.of(Words.firing("disk"))).join();
        assertThat(text(store, "select content from alert_full"))
                .as("the same thin word again takes no details away")
                .contains("all of it");
    }

    @Test
    void fetchedDetailsOfADuplicateAreNotRouted() {
        record(Words.firing("disk"));
        settle(inbox.due(Lane.ROUTE, 10).get(0), null);
        Recorded again =
                ledger.record(Words.toFetch(), List.of(Words.firing("disk"))).join();
        inbox.complete(again.receipt(), List.of(new Fetched(0, "{\"title\":\"fuller\",\"severity\":\"low\"}")), null);
        assertThat(inbox.waiting(Lane.ROUTE)).isZero();
        assertThat(inbox.waiting(Lane.FETCH)).isZero();
        assertThat(text(store, "select content from alert_full"))
                .isEqualTo("{\"title\":\"fuller\",\"severity\":\"low\"}");
    }

    private void record(Item... items) {
        ledger.record(Words.push(), List.of(items)).join();
    }

    /** Records one word and settles everything that waits, with the incident key and destination given. */
    private void route(String incident, String destination, Item word) {
        record(word);
        lease = leases.acquire(Inbox.ROUTE_LEASE, "node-1", TTL).orElseThrow();
        inbox.due(Lane.ROUTE, 10).forEach(work -> settle(work, incident, destination));
    }

    private Settlement settle(Work work, String incident, String... destinations) {
        List<SettledChange> changes = work.items().stream()
                .map(item -> change(item, incident, destinations))
                .toList();
        return inbox.settle(lease.token(), List.of(new Settled(work.receipt(), changes)));
    }

    private static SettledChange change(Work.Item item, String incident, String... destinations) {
        boolean open = item.verdict() != Verdict.RESOLVED;
        IncidentPlan plan = incident == null
                ? null
                : new IncidentPlan(incident, "Trouble with " + incident, Severity.HIGH, open, WINDOW);
        List<PlannedDelivery> deliveries = Arrays.stream(destinations)
                .map(destination -> new PlannedDelivery(destination, "slack", "everything goes there"))
                .toList();
        return new SettledChange(
                item.alert(), item.version(), item.verdict(), item.content().toString(), "{}", plan, deliveries);
    }

    /** Version and state of all deliveries, by version. */
    private String states() {
        StringBuilder states = new StringBuilder();
        for (int version = 1; version <= number(store, "select max(version) from delivery"); version++) {
            int state = (int) number(store, "select state from delivery where version = " + version);
            states.append(version)
                    .append(':')
                    .append(DeliveryState.ofCode(state))
                    .append(' ');
        }
        return states.toString().strip();
    }

    private long incident(String column, String key) {
        return number(store, "select " + column + " from incident where key = '" + key + "' order by id limit 1");
    }

    private long tally(String name) {
        return number(store, "select value from tally where name = '" + name + "'");
    }
}
