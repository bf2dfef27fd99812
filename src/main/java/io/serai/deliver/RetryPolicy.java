package io.serai.deliver;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * When a failed delivery is tried again (G13, G15, G16). First {@code count} quick retries with full jitter,
 * U(0, min({@code delayCap}, {@code backOff}·2ⁿ s)), while the total stays within {@code budget}; then the slow schedule
 * until the delivery is older than {@code ageLimit}. Every wait is a due time in the ledger: none holds a thread, all
 * survive a restart.
 *
 * @param enabled         false: one try and no more
 * @param count           quick retries after the first try
 * @param codes           HTTP status codes that are retried
 * @param delayCap        longest single quick wait
 * @param budget          total time of the quick retries, from the first try
 * @param backOff         multiplier of the quick waits
 * @param ageLimit        from the making (or replay) of the delivery until it is dead
 * @param retryAfterLimit longest {@code Retry-After} that is obeyed
 */
public record RetryPolicy(
        boolean enabled,
        int count,
        RetryCodes codes,
        Duration delayCap,
        Duration budget,
        double backOff,
        Duration ageLimit,
        Duration retryAfterLimit) {

    private static final List<Duration> SLOW = List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofHours(4));

    /** One try and five retries within a minute, then up to a day. */
    public static RetryPolicy standard() {
        return new RetryPolicy(
                true,
                5,
                RetryCodes.parse("serai.retry.codes", "429,500,502-599"),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                1,
                Duration.ofHours(24),
                Duration.ofHours(1));
    }

    /**
     * @param attempt    number of the try that failed, 1 for the first
     * @param since      when the delivery was made or last replayed
     * @param first      when its first try began
     * @param retryAfter what the destination asked for, already clamped; null when it did not ask
     * @param random     uniform in [0, 1)
     * @return when to try again; empty when the delivery is dead
     */
    public Optional<Instant> next(
            int attempt, Instant since, Instant first, Instant now, Duration retryAfter, DoubleSupplier random) {
        if (!enabled) {
            return Optional.empty();
        }
        Instant due = now.plus(retryAfter == null ? delay(attempt, first, now, random) : retryAfter);
        return due.isAfter(since.plus(ageLimit)) ? Optional.empty() : Optional.of(due);
    }

    private Duration delay(int attempt, Instant first, Instant now, DoubleSupplier random) {
        if (attempt <= count) {
            double ceiling = Math.min(seconds(delayCap), backOff * Math.pow(2, attempt - 1));
            Duration wait = Duration.ofMillis(Math.round(random.getAsDouble() * ceiling * 1000));
            if (!now.plus(wait).isAfter(first.plus(budget))) {
                return wait;
            }
        }
        return SLOW.get(Math.min(Math.max(0, attempt - 1 - count), SLOW.size() - 1));
    }

    /** A destination's wish, cut to what is obeyed; null stays null. */
    public Duration clamp(Duration retryAfter) {
        return retryAfter == null || retryAfter.compareTo(retryAfterLimit) <= 0 ? retryAfter : retryAfterLimit;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
