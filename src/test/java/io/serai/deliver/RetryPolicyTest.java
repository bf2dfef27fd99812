package io.serai.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** G13, G16, fault 20. */
class RetryPolicyTest {
    private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");
    private static final RetryPolicy STANDARD = RetryPolicy.standard();

    private static Duration wait(RetryPolicy policy, int attempt, Duration sinceFirst, double random) {
        Instant first = NOW.minus(sinceFirst);
        return Duration.between(
                NOW, policy.next(attempt, first, first, NOW, null, () -> random).orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({"1, 1000", "2, 2000", "3, 4000", "4, 8000", "5, 16000"})
    void theQuickWaitsAreFullJitterUnderADoublingCeiling(int attempt, long ceiling) {
        assertThat(wait(STANDARD, attempt, Duration.ZERO, 0)).isZero();
        assertThat(wait(STANDARD, attempt, Duration.ZERO, 0.5)).isEqualTo(Duration.ofMillis(ceiling / 2));
        assertThat(wait(STANDARD, attempt, Duration.ZERO, 0.999999)).isEqualTo(Duration.ofMillis(ceiling));
    }

    @Test
    void oneWaitIsCapped() {
        RetryPolicy many = new RetryPolicy(
                true,
                20,
                STANDARD.codes(),
                Duration.ofSeconds(30),
                Duration.ofHours(1),
                3,
                STANDARD.ageLimit(),
                STANDARD.retryAfterLimit());
        assertThat(wait(many, 1, Duration.ZERO, 0.5)).as("the multiplier").isEqualTo(Duration.ofMillis(1500));
        assertThat(wait(many, 12, Duration.ZERO, 0.5)).as("the cap").isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void whatWouldLeaveTheBudgetGoesToTheSlowSchedule() {
        assertThat(wait(STANDARD, 2, Duration.ofSeconds(58), 0.9)).isEqualTo(Duration.ofMillis(1800));
        assertThat(wait(STANDARD, 2, Duration.ofSeconds(59), 0.9)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void afterTheSixthTryTheScheduleIsSlow() {
        assertThat(wait(STANDARD, 6, Duration.ofSeconds(20), 0.1)).isEqualTo(Duration.ofMinutes(1));
        assertThat(wait(STANDARD, 7, Duration.ofMinutes(2), 0.1)).isEqualTo(Duration.ofMinutes(5));
        assertThat(wait(STANDARD, 40, Duration.ofHours(2), 0.1)).isEqualTo(Duration.ofHours(4));
    }

    @Test
    void beyondTheAgeLimitItIsDead() {
        Instant made = NOW.minus(Duration.ofHours(21));
        assertThat(STANDARD.next(20, made, made, NOW, null, () -> 0.5)).isEmpty();
        assertThat(STANDARD.next(1, NOW, NOW, NOW, null, () -> 0.5)).isPresent();
    }

    @Test
    void retriesCanBeSwitchedOff() {
        RetryPolicy off = new RetryPolicy(
                false,
                5,
                STANDARD.codes(),
                STANDARD.delayCap(),
                STANDARD.budget(),
                1,
                STANDARD.ageLimit(),
                STANDARD.retryAfterLimit());
        assertThat(off.next(1, NOW, NOW, NOW, Duration.ofSeconds(1), () -> 0.5)).isEmpty();
    }

    @Test
    void theDestinationsWishWinsButIsClamped() {
        assertThat(STANDARD.next(1, NOW, NOW, NOW, Duration.ofSeconds(40), () -> 0.5))
                .contains(NOW.plusSeconds(40));
        assertThat(STANDARD.clamp(Duration.ofDays(3650))).isEqualTo(Duration.ofHours(1));
        assertThat(STANDARD.clamp(null)).isNull();
    }

    /** Fault 21. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "120, PT2M",
                "0, PT0S",
                "315360000, PT87600H",
                "'Mon, 04 May 2026 03:03:01 GMT', PT1M",
                "'Mon, 04 May 2026 03:00:01 GMT', none",
                "-5, none",
                "soon, none",
                "'', none",
                "1.5, none",
                "99999999999999999999999, none"
            })
    void retryAfterIsReadOrIgnored(String header, Duration wait) {
        assertThat(RetryAfter.parse(header, NOW)).isEqualTo(Optional.ofNullable(wait));
    }
}
