package io.serai.record;

import static io.serai.record.Words.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.alert.Severity;
import io.serai.alert.Status;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verdict rule, case by case. A known alert was last heard of at NOON; its sender spoke then too, where it says so. */
class VerdictsTest {

    @ParameterizedTest
    @CsvSource({
        "FIRING, NEW",
        "ACKNOWLEDGED, NEW",
        "SUPPRESSED, NEW",
        "PENDING, NEW",
        "RESOLVED, LATE_RESOLVE",
    })
    void unknown(Status status, Verdict verdict) {
        assertThat(Verdicts.of(null, word(status, 1, null), null)).isEqualTo(verdict);
        assertThat(Verdicts.of(null, word(status, 1, NOON), NOON.minusSeconds(60)))
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "FIRING,       1, FIRING,       1, DUPLICATE",
        "FIRING,       1, FIRING,       2, CHANGED",
        "FIRING,       1, ACKNOWLEDGED, 2, CHANGED",
        "ACKNOWLEDGED, 1, FIRING,       1, DUPLICATE",
        "PENDING,      1, SUPPRESSED,   2, CHANGED",
        "FIRING,       1, RESOLVED,     2, RESOLVED",
        "FIRING,       1, RESOLVED,     1, RESOLVED",
        "SUPPRESSED,   1, RESOLVED,     2, RESOLVED",
        "RESOLVED,     2, RESOLVED,     2, DUPLICATE",
        "RESOLVED,     2, RESOLVED,     3, DUPLICATE",
        "RESOLVED,     2, FIRING,       1, REOPENED",
        "RESOLVED,     2, FIRING,       2, REOPENED",
        "RESOLVED,     2, ACKNOWLEDGED, 1, REOPENED",
    })
    void known(Status before, long digest, Status now, long newDigest, Verdict verdict) {
        assertThat(Verdicts.of(state(before, digest, null), word(now, newDigest, null), null))
                .isEqualTo(verdict);
        assertThat(Verdicts.of(state(before, digest, NOON), word(now, newDigest, NOON), NOON))
                .isEqualTo(verdict);
        assertThat(Verdicts.of(
                        state(before, digest, NOON), word(now, newDigest, NOON.plusSeconds(1)), NOON.plusSeconds(1)))
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "FIRING,   1, FIRING,   1, DUPLICATE",
        "FIRING,   1, FIRING,   2, STALE",
        "FIRING,   1, RESOLVED, 2, STALE",
        "FIRING,   1, RESOLVED, 1, STALE",
        "RESOLVED, 2, RESOLVED, 2, DUPLICATE",
        "RESOLVED, 2, RESOLVED, 3, STALE",
        "RESOLVED, 2, FIRING,   1, STALE",
        "RESOLVED, 2, FIRING,   2, STALE",
    })
    void older(Status before, long digest, Status now, long newDigest, Verdict verdict) {
        Instant earlier = NOON.minusMillis(1);
        assertThat(Verdicts.of(state(before, digest, null), word(now, newDigest, null), earlier))
                .as("a poll that began before the last word came in")
                .isEqualTo(verdict);
        assertThat(Verdicts.of(state(before, digest, NOON), word(now, newDigest, earlier), null))
                .as("a push that was spoken before the last word")
                .isEqualTo(verdict);
    }

    @Test
    void anEventTimeOnOneSideAloneProvesNothing() {
        Instant earlier = NOON.minusSeconds(60);
        assertThat(Verdicts.of(state(Status.FIRING, 1, null), word(Status.RESOLVED, 2, earlier), null))
                .isEqualTo(Verdict.RESOLVED);
        assertThat(Verdicts.of(state(Status.FIRING, 1, NOON), word(Status.RESOLVED, 2, null), null))
                .isEqualTo(Verdict.RESOLVED);
    }

    @Test
    void theVersionGrowsWithEveryChangeAndOpeningIsRemembered() {
        AlertState state = after(null, Verdict.NEW, word(Status.FIRING, 1, null));
        assertThat(state.version()).isEqualTo(1);
        assertThat(state.openedVersion()).isEqualTo(1);
        state = after(state, Verdict.DUPLICATE, word(Status.FIRING, 1, NOON));
        assertThat(state.version()).isEqualTo(1);
        assertThat(state.eventTime()).isEqualTo(NOON.toEpochMilli());
        state = after(state, Verdict.CHANGED, word(Status.FIRING, 3, null));
        state = after(state, Verdict.RESOLVED, word(Status.RESOLVED, 2, NOON.minusSeconds(5)));
        assertThat(state.version()).isEqualTo(3);
        assertThat(state.openedVersion()).isEqualTo(1);
        assertThat(state.eventTime()).isEqualTo(NOON.toEpochMilli());
        state = after(state, Verdict.REOPENED, word(Status.FIRING, 1, null));
        assertThat(state.version()).isEqualTo(4);
        assertThat(state.openedVersion()).isEqualTo(4);
        assertThat(state.count()).isEqualTo(5);

        AlertState stale = after(state, Verdict.STALE, word(Status.RESOLVED, 2, null));
        assertThat(stale.count()).isEqualTo(6);
        assertThat(stale.status()).isEqualTo(Status.FIRING);
        assertThat(stale.version()).isEqualTo(4);

        AlertState resolvedFirst = after(null, Verdict.LATE_RESOLVE, word(Status.RESOLVED, 2, null));
        assertThat(resolvedFirst.version()).isEqualTo(1);
        assertThat(resolvedFirst.openedVersion()).isZero();
    }

    private static AlertState after(AlertState state, Verdict verdict, Item.Mapped word) {
        return AlertState.after(state, verdict, word, 7, NOON.toEpochMilli());
    }

    private static AlertState state(Status status, long digest, Instant eventTime) {
        long noon = NOON.toEpochMilli();
        Long spoken = eventTime == null ? null : eventTime.toEpochMilli();
        return new AlertState(status, Severity.HIGH, digest, 7, 1, 1, 1, noon, noon, spoken);
    }

    private static Item.Mapped word(Status status, long digest, Instant eventTime) {
        return Words.word("disk", status, digest, eventTime, "as it is");
    }
}
