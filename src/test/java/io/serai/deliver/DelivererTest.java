package io.serai.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serai.record.DeliveryState;
import io.serai.record.Dialect;
import io.serai.record.SetClock;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The deliver stage with its real routes, a real store and real receivers. */
class DelivererTest {
    private static final Instant START = Instant.parse("2026-05-04T03:02:01Z");

    @TempDir
    Path folder;

    private final SetClock clock = new SetClock(START);

    private Stage stage(Map<String, String> settings) throws Exception {
        return stage(clock, settings);
    }

    private Stage stage(Clock time, Map<String, String> settings) throws Exception {
        return new Stage(Dialect.SQLITE, folder, time, () -> 0.5, settings);
    }

    private static Map<String, String> webhook(String name, Target target, String... more) {
        Map<String, String> settings = new HashMap<>();
        settings.put(name + ".notifier", "webhook");
        settings.put(name + ".url", target.url());
        for (int i = 0; i < more.length; i += 2) {
            settings.put(name + "." + more[i], more[i + 1]);
        }
        return settings;
    }

    private static void awaitState(Stage stage, long id, DeliveryState state) {
        await().until(() -> stage.view(id).state() == state);
    }

    private static void awaitAttempts(Stage stage, long id, int number) {
        await().until(() -> stage.view(id).attempts() == number);
    }

    /** Fault 20: the schedule, on a clock that only the test moves. */
    @Test
    void aFailingTargetIsTriedQuicklyThenSlowlyUntilTheAgeLimit() throws Exception {
        try (Target target = new Target().answers(500);
                Stage stage = stage(webhook("ops", target, "breaker.requests", "1000"))) {
            long id = stage.deliver(stage.rows.alert(), 1, "ops");
            stage.start();
            List<Duration> waits = new ArrayList<>();
            for (int attempt = 1; stage.view(id).state() != DeliveryState.DEAD; attempt++) {
                int number = attempt;
                await().until(() ->
                        stage.view(id).attempts() == number && stage.view(id).owner() == null);
                Duration wait = Duration.between(clock.instant(), stage.view(id).due());
                if (stage.view(id).state().open()) {
                    waits.add(wait);
                    clock.forward(wait);
                }
            }

            assertThat(waits)
                    .startsWith(
                            Duration.ofMillis(500),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(4),
                            Duration.ofSeconds(8),
                            Duration.ofMinutes(1),
                            Duration.ofMinutes(5),
                            Duration.ofMinutes(15),
                            Duration.ofMinutes(30),
                            Duration.ofHours(1),
                            Duration.ofHours(2),
                            Duration.ofHours(4));
            assertThat(waits.subList(11, waits.size())).containsOnly(Duration.ofHours(4));
            assertThat(Duration.between(START, clock.instant())).isLessThanOrEqualTo(Duration.ofHours(24));
            assertThat(stage.deliveries.attempts(id))
                    .extracting(Deliveries.AttemptView::result)
                    .hasSize(waits.size() + 1)
                    .endsWith("dead");
            assertThat(target.ids).as("one idempotency key for all attempts").containsOnly(target.ids.get(0));
        }
    }

    /** Fault 38: what a destination asked for is no longer because the clock was put back meanwhile. */
    @Test
    void aClockThatIsPutBackDelaysNothing() throws Exception {
        try (Target target = new Target().answers(503, "30");
                Stage stage = stage(webhook("ops", target))) {
            clock.forward(Duration.ofDays(3653));
            long id = stage.deliver(stage.rows.alert(), 1, "ops");
            stage.start();
            awaitAttempts(stage, id, 1);
            target.answers(204);
            clock.forward(Duration.ofDays(3653).negated());
            stage.pullIn(Duration.ofDays(3653));
            clock.forward(Duration.ofSeconds(31));
            awaitState(stage, id, DeliveryState.DELIVERED);
        }
    }

    /** A process that may open no more files cannot read its own classes. Each slot that is lost for it would be lost for good. */
    @Test
    void errorsOfTheProcessTakeNoSlotAway() throws Exception {
        AtomicInteger claiming = new AtomicInteger(3);
        AtomicInteger sending = new AtomicInteger(8);
        SetClock failing = new SetClock(START) {
            @Override
            public Instant instant() {
                String name = Thread.currentThread().getName();
                if (name.equals("deliver-ops") && claiming.getAndDecrement() > 0
                        || name.startsWith("deliver-ops-") && sending.getAndDecrement() > 0) {
                    throw new NoClassDefFoundError("no file may be opened");
                }
                return super.instant();
            }
        };
        try (Target target = new Target().answers(204);
                Stage stage = stage(failing, webhook("ops", target))) {
            List<Long> ids = IntStream.range(0, 12)
                    .mapToObj(i -> stage.deliver(stage.rows.alert(), 1, "ops"))
                    .toList();
            stage.start();
            await().until(() -> sending.get() <= 0);
            failing.forward(Duration.ofMinutes(5));
            ids.forEach(id -> awaitState(stage, id, DeliveryState.DELIVERED));
        }
    }

    @Test
    void aRefusalIsDeadAtOnceAndDoesNotOpenTheBreaker() throws Exception {
        try (Target target = new Target().answers(400);
                Stage stage = stage(webhook("ops", target, "breaker.requests", "3"))) {
            List<Long> ids = IntStream.range(0, 8)
                    .mapToObj(i -> stage.deliver(stage.rows.alert(), 1, "ops"))
                    .toList();
            stage.start();
            ids.forEach(id -> awaitState(stage, id, DeliveryState.DEAD));
            assertThat(stage.lane("ops").breaker()).isEqualTo("closed");

            target.answers(204);
            long next = stage.deliver(stage.rows.alert(), 1, "ops");
            awaitState(stage, next, DeliveryState.DELIVERED);
            assertThat(target.bodies).hasSize(9);
        }
    }

    /** A refusal of us all (401, 403, 410) ends no delivery: the destination waits, then one is tried. */
    @ParameterizedTest
    @ValueSource(ints = {401, 403, 410})
    void aDestinationThatRefusesUsPausesUntilOneTrialIsTaken(int status) throws Exception {
        try (Target target = new Target().answers(status);
                Target other = new Target()) {
            Map<String, String> settings =
                    webhook("ops", target, "concurrency", "1", "pause-after-refusal", "5m", "breaker.requests", "1");
            settings.putAll(webhook("other", other));
            try (Stage stage = stage(settings)) {
                List<Long> ids = IntStream.range(0, 6)
                        .mapToObj(i -> stage.deliver(stage.rows.alert(), 1, "ops"))
                        .toList();
                stage.start();
                await().until(() ->
                        stage.lane("ops").pause() != null && stage.lane("ops").inFlight() == 0);
                assertThat(stage.lane("ops").pause())
                        .isEqualTo(new LaneState.Pause(START, START.plusSeconds(300), "answered HTTP " + status));
                assertThat(stage.lane("ops").breaker()).isEqualTo("closed");

                long elsewhere = stage.deliver(stage.rows.alert(), 1, "other");
                awaitState(stage, elsewhere, DeliveryState.DELIVERED);
                assertThat(target.bodies).as("nothing but the first went out").hasSize(1);

                // The trial is refused too: as long again, and nobody is told twice.
                clock.forward(Duration.ofMinutes(5));
                target.awaitRequests(2);
                await().until(() -> stage.lane("ops").pause().until().equals(START.plusSeconds(600)));
                assertThat(stage.lane("ops").pause().since()).isEqualTo(START);
                assertThat(ids).allMatch(id -> stage.view(id).state().open());

                target.answers(204);
                clock.forward(Duration.ofDays(3));
                ids.forEach(id -> awaitState(stage, id, DeliveryState.DELIVERED));
                assertThat(stage.lane("ops").pause()).isNull();
                assertThat(target.bodies)
                        .as("two refusals and each delivery once")
                        .hasSize(8);
                assertThat(stage.told).containsExactlyInAnyOrder("paused ops", "taken other", "taken ops");
            }
        }
    }

    @Test
    void anOperatorMayTryAPausedDestinationNow() throws Exception {
        try (Target target = new Target().answers(401);
                Stage stage = stage(webhook("ops", target, "concurrency", "1"))) {
            long id = stage.deliver(stage.rows.alert(), 1, "ops");
            stage.start();
            await().until(() ->
                    stage.lane("ops").pause() != null && stage.lane("ops").inFlight() == 0);
            target.answers(204);
            stage.tryNow("elsewhere");
            assertThat(stage.lane("ops").pause().until()).isAfter(clock.instant());

            stage.tryNow("ops");

            awaitState(stage, id, DeliveryState.DELIVERED);
        }
    }

    /** P5 and P3 hold during a pause: the newer word of an alert takes the older one's place. */
    @Test
    void aNewerWordTakesThePlaceOfARefusedOne() throws Exception {
        try (Target target = new Target().answers(403).hang();
                Stage stage = stage(webhook("ops", target, "concurrency", "1"))) {
            long alert = stage.rows.alert();
            long older = stage.deliver(alert, 1, "ops");
            stage.start();
            target.awaitRequests(1);
            long newer = stage.deliver(alert, 2, "ops");
            target.letGo();
            awaitState(stage, older, DeliveryState.SUPERSEDED);
            target.answers(204);
            clock.forward(Duration.ofMinutes(10));
            awaitState(stage, newer, DeliveryState.DELIVERED);
            assertThat(target.bodies).hasSize(2);
        }
    }

    /** Fault 25. */
    @Test
    void theBreakerOpensLosesNothingCountsNothingAndClosesAfterOneTrial() throws Exception {
        try (Target target = new Target().answers(503);
                Stage stage = stage(
                        Clock.systemUTC(),
                        webhook(
                                "ops",
                                target,
                                "breaker.requests",
                                "4",
                                "breaker.delay",
                                "300ms",
                                "concurrency",
                                "1",
                                "retry.budget",
                                "1h",
                                "retry.delay-cap",
                                "2s"))) {
            List<Long> ids = IntStream.range(0, 6)
                    .mapToObj(i -> stage.deliver(stage.rows.alert(), 1, "ops"))
                    .toList();
            stage.start();
            await().until(() -> !"closed".equals(stage.lane("ops").breaker()));
            int attempts =
                    ids.stream().mapToInt(id -> stage.view(id).attempts()).sum();
            assertThat(attempts).as("a parked delivery counts no attempt").isLessThanOrEqualTo(target.bodies.size());
            await().until(() -> stage.lane("ops").heldUntil() != null);

            target.answers(204);
            ids.forEach(id -> awaitState(stage, id, DeliveryState.DELIVERED));
            assertThat(stage.lane("ops").breaker()).isEqualTo("closed");
            assertThat(ids.stream().mapToInt(id -> stage.view(id).attempts()).sum())
                    .as("every counted attempt reached the target, and only those")
                    .isEqualTo(target.bodies.size());
        }
    }

    /** P7. */
    @Test
    void aHangingDestinationDelaysNoOther() throws Exception {
        try (Target hanging = new Target().hang();
                Target healthy = new Target()) {
            Map<String, String> settings = webhook("slow", hanging, "timeout", "60s");
            settings.putAll(webhook("fast", healthy));
            try (Stage stage = stage(settings)) {
                List<Long> stuck = IntStream.range(0, 20)
                        .mapToObj(i -> stage.deliver(stage.rows.alert(), 1, "slow"))
                        .toList();
                stage.start();
                hanging.awaitRequests(4);
                List<Long> quick = IntStream.range(0, 20)
                        .mapToObj(i -> stage.deliver(stage.rows.alert(), 1, "fast"))
                        .toList();

                quick.forEach(id -> awaitState(stage, id, DeliveryState.DELIVERED));

                assertThat(stage.lane("slow").inFlight())
                        .as("never more than its slots")
                        .isEqualTo(4);
                assertThat(hanging.bodies).hasSize(4);
                hanging.letGo();
                stuck.forEach(id -> awaitState(stage, id, DeliveryState.DELIVERED));
            }
        }
    }

    /** P5, with several slots and several alerts at once. */
    @Test
    void everyAlertIsToldInOrder() throws Exception {
        try (Target target = new Target();
                Stage stage = stage(webhook("ops", target))) {
            List<Long> alerts =
                    IntStream.range(0, 5).mapToObj(i -> stage.rows.alert()).toList();
            for (int version = 1; version <= 6; version++) {
                for (long alert : alerts) {
                    stage.deliver(alert, version, "ops");
                }
            }
            stage.start();
            target.awaitRequests(30);
            for (long alert : alerts) {
                assertThat(target.bodies.stream()
                                .filter(body -> body.contains("\"id\":\"" + alert + "\""))
                                .map(body -> body.replaceAll(".*\"title\":\"([^\"]+)\".*", "$1")))
                        .containsExactly("version 1", "version 2", "version 3", "version 4", "version 5", "version 6");
            }
        }
    }

    @Test
    void aFailedOlderWordGivesWayToTheNewerOne() throws Exception {
        try (Target target = new Target().answers(500).hang();
                Stage stage = stage(webhook("ops", target))) {
            long alert = stage.rows.alert();
            long older = stage.deliver(alert, 1, "ops");
            stage.start();
            target.awaitRequests(1);
            long newer = stage.deliver(alert, 2, "ops");
            target.letGo();
            awaitState(stage, older, DeliveryState.SUPERSEDED);

            target.answers(204);
            clock.forward(Duration.ofMinutes(1));
            awaitState(stage, newer, DeliveryState.DELIVERED);
        }
    }

    /** Fault 21: the wish holds the whole destination, and only it. */
    @Test
    void retryAfterHoldsTheWholeDestination() throws Exception {
        try (Target busy = new Target().answers(429, "120");
                Target other = new Target()) {
            Map<String, String> settings = webhook("busy", busy, "concurrency", "1");
            settings.putAll(webhook("other", other));
            try (Stage stage = stage(settings)) {
                long first = stage.deliver(stage.rows.alert(), 1, "busy");
                stage.start();
                awaitAttempts(stage, first, 1);
                assertThat(stage.view(first).due()).isEqualTo(START.plusSeconds(120));
                await().until(() -> stage.lane("busy").heldUntil() != null);
                assertThat(stage.lane("busy").heldUntil()).isEqualTo(START.plusSeconds(120));

                long second = stage.deliver(stage.rows.alert(), 1, "busy");
                long elsewhere = stage.deliver(stage.rows.alert(), 1, "other");
                awaitState(stage, elsewhere, DeliveryState.DELIVERED);
                clock.forward(Duration.ofSeconds(119));
                long again = stage.deliver(stage.rows.alert(), 1, "other");
                awaitState(stage, again, DeliveryState.DELIVERED);
                assertThat(busy.bodies).as("left alone as it asked").hasSize(1);

                busy.answers(204);
                clock.forward(Duration.ofSeconds(1));
                awaitState(stage, first, DeliveryState.DELIVERED);
                awaitState(stage, second, DeliveryState.DELIVERED);
            }
        }
    }

    /** P4: what was claimed ahead and then waited too long is not sent under a lease that may end meanwhile. */
    @Test
    void whatWaitedTooLongBehindAHangingSendIsGivenBackUnsent() throws Exception {
        try (Target target = new Target();
                Stage stage = stage(webhook("ops", target, "concurrency", "1", "timeout", "60s"))) {
            for (int i = 0; i < 40; i++) {
                stage.deliver(stage.rows.alert(), 1, "ops");
            }
            stage.start();
            // Quick sends: the lane claims ahead.
            await().until(() -> Map.of(DeliveryState.DELIVERED, 40L)
                    .equals(stage.deliveries.counts().get("ops")));
            target.hang();
            List<Long> ids = IntStream.range(0, 5)
                    .mapToObj(i -> stage.deliver(stage.rows.alert(), 1, "ops"))
                    .toList();
            await().until(() -> stage.lane("ops").inFlight() == 5);
            clock.forward(Duration.ofSeconds(90));
            target.letGo();

            ids.forEach(id -> awaitState(stage, id, DeliveryState.DELIVERED));
            assertThat(target.ids).hasSize(45).doesNotHaveDuplicates();
            assertThat(ids.stream()
                            .flatMap(id -> stage.rows.numbers("select fence from delivery where id = ?", id).stream()))
                    .as("one was on its way, the others were claimed, given back and claimed again")
                    .containsExactlyInAnyOrder(1L, 3L, 3L, 3L, 3L);
        }
    }

    /** P8: what runs is waited for. */
    @Test
    void stoppingWaitsForWhatRunsAndClaimsNothingMore() throws Exception {
        try (Target target = new Target().hang();
                Stage stage = stage(webhook("ops", target, "concurrency", "1"))) {
            long running = stage.deliver(stage.rows.alert(), 1, "ops");
            long waiting = stage.deliver(stage.rows.alert(), 1, "ops");
            stage.start();
            target.awaitRequests(1);
            Thread stop = new Thread(stage::drain);
            stop.start();
            await().until(() -> stop.getState() == Thread.State.TIMED_WAITING);
            target.letGo();
            stop.join();

            assertThat(stage.view(running).state()).isEqualTo(DeliveryState.DELIVERED);
            assertThat(stage.view(waiting).state()).isEqualTo(DeliveryState.PENDING);
            assertThat(stage.view(waiting).owner()).isNull();
            assertThat(target.bodies).hasSize(1);
        }
    }

    /** Fault 64: a target that hangs beyond the limit does not keep us, and its delivery goes back. */
    @Test
    void stoppingGivesBackWhatHangs() throws Exception {
        try (Target target = new Target().hang();
                Stage stage = stage(webhook("ops", target, "timeout", "5m"))) {
            long id = stage.deliver(stage.rows.alert(), 1, "ops");
            stage.start();
            target.awaitRequests(1);
            stage.drain();

            assertThat(stage.view(id).owner()).isNull();
            assertThat(stage.view(id).state().open()).isTrue();
        }
    }
}
