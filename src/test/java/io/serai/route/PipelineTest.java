package io.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serai.alert.Fingerprint;
import io.serai.alert.Severity;
import io.serai.alert.Status;
import io.serai.record.Dialect;
import io.serai.record.FreshStore;
import io.serai.record.Inbox;
import io.serai.record.Item;
import io.serai.record.Lane;
import io.serai.record.Lease;
import io.serai.record.Leases;
import io.serai.record.Ledger;
import io.serai.record.LedgerOptions;
import io.serai.record.Overloaded;
import io.serai.record.Receipt;
import io.serai.record.Recorded;
import io.serai.record.SetClock;
import io.serai.record.Source;
import io.serai.record.Store;
import io.serai.reload.InUse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** From the committed receipt to the committed deliveries: the pipeline on a real ledger, through the shipped routes. */
class PipelineTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final List<Audience> AUDIENCES = List.of(
            new Audience("ops-slack", "slack", Set.of(), Set.of()),
            new Audience("oncall", "twilio", Set.of(Severity.CRITICAL), Set.of()));

    @TempDir
    Path data;

    private final SetClock clock = new SetClock(NOON);
    private final Set<String> signalled = new ConcurrentSkipListSet<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private Store store;
    private Ledger ledger;
    private Inbox inbox;

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.add(part);
        return part;
    }

    private void ledger(Dialect dialect) {
        LedgerOptions options = FreshStore.options(dialect, data);
        store = opened(Store.open(options));
        ledger = opened(new Ledger(store, options));
        inbox = new Inbox(store, new Leases(store, clock), "node-1", clock);
    }

    private StageContext shipped() throws Exception {
        return opened(new StageContext(AUDIENCES)
                .shipped("alert-enrich")
                .shipped("alert-correlate")
                .shipped("alert-route")
                .start());
    }

    private Pipeline pipeline(StageContext stages, String node) {
        Pipeline pipeline =
                opened(new Pipeline(inbox, new Leases(store, clock), store.reader(), node, clock, signalled::addAll));
        pipeline.serve(stages.camel(), stages.routing(), new InUse());
        return pipeline;
    }

    private Recorded record(Item... items) {
        Receipt receipt = new Receipt(
                "prometheus",
                "default",
                Source.PUSH,
                clock.instant(),
                null,
                "key",
                "127.0.0.1",
                "application/json",
                Map.of(),
                "{}".getBytes(StandardCharsets.UTF_8),
                null,
                null,
                false);
        return ledger.record(receipt, List.of(items)).join();
    }

    private static Item alert(String name, Status status, Severity severity) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            String content =
                    """
                    {"provider":"prometheus","instance":"default","title":"%s","status":"%s","severity":"%s",\
                    "service":"checkout","labels":{},"annotations":{},"test":false}"""
                            .formatted(name, status.word(), severity.word());
            return new Item.Mapped(
                    Fingerprint.of(digest), status, severity, status.code() * 10L + severity.rank(), null, content);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void routed() {
        await().until(() -> inbox.waiting(Lane.ROUTE) == 0);
    }

    private List<String> rows(String sql) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = store.reader().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }

    private List<String> told() throws Exception {
        return rows("select destination || ' ' || version from delivery order by alert, version, destination");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void changeIsEnrichedGroupedRoutedAndWritten(Dialect dialect) throws Exception {
        ledger(dialect);
        Pipeline pipeline = pipeline(shipped(), "node-1");
        pipeline.start();
        record(alert("slow", Status.FIRING, Severity.CRITICAL));
        pipeline.signal();
        routed();
        assertThat(told()).containsExactly("oncall 1", "ops-slack 1");
        assertThat(signalled).containsExactly("oncall", "ops-slack");
        assertThat(rows("select reason from delivery")).containsOnly("critical goes to everyone who takes critical");
        assertThat(rows("select content from change").get(0))
                .startsWith("{\"id\":\"1\",\"fingerprint\":\"")
                .contains("\"team\":\"payments\"", "\"count\":1", "\"first_received\":\"2026-03-01T12:00:00Z\"");
        assertThat(rows("select decisions from change").get(0))
                .containsSubsequence("\"stage\":\"enrich\"", "\"stage\":\"correlate\"", "\"stage\":\"route\"");
        assertThat(rows("select key from incident")).containsExactly("service=checkout");
        assertThat(pipeline.running()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void resolveReachesWhoWasToldBeforeTheSeverityFell(Dialect dialect) throws Exception {
        ledger(dialect);
        Pipeline pipeline = pipeline(shipped(), "node-1");
        pipeline.start();
        for (Item word : List.of(
                alert("slow", Status.FIRING, Severity.CRITICAL),
                alert("slow", Status.FIRING, Severity.MEDIUM),
                alert("slow", Status.RESOLVED, Severity.MEDIUM),
                // Opened anew: what was told before is over.
                alert("slow", Status.FIRING, Severity.MEDIUM),
                alert("slow", Status.RESOLVED, Severity.MEDIUM))) {
            record(word);
            pipeline.signal();
            routed();
        }
        assertThat(told())
                .containsExactly(
                        "oncall 1",
                        "ops-slack 1",
                        "ops-slack 2",
                        "oncall 3",
                        "ops-slack 3",
                        "ops-slack 4",
                        "ops-slack 5");
    }

    @Test
    void severalWordsOfOneAlertInOneBatchKeepTheirOrder() throws Exception {
        ledger(Dialect.SQLITE);
        record(
                alert("slow", Status.FIRING, Severity.CRITICAL),
                alert("slow", Status.FIRING, Severity.MEDIUM),
                alert("slow", Status.RESOLVED, Severity.MEDIUM));
        record(alert("slow", Status.FIRING, Severity.MEDIUM));
        record(alert("slow", Status.RESOLVED, Severity.MEDIUM));
        pipeline(shipped(), "node-1").start();
        routed();
        assertThat(told())
                .containsExactly(
                        "oncall 1",
                        "ops-slack 1",
                        "ops-slack 2",
                        "oncall 3",
                        "ops-slack 3",
                        "ops-slack 4",
                        "ops-slack 5");
    }

    @Test
    void routesMayAskForTheVerdict() throws Exception {
        ledger(Dialect.SQLITE);
        StageContext stages = opened(new StageContext(AUDIENCES)
                .shipped("alert-enrich")
                .shipped("alert-correlate")
                .route(
                        "alert-route",
                        """
                        - route:
                            from:
                              uri: direct:alert-route
                              steps:
                                - filter:
                                    expression:
                                      jq:
                                        expression: variable("verdict") == "changed"
                                    steps:
                                      - bean:
                                          ref: routing
                                          method: tell('ops-slack', 'it changed')
                        """)
                .start());
        record(alert("a", Status.FIRING, Severity.HIGH));
        record(alert("a", Status.FIRING, Severity.LOW));
        pipeline(stages, "node-1").start();
        routed();
        assertThat(told()).containsExactly("ops-slack 2");
    }

    /** An operator's route that fails on one alert until it is repaired. */
    public static final class Fragile {
        private final Throwable failure;
        private volatile boolean broken = true;

        Fragile(Throwable failure) {
            this.failure = failure;
        }

        public void check(Exchange exchange) throws Exception {
            if (broken && Change.alertOf(exchange).path("title").asText().equals("odd")) {
                if (failure instanceof Error error) {
                    throw error;
                }
                throw (Exception) failure;
            }
        }
    }

    private static Stream<Throwable> failures() {
        return Stream.of(
                new IllegalStateException("no rule for odd"),
                new NoClassDefFoundError("no file may be opened"),
                new StackOverflowError());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void routeThatFailsOnOneAlertHoldsUpOnlyItsReceipt(Throwable failure) throws Exception {
        ledger(Dialect.SQLITE);
        Fragile fragile = new Fragile(failure);
        StageContext stages = opened(new StageContext(AUDIENCES, Path.of("tables"), Map.of("fragile", fragile))
                .shipped("alert-enrich")
                .shipped("alert-correlate")
                .route(
                        "alert-route",
                        """
                        - route:
                            from:
                              uri: direct:alert-route
                              steps:
                                - bean:
                                    ref: fragile
                                    method: check
                                - bean:
                                    ref: routing
                                    method: tell('ops-slack', 'all')
                        """)
                .start());
        // One body with three alerts: the two others do not wait for the odd one.
        long odd = record(
                        alert("before", Status.FIRING, Severity.HIGH),
                        alert("odd", Status.FIRING, Severity.HIGH),
                        alert("after", Status.FIRING, Severity.HIGH))
                .receipt();
        for (int i = 0; i < 5; i++) {
            record(alert("even-" + i, Status.FIRING, Severity.HIGH));
        }
        pipeline(stages, "node-1").start();
        await().until(() ->
                inbox.waiting(Lane.ROUTE) == 1 && FreshStore.number(store, "select attempts from inbox") == 1);
        assertThat(rows("select receipt from inbox")).containsExactly(String.valueOf(odd));
        assertThat(rows("select last_error from inbox"))
                .containsExactly(failure.getClass().getSimpleName() + ": " + failure.getMessage());
        assertThat(told()).hasSize(7).containsOnly("ops-slack 1");

        clock.forward(Duration.ofSeconds(2));
        await().until(() -> FreshStore.number(store, "select attempts from inbox") == 2);
        fragile.broken = false;
        clock.forward(Duration.ofSeconds(3));
        routed();
        assertThat(told()).hasSize(8).containsOnly("ops-slack 1");
        assertThat(rows("select count(*) from change")).containsExactly("8");
    }

    /** A process that may open no more files cannot read its own classes: it must not need a restart for that. */
    @Test
    void routingGoesOnAfterAnErrorOfTheProcess() throws Exception {
        ledger(Dialect.SQLITE);
        AtomicBoolean first = new AtomicBoolean(true);
        Pipeline pipeline =
                opened(new Pipeline(inbox, new Leases(store, clock), store.reader(), "node-1", clock, names -> {
                    if (first.getAndSet(false)) {
                        throw new NoClassDefFoundError("no file may be opened");
                    }
                    signalled.addAll(names);
                }));
        StageContext stages = shipped();
        pipeline.serve(stages.camel(), stages.routing(), new InUse());
        pipeline.start();
        record(alert("slow", Status.FIRING, Severity.HIGH));
        await().until(() -> !first.get());
        record(alert("slower", Status.FIRING, Severity.HIGH));
        routed();
        assertThat(told()).containsExactly("ops-slack 1", "ops-slack 1");
        assertThat(pipeline.running()).isTrue();
    }

    @Test
    void commitWakesThePipeline() throws Exception {
        ledger(Dialect.SQLITE);
        AtomicInteger woken = new AtomicInteger();
        ledger.whenCommitted(woken::incrementAndGet);
        record(alert("a", Status.FIRING, Severity.HIGH));
        await().until(() -> woken.get() == 1);
    }

    @Test
    void oldFiringThatWasPutOffDoesNotFollowItsResolve() throws Exception {
        ledger(Dialect.SQLITE);
        Fragile fragile = new Fragile(new IllegalStateException("no rule for odd"));
        StageContext stages = opened(new StageContext(AUDIENCES, Path.of("tables"), Map.of("fragile", fragile))
                .shipped("alert-correlate")
                .shipped("alert-route")
                .route(
                        "alert-enrich",
                        """
                        - route:
                            from:
                              uri: direct:alert-enrich
                              steps:
                                - bean:
                                    ref: fragile
                                    method: check
                                - to:
                                    uri: direct:alert-correlate
                        """)
                .start());
        record(alert("odd", Status.FIRING, Severity.HIGH));
        Pipeline pipeline = pipeline(stages, "node-1");
        pipeline.start();
        await().until(() -> FreshStore.number(store, "select max(attempts) from inbox") == 1);
        fragile.broken = false;
        record(alert("odd", Status.RESOLVED, Severity.HIGH));
        pipeline.signal();
        await().until(() -> inbox.waiting(Lane.ROUTE) == 1);
        clock.forward(Duration.ofSeconds(2));
        routed();
        assertThat(told()).isEmpty();
        assertThat(rows("select decisions from change where version = 1").get(0))
                .contains("newer word of this alert was routed before");
        assertThat(rows("select decisions from change where version = 2").get(0))
                .contains("was not told that it fired");
    }

    @Test
    void oneNodeRoutesAndAnotherTakesOverWhenItStops() throws Exception {
        ledger(Dialect.SQLITE);
        StageContext stages = shipped();
        Pipeline first = pipeline(stages, "node-1");
        first.start();
        record(alert("a", Status.FIRING, Severity.HIGH));
        routed();
        Pipeline second = pipeline(stages, "node-2");
        second.start();
        record(alert("b", Status.FIRING, Severity.HIGH));
        routed();
        assertThat(rows("select owner from lease where name = 'route'")).containsExactly("node-1");
        first.close();
        record(alert("c", Status.FIRING, Severity.HIGH));
        routed();
        assertThat(rows("select owner from lease where name = 'route'")).containsExactly("node-2");
        assertThat(told()).containsExactly("ops-slack 1", "ops-slack 1", "ops-slack 1");
    }

    @Test
    void batchUnderALostLeaseIsTheOtherNodesToDo() throws Exception {
        ledger(Dialect.SQLITE);
        Leases leases = new Leases(store, Clock.offset(clock, Duration.ofMinutes(1)));
        Thief thief = new Thief(leases);
        StageContext stages = opened(new StageContext(AUDIENCES, Path.of("tables"), Map.of("thief", thief))
                .shipped("alert-correlate")
                .shipped("alert-route")
                .route(
                        "alert-enrich",
                        """
                        - route:
                            from:
                              uri: direct:alert-enrich
                              steps:
                                - bean:
                                    ref: thief
                                    method: steal
                                - to:
                                    uri: direct:alert-correlate
                        """)
                .start());
        record(alert("a", Status.FIRING, Severity.HIGH));
        pipeline(stages, "node-1").start();
        await().until(() -> thief.stolen);
        // A whole minute later by the thief's clock it is free again.
        clock.forward(Duration.ofMinutes(3));
        routed();
        assertThat(told()).as("settled once, under the second lease").containsExactly("ops-slack 1");
        assertThat(rows("select token from lease where name = 'route'")).containsExactly("3");
    }

    /** Takes the lease away in the middle of a batch, as a node does that believes this one dead. */
    public static final class Thief {
        private final Leases leases;
        private volatile boolean stolen;

        Thief(Leases leases) {
            this.leases = leases;
        }

        public void steal() {
            if (!stolen) {
                leases.acquire(Inbox.ROUTE_LEASE, "thief", Duration.ofSeconds(1))
                        .orElseThrow();
                stolen = true;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void inABurstTheSendersGoFirst(Dialect dialect) throws Exception {
        ledger(dialect);
        AtomicBoolean pressed = new AtomicBoolean(true);
        AtomicInteger asked = new AtomicInteger();
        Pipeline pipeline = pipeline(shipped(), "node-1");
        pipeline.giveWay(() -> asked.incrementAndGet() > 0 && pressed.get(), Duration.ofHours(1));
        pipeline.start();
        await().until(() -> asked.get() > 0);
        record(alert("slow", Status.FIRING, Severity.CRITICAL));
        pipeline.signal();
        int before = asked.get();
        await().until(() -> asked.get() > before + 10);
        assertThat(inbox.waiting(Lane.ROUTE)).isEqualTo(1);

        pressed.set(false);
        routed();
        assertThat(told()).containsExactly("oncall 1", "ops-slack 1");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void whoCanSeeThatRoutingIsBehindCanRefuseNewAlertsUntilItIsNot(Dialect dialect) throws Exception {
        ledger(dialect);
        record(alert("slow", Status.FIRING, Severity.CRITICAL));
        clock.forward(Duration.ofMinutes(10));
        Pipeline pipeline = pipeline(shipped(), "node-1");
        ledger.refuseWhile(() -> pipeline.behind().compareTo(Duration.ofMinutes(5)) > 0);
        Lease other = new Leases(store, clock)
                .acquire(Inbox.ROUTE_LEASE, "node-2", Duration.ofHours(1))
                .orElseThrow();
        pipeline.start();
        await().until(() -> pipeline.behind().equals(Duration.ofMinutes(10)));
        assertThatThrownBy(() -> record(alert("slower", Status.FIRING, Severity.CRITICAL)))
                .isInstanceOf(Overloaded.class);

        new Leases(store, clock).release(other);
        routed();
        await().until(() -> pipeline.behind().isZero());
        record(alert("slower", Status.FIRING, Severity.CRITICAL));
    }

    @Test
    void howeverLongTheBurstRoutingDoesNotWaitForEver() throws Exception {
        ledger(Dialect.SQLITE);
        Pipeline pipeline = pipeline(shipped(), "node-1");
        pipeline.giveWay(() -> true, Duration.ofMillis(200));
        pipeline.start();
        record(alert("slow", Status.FIRING, Severity.CRITICAL));
        routed();
        assertThat(told()).hasSize(2);
    }
}
