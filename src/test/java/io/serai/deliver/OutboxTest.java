package io.serai.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.record.DeliveryState;
import io.serai.record.Dialect;
import io.serai.record.FreshStore;
import io.serai.record.SetClock;
import io.serai.record.Store;
import io.serai.record.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same promises on both stores: P3, P4, P5 and fault 30. */
class OutboxTest {
    private static final Duration LEASE = Duration.ofMinutes(3);
    private static final Duration TOOK = Duration.ofMillis(12);

    @Nested
    class OnSqlite extends Promises {
        OnSqlite() {
            super(Dialect.SQLITE);
        }
    }

    @Nested
    class OnPostgresql extends Promises {
        OnPostgresql() {
            super(Dialect.POSTGRESQL);
        }
    }

    abstract static class Promises {
        @TempDir
        Path folder;

        private final Dialect dialect;
        private final SetClock clock = new SetClock(Instant.parse("2026-05-04T03:02:01Z"));
        private Store opened;

        Promises(Dialect dialect) {
            this.dialect = dialect;
        }

        private Store store() {
            if (opened == null) {
                opened = FreshStore.open(dialect, folder);
            }
            return opened;
        }

        @AfterEach
        void close() {
            if (opened != null) {
                opened.close();
            }
        }

        private Outbox outbox(String node) {
            return new Outbox(store(), destinations(), node, clock);
        }

        private Destinations destinations() {
            return Destinations.of(
                    Map.of(
                            "serai.destination.ops.notifier", "webhook",
                            "serai.destination.ops.url", "https://ops.invalid/",
                            "serai.destination.ops.report-to", "log",
                            "serai.destination.log.notifier", "webhook",
                            "serai.destination.log.url", "https://log.invalid/"),
                    NotifierCatalog.load(Path.of("routes")));
        }

        private long pending(long alert, int version, Verdict verdict) {
            return new Rows(store()).delivery(alert, version, verdict, "ops", clock.millis());
        }

        private Delivery claimOne(Outbox outbox) {
            List<Claim> claims = outbox.claim("ops", 10, LEASE);
            assertThat(claims).hasSize(1);
            return claims.get(0).delivery();
        }

        private DeliveryState state(long id) {
            return new Deliveries(store()).find(id).orElseThrow().state();
        }

        private Outcome failure() {
            return new Outcome(Outcome.Kind.RETRY, 503, "answered HTTP 503", null, null, null);
        }

        private long tally(String name) {
            return new Rows(store())
                    .numbers("select coalesce(sum(value), 0) from tally where name = ?", name)
                    .get(0);
        }

        @Test
        void aClaimedDeliveryCarriesTheChangeAsItWasRouted() {
            long alert = new Rows(store()).alert();
            pending(alert, 1, Verdict.NEW);

            Claim claim = outbox("node-1").claim("ops", 10, LEASE).get(0);

            assertThat(claim.input().at("/alert/title").asText()).isEqualTo("version 1");
            assertThat(claim.input().at("/change/verdict").asText()).isEqualTo("new");
            assertThat(claim.input().at("/incident").isNull()).isTrue();
            assertThat(claim.input().at("/reference").isNull()).isTrue();
            assertThat(claim.input().at("/report").isNull()).isTrue();
            assertThat(claim.delivery().attempt()).isEqualTo(1);
            assertThat(claim.delivery().opened()).isEqualTo(1);
            assertThat(claim.first()).isNull();
        }

        @Test
        void aResolveNeverOvertakesItsFiring() {
            long alert = new Rows(store()).alert();
            long firing = pending(alert, 1, Verdict.NEW);
            long resolve = pending(alert, 2, Verdict.RESOLVED);
            Outbox outbox = outbox("node-1");

            Delivery first = claimOne(outbox);
            assertThat(first.id()).isEqualTo(firing);
            assertThat(outbox.claim("ops", 10, LEASE))
                    .as("the firing is still on its way")
                    .isEmpty();
            outbox.delivered(first, Outcome.delivered("OPS-7", null), clock.instant(), TOOK);

            Claim second = outbox.claim("ops", 10, LEASE).get(0);
            assertThat(second.delivery().id()).isEqualTo(resolve);
            assertThat(second.input().get("reference").asText())
                    .as("what the firing made there")
                    .isEqualTo("OPS-7");
        }

        @Test
        void aFailedFiringIsSupersededByTheResolveThatWaits() {
            long alert = new Rows(store()).alert();
            long firing = pending(alert, 1, Verdict.NEW);
            Outbox outbox = outbox("node-1");
            Delivery first = claimOne(outbox);
            long resolve = pending(alert, 2, Verdict.RESOLVED);

            assertThat(outbox.retry(
                            first,
                            failure(),
                            clock.instant(),
                            TOOK,
                            clock.instant().plusSeconds(9)))
                    .contains(DeliveryState.SUPERSEDED);

            assertThat(state(firing)).isEqualTo(DeliveryState.SUPERSEDED);
            assertThat(claimOne(outbox).id()).isEqualTo(resolve);
            assertThat(tally("delivery.superseded")).isEqualTo(1);
        }

        @Test
        void anOlderWordThatWaitsForItsRetryDoesNotHoldUpTheResolve() {
            long alert = new Rows(store()).alert();
            long firing = pending(alert, 1, Verdict.NEW);
            Outbox outbox = outbox("node-1");
            outbox.retry(
                    claimOne(outbox),
                    failure(),
                    clock.instant(),
                    TOOK,
                    clock.instant().plus(Duration.ofHours(4)));
            long other = pending(new Rows(store()).alert(), 1, Verdict.NEW);
            outbox.retry(
                    claimOne(outbox),
                    failure(),
                    clock.instant(),
                    TOOK,
                    clock.instant().plus(Duration.ofHours(4)));
            long resolve = pending(alert, 2, Verdict.RESOLVED);

            assertThat(claimOne(outbox).id()).isEqualTo(resolve);
            assertThat(state(firing)).isEqualTo(DeliveryState.SUPERSEDED);
            assertThat(state(other)).as("no newer word of this one").isEqualTo(DeliveryState.RETRYING);
            assertThat(new Deliveries(store()).attempts(firing))
                    .extracting(Deliveries.AttemptView::result)
                    .containsExactly("retry", "superseded");
            assertThat(tally("delivery.superseded")).isEqualTo(1);
        }

        @Test
        void whatIsOwedToADestinationThatIsGoneDiesOfAgeAndCanBeReplayed() {
            Rows rows = new Rows(store());
            long owed = rows.delivery(rows.alert(), 1, Verdict.NEW, "gone", clock.millis());
            long known = pending(rows.alert(), 1, Verdict.NEW);
            Outbox outbox = outbox("node-1");
            clock.forward(Duration.ofHours(24));
            assertThat(outbox.expireUnconfigured())
                    .as("not older than a delivery may get")
                    .isZero();
            clock.forward(Duration.ofMillis(1));
            assertThat(outbox.expireUnconfigured()).isEqualTo(1);

            assertThat(state(owed)).isEqualTo(DeliveryState.DEAD);
            assertThat(state(known)).isEqualTo(DeliveryState.PENDING);
            assertThat(tally("delivery.dead")).isEqualTo(1);
            assertThat(outbox.replay(owed, "op")).isTrue();
        }

        @Test
        void aRetryWaitsForItsTimeAndCountsOn() {
            pending(new Rows(store()).alert(), 1, Verdict.NEW);
            Outbox outbox = outbox("node-1");
            Delivery first = claimOne(outbox);
            Instant began = clock.instant();
            outbox.retry(first, failure(), began, TOOK, clock.instant().plusSeconds(9));

            clock.forward(Duration.ofSeconds(8));
            assertThat(outbox.due("ops")).isFalse();
            assertThat(outbox.claim("ops", 10, LEASE)).isEmpty();
            clock.forward(Duration.ofSeconds(1));
            assertThat(outbox.due("ops")).isTrue();
            Claim second = outbox.claim("ops", 10, LEASE).get(0);

            assertThat(second.delivery().attempt()).isEqualTo(2);
            assertThat(second.first()).isEqualTo(began);
            assertThat(second.delivery().idempotencyKey()).isEqualTo(first.idempotencyKey());
            assertThat(second.delivery().transactionId()).isNotEqualTo(first.transactionId());
        }

        @Test
        void whatWasNotSentCountsNoAttempt() {
            long id = pending(new Rows(store()).alert(), 1, Verdict.NEW);
            Outbox outbox = outbox("node-1");

            assertThat(outbox.release(claimOne(outbox), clock.instant())).isTrue();

            assertThat(claimOne(outbox).attempt()).isEqualTo(1);
            assertThat(new Deliveries(store()).attempts(id)).isEmpty();
        }

        @Test
        void aLateResultIsRefusedOnceAnotherNodeOwnsTheDelivery() {
            long id = pending(new Rows(store()).alert(), 1, Verdict.NEW);
            Delivery late = claimOne(outbox("node-1"));
            clock.forward(LEASE);
            Outbox other = outbox("node-2");
            Delivery taken = claimOne(other);

            assertThat(outbox("node-1").delivered(late, Outcome.delivered(null, null), clock.instant(), TOOK))
                    .isEmpty();
            assertThat(outbox("node-1").retry(late, failure(), clock.instant(), TOOK, clock.instant()))
                    .isEmpty();
            assertThat(outbox("node-1").release(late, clock.instant())).isFalse();

            assertThat(state(id)).isEqualTo(DeliveryState.PENDING);
            assertThat(new Deliveries(store()).attempts(id)).isEmpty();
            assertThat(other.dead(taken, failure(), clock.instant(), TOOK)).contains(DeliveryState.DEAD);
        }

        @Test
        void aNodeThatStartsAgainTakesBackWhatItHad() {
            pending(new Rows(store()).alert(), 1, Verdict.NEW);
            Delivery before = claimOne(outbox("node-1"));

            Outbox again = outbox("node-1");
            assertThat(again.claim("ops", 10, LEASE)).isEmpty();
            assertThat(again.releaseOwn()).isEqualTo(1);

            assertThat(claimOne(again).fence()).isGreaterThan(before.fence());
            assertThat(again.delivered(before, Outcome.delivered(null, null), clock.instant(), TOOK))
                    .isEmpty();
        }

        @Test
        void theEndIsReportedInTheSameTransaction() {
            pending(new Rows(store()).alert(), 1, Verdict.NEW);
            Outbox outbox = outbox("node-1");
            ObjectNode result = new ObjectMapper().createObjectNode().put("exit_codes", "0, 3");
            Outcome dead = new Outcome(Outcome.Kind.PERMANENT, 0, "exit code 3", null, null, result);
            outbox.dead(claimOne(outbox), dead, clock.instant(), TOOK);

            Claim report = outbox.claim("log", 10, LEASE).get(0);

            assertThat(report.report()).isTrue();
            assertThat(report.input().at("/change/verdict").asText()).isEqualTo("report");
            assertThat(report.input().at("/report/destination").asText()).isEqualTo("ops");
            assertThat(report.input().at("/report/state").asText()).isEqualTo("dead");
            assertThat(report.input().at("/report/message").asText()).isEqualTo("exit code 3");
            assertThat(report.input().at("/report/result/exit_codes").asText()).isEqualTo("0, 3");
            assertThat(tally("delivery.dead")).isEqualTo(1);
        }

        @Test
        void aDeadDeliveryIsReplayedOnceUnderItsOldKeyAndAudited() {
            long id = pending(new Rows(store()).alert(), 1, Verdict.NEW);
            Outbox outbox = outbox("node-1");
            Delivery first = claimOne(outbox);
            outbox.dead(first, failure(), clock.instant(), TOOK);
            clock.forward(Duration.ofDays(3));

            assertThat(outbox.replay(id, "op-key")).isTrue();
            assertThat(outbox.replay(id, "op-key"))
                    .as("it is not dead any more")
                    .isFalse();

            Claim again = outbox.claim("ops", 10, LEASE).get(0);
            assertThat(again.delivery().idempotencyKey()).isEqualTo(first.idempotencyKey());
            assertThat(again.delivery().attempt()).isEqualTo(1);
            assertThat(again.delivery().replays()).isEqualTo(1);
            assertThat(again.delivery().since()).as("its age begins anew").isEqualTo(clock.instant());
            assertThat(again.first()).isNull();
            assertThat(new Deliveries(store()).attempts(id))
                    .extracting(Deliveries.AttemptView::result, Deliveries.AttemptView::message)
                    .containsExactly(tuple("dead", "answered HTTP 503"), tuple("replayed", "replayed by op-key"));
            assertThat(tally("delivery.dead")).isZero();
            outbox.delivered(again.delivery(), Outcome.delivered(null, null), clock.instant(), TOOK);
            assertThat(outbox.claim("log", 10, LEASE))
                    .as("each end is reported")
                    .hasSize(2);
        }

        @Test
        void allDeadOfADestinationOrSinceATimeAreReplayed() {
            Outbox outbox = outbox("node-1");
            for (int i = 0; i < 3; i++) {
                pending(new Rows(store()).alert(), 1, Verdict.NEW);
                outbox.dead(claimOne(outbox), failure(), clock.instant(), TOOK);
                clock.forward(Duration.ofHours(1));
            }

            assertThat(outbox.replayDead("log", null, "op")).isZero();
            assertThat(outbox.replayDead(null, clock.instant().minus(Duration.ofMinutes(90)), "op"))
                    .isEqualTo(1);
            assertThat(outbox.replayDead("ops", null, "op")).isEqualTo(2);
            assertThat(new Deliveries(store()).counts().get("ops")).isEqualTo(Map.of(DeliveryState.PENDING, 3L));
        }

        @Test
        void listsAreFilteredAndPaged() {
            long alert = new Rows(store()).alert();
            Outbox outbox = outbox("node-1");
            long one = pending(alert, 1, Verdict.NEW);
            outbox.delivered(claimOne(outbox), Outcome.delivered(null, null), clock.instant(), TOOK);
            long two = pending(alert, 2, Verdict.CHANGED);
            pending(new Rows(store()).alert(), 1, Verdict.NEW);
            Deliveries deliveries = new Deliveries(store());

            assertThat(ids(deliveries, new Deliveries.Filter(null, "ops", alert, null, 10)))
                    .containsExactly(two, one);
            assertThat(ids(deliveries, new Deliveries.Filter(null, "ops", alert, two, 10)))
                    .containsExactly(one);
            assertThat(ids(deliveries, new Deliveries.Filter(DeliveryState.DELIVERED, null, null, null, 10)))
                    .containsExactly(one);
            assertThat(ids(deliveries, new Deliveries.Filter(null, "ops", null, null, 1)))
                    .hasSize(1);
        }

        private List<Long> ids(Deliveries deliveries, Deliveries.Filter filter) {
            return deliveries.list(filter).stream().map(Deliveries.View::id).toList();
        }

        @Test
        void manyClaimersNeverShareADelivery() throws Exception {
            Rows rows = new Rows(store());
            for (int i = 0; i < 60; i++) {
                rows.delivery(rows.alert(), 1, Verdict.NEW, "ops", clock.millis());
            }
            Set<Long> seen = ConcurrentHashMap.newKeySet();
            List<Long> twice = new ArrayList<>();
            Callable<Void> claimer = () -> {
                Outbox outbox = outbox("node-" + Thread.currentThread().getName());
                List<Claim> claims = outbox.claim("ops", 4, LEASE);
                while (!claims.isEmpty()) {
                    for (Claim each : claims) {
                        if (!seen.add(each.delivery().id())) {
                            synchronized (twice) {
                                twice.add(each.delivery().id());
                            }
                        }
                    }
                    claims = outbox.claim("ops", 4, LEASE);
                }
                return null;
            };
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                for (Future<Void> each : threads.invokeAll(List.of(claimer, claimer, claimer, claimer))) {
                    each.get();
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(twice).isEmpty();
            // A claimer may have found every remaining row locked and gone home; nothing is lost by it.
            assertThat(seen.size() + outbox("last").claim("ops", 100, LEASE).size())
                    .isEqualTo(60);
        }
    }
}
