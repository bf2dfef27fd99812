package io.serai.record;

import static io.serai.record.FreshStore.number;
import static io.serai.record.FreshStore.run;
import static io.serai.record.Words.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is old goes, what is still to be done stays. */
@ParameterizedClass
@EnumSource(Dialect.class)
class RetentionTest {
    private static final RetentionLimits THIRTY_DAYS = new RetentionLimits(Duration.ofDays(30), 0);

    @Parameter
    Dialect dialect;

    @TempDir
    Path folder;

    private final SetClock clock = new SetClock(NOON);
    private Store store;
    private Ledger ledger;
    private Inbox inbox;
    private Leases leases;
    private Retention retention;

    @BeforeEach
    void open() {
        LedgerOptions options = FreshStore.options(dialect, folder);
        store = Store.open(options);
        ledger = new Ledger(store, options);
        leases = new Leases(store, clock);
        inbox = new Inbox(store, leases, options.node(), clock);
        retention = new Retention(store, clock);
    }

    @AfterEach
    void close() {
        ledger.close();
        store.close();
    }

    @Test
    void whatIsYoungStays() {
        record(Words.firing("disk"));
        route();
        assertThat(retention.sweep(THIRTY_DAYS)).isZero();
    }

    @Test
    void whatIsOldAndDoneGoes() {
        for (int i = 0; i < 600; i++) {
            record(Words.firing("disk"));
        }
        record(Words.resolved("disk"));
        ledger.record(Words.delivery("evt-1", NOON), List.of(Words.firing("cpu")))
                .join();
        route();
        run(store, "update delivery set ended_at = created_at, state = 2 where ended_at is null");
        run(
                store,
                "insert into attempt (delivery, number, at, took, result, message, transaction_id)"
                        + " select id, 1, created_at, 5, 'delivered', '', 't' from delivery");
        run(store, "insert into reference (destination, alert, opened, value) select 'ops', id, 1, 'OPS-1' from alert");

        clock.forward(Duration.ofDays(31));
        retention.sweep(THIRTY_DAYS);
        assertThat(number(store, "select count(*) from receipt")).isZero();
        assertThat(number(store, "select count(*) from change"))
                .as("of the open one")
                .isEqualTo(1);
        assertThat(number(store, "select count(*) from delivery"))
                .as("of the open one")
                .isEqualTo(1);
        assertThat(number(store, "select count(*) from attempt")).isZero();
        assertThat(number(store, "select count(*) from idempotency")).isZero();
        assertThat(number(store, "select count(*) from alert"))
                .as("the open one")
                .isEqualTo(1);
        assertThat(number(store, "select count(*) from reference"))
                .as("of the open one")
                .isEqualTo(1);
        assertThat(number(store, "select sum(value) from tally where name = 'in.receipts'"))
                .isEqualTo(602);
    }

    /** Whoever records waits for the writer: to look for what may go must not take it, of a large ledger it takes seconds. */
    @Test
    void whereNothingMayGoNobodyWaits() throws Exception {
        record(Words.firing("disk"));
        route();
        sweepLater();
        long left = number(store, "select count(*) from change");
        try (Connection held = store.writer().getConnection()) {
            assertThat(CompletableFuture.supplyAsync(() -> retention.sweep(THIRTY_DAYS))
                            .get(2, TimeUnit.MINUTES))
                    .isZero();
            assertThat(held.isClosed()).isFalse();
        }
        assertThat(left).as("what stays because the alert is open").isPositive();
    }

    @Test
    void namesOfAlertsThatAreGoneGoHoweverManyTheyAre() {
        record(Words.firing("disk"));
        run(store, "insert into reference (destination, alert, opened, value) select 'ops', id, 1, 'OPS-1' from alert");
        for (String destination : List.of("ops", "tickets")) {
            run(
                    store,
                    "insert into reference (destination, alert, opened, value) with recursive n(i) as"
                            + " (select 1 union all select i + 1 from n where i < 700) select '" + destination
                            + "', -(i % 7), i, 'GONE' from n");
        }
        retention.sweep(THIRTY_DAYS);
        assertThat(number(store, "select count(*) from reference"))
                .as("of the open one")
                .isEqualTo(1);
    }

    /** Else nobody would be told the end of what has been open for longer than the ledger remembers. */
    @Test
    void whoWasToldOfAnOpenAlertIsKnownUntilItsEndIsRouted() {
        record(Words.firing("disk"));
        record(Words.resolved("disk"));
        record(Words.firing("disk"));
        route();
        sweepLater();
        assertThat(number(store, "select count(*) from delivery"))
                .as("the last one")
                .isEqualTo(1);
        assertThat(number(store, "select max(version) from delivery")).isEqualTo(3);
        record(Words.resolved("disk"));
        sweepLater();
        assertThat(number(store, "select count(*) from delivery"))
                .as("its end is not routed yet")
                .isEqualTo(1);
        route();
        sweepLater();
        assertThat(number(store, "select count(*) from delivery")).isZero();
        assertThat(number(store, "select count(*) from alert")).isZero();
    }

    private void sweepLater() {
        run(store, "update delivery set ended_at = created_at, state = 2 where ended_at is null");
        clock.forward(Duration.ofDays(31));
        retention.sweep(THIRTY_DAYS);
    }

    @Test
    void anOpenAlertStillSaysWhatItSaidWhenItsReceiptIsGone() {
        List<Item> said = List.of(Words.firing("Tür"), Words.firing("\uD83D\uDE80"), Words.firing("cpu"));
        ledger.record(Words.push(), said).join();
        record(Words.firing("cpu"));
        record(Words.resolved("cpu"));
        route();
        run(store, "update delivery set ended_at = created_at, state = 2 where ended_at is null");
        clock.forward(Duration.ofDays(31));
        retention.sweep(THIRTY_DAYS);
        assertThat(number(store, "select count(*) from receipt")).isZero();
        assertSaid(said.get(0), said.get(1));
        record(Words.resolved("Tür"));
        assertSaid(said.get(1), Words.resolved("Tür"));
    }

    private void assertSaid(Item... said) {
        assertThat(number(store, "select count(*) from alert_full")).isEqualTo(said.length);
        for (Item each : said) {
            String content = ((Item.Mapped) each).content();
            assertThat(number(store, "select count(*) from alert_full where content = '" + content + "'"))
                    .as(content)
                    .isEqualTo(1);
        }
    }

    @Test
    void whatIsStillToBeRoutedOrSentStays() {
        record(Words.firing("disk"));
        record(Words.resolved("disk"));
        route();
        record(Words.firing("cpu"));
        clock.forward(Duration.ofDays(31));
        retention.sweep(new RetentionLimits(Duration.ofDays(30), 1));

        assertThat(number(store, "select count(*) from receipt"))
                .as("the one in the inbox")
                .isEqualTo(1);
        assertThat(inbox.due(Lane.ROUTE, 10)).hasSize(1);
        assertThat(number(store, "select count(*) from delivery where ended_at is null"))
                .isEqualTo(1);
        assertThat(number(
                        store,
                        "select count(*) from change c join delivery d on d.change = c.id where d.ended_at is null"))
                .isEqualTo(1);
        assertThat(number(store, "select count(*) from alert")).isEqualTo(2);
    }

    @Test
    void aboveTheSizeTheOldestReceiptsGoEvenWhenTheyAreYoung() throws Exception {
        for (int i = 0; i < 2000; i++) {
            record(Words.firing("disk"));
        }
        route();
        long half = retention.bytes() / 2;
        retention.sweep(new RetentionLimits(Duration.ofDays(30), half));
        assertThat(retention.bytes()).isLessThanOrEqualTo(half);
        assertThat(number(store, "select count(*) from receipt")).isBetween(1L, 1999L);
        assertThat(number(store, "select max(seq) from receipt"))
                .as("the newest stay")
                .isGreaterThanOrEqualTo(2000);
    }

    private void record(Item item) {
        ledger.record(Words.push(), List.of(item)).join();
    }

    private void route() {
        Lease lease = leases.acquire(Inbox.ROUTE_LEASE, "node-1", Duration.ofMinutes(1))
                .orElseThrow();
        for (Work work : inbox.due(Lane.ROUTE, 100)) {
            List<SettledChange> changes = work.items().stream()
                    .map(item -> new SettledChange(
                            item.alert(),
                            item.version(),
                            item.verdict(),
                            "{}",
                            "{}",
                            null,
                            List.of(new PlannedDelivery("ops", "slack", "all"))))
                    .toList();
            inbox.settle(lease.token(), List.of(new Settled(work.receipt(), changes)));
        }
    }
}
