package io.serai.record;

import static io.serai.record.FreshStore.number;
import static io.serai.record.Words.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.alert.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults 38, 39: our clock is put forward and back, and senders' clocks are wrong. */
@ParameterizedClass
@EnumSource(Dialect.class)
class ClockJumpTest {
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration TEN_YEARS = Duration.ofDays(3653);

    @Parameter
    Dialect dialect;

    @TempDir
    Path folder;

    private final SetClock clock = new SetClock(NOON);
    private final AtomicLong nanos = new AtomicLong();
    private Store store;
    private Ledger ledger;
    private Leases leases;
    private Inbox inbox;

    @BeforeEach
    void open() {
        LedgerOptions options = FreshStore.options(dialect, folder);
        store = Store.open(options);
        ledger = new Ledger(store, options);
        leases = new Leases(store, clock);
        inbox = new Inbox(store, leases, options.node(), clock);
    }

    @AfterEach
    void close() {
        ledger.close();
        store.close();
    }

    @Test
    void whatWasRecordedBeforeTheClockWasPutBackIsRoutedAtOnce() {
        ClockWatch watch = new ClockWatch(clock, nanos::get, inbox::pullIn);
        record(clock.instant(), Words.firing("disk"));
        pass(Duration.ofSeconds(1));
        watch.look();
        clock.forward(HOUR.negated());
        assertThat(inbox.due(Lane.ROUTE, 10)).as("an hour too early").isEmpty();
        watch.look();
        assertThat(inbox.due(Lane.ROUTE, 10)).hasSize(1);
    }

    @Test
    void aPutBackIsToldOnceAndAgainOnlyWhenNobodyCouldHearIt() {
        List<Duration> told = new ArrayList<>();
        ClockWatch watch = new ClockWatch(clock, nanos::get, back -> {
            told.add(back);
            if (told.size() == 1) {
                throw new LedgerUnavailable("away");
            }
        });
        pass(HOUR);
        watch.look();
        clock.forward(TEN_YEARS);
        watch.look();
        assertThat(told).isEmpty();

        clock.forward(TEN_YEARS.negated());
        watch.look();
        pass(Duration.ofSeconds(1));
        watch.look();
        pass(Duration.ofSeconds(1));
        watch.look();
        assertThat(told).containsExactly(TEN_YEARS, TEN_YEARS);
    }

    @Test
    void aLeaseTakenByAClockThatWasAheadIsOver() {
        clock.forward(TEN_YEARS);
        Lease first = leases.acquire("route", "a", TTL).orElseThrow();
        clock.forward(TEN_YEARS.negated());
        Lease second = leases.acquire("route", "b", TTL).orElseThrow();
        assertThat(second.token()).isGreaterThan(first.token());
        assertThat(leases.renew(first, TTL)).isEmpty();
    }

    @Test
    void aLeaseOfAClockThatIsALittleAheadIsNot() {
        clock.forward(TTL.dividedBy(2));
        leases.acquire("route", "a", TTL).orElseThrow();
        clock.forward(TTL.dividedBy(2).negated());
        assertThat(leases.acquire("route", "b", TTL)).isEmpty();
    }

    @Test
    void aClockThatLeaptAheadDeletesNothingForAnHour() {
        Sweeper sweeper = new Sweeper(
                new Retention(store, clock), new RetentionLimits(Duration.ofDays(30), 0), leases, "node-1", clock);
        record(clock.instant(), Words.resolved("disk"));
        clock.forward(TEN_YEARS);
        sweeper.sweep();
        assertThat(number(store, "select count(*) from receipt")).isEqualTo(1);
        sweeper.sweep();
        assertThat(number(store, "select count(*) from receipt")).isZero();
    }

    @Test
    void aSenderWhoseClockWasAheadIsHeardAfterwards() {
        Instant later = NOON.plusSeconds(1);
        assertThat(record(NOON, spoken(Status.FIRING, 1, Instant.parse("9999-01-01T00:00:00Z"))))
                .isEqualTo(Verdict.NEW);
        assertThat(record(later, spoken(Status.RESOLVED, 2, later))).isEqualTo(Verdict.RESOLVED);
        assertThat(record(later.plusSeconds(1), spoken(Status.FIRING, 1, later.minusMillis(1))))
                .as("a word from before the newest one")
                .isEqualTo(Verdict.STALE);
    }

    @Test
    void aSenderOfLongAgoIsHeardAsLongAsHeSaysNothingOlder() {
        Instant past = Instant.parse("1971-01-01T00:00:00Z");
        assertThat(record(NOON, spoken(Status.FIRING, 1, past))).isEqualTo(Verdict.NEW);
        assertThat(record(NOON, spoken(Status.RESOLVED, 2, past.plusSeconds(1))))
                .isEqualTo(Verdict.RESOLVED);
        assertThat(new Retention(store, clock).sweep(new RetentionLimits(Duration.ofDays(30), 0)))
                .as("it came in just now")
                .isZero();
    }

    private static Item.Mapped spoken(Status status, long digest, Instant at) {
        return Words.word("disk", status, digest, at, "as it is");
    }

    private Verdict record(Instant receivedAt, Item.Mapped word) {
        return ledger.record(Words.at(receivedAt), List.of(word))
                .join()
                .results()
                .get(0)
                .verdict();
    }

    /** Both clocks go on. */
    private void pass(Duration time) {
        clock.forward(time);
        nanos.addAndGet(time.toNanos());
    }
}
