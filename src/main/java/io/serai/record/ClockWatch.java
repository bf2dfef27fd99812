package io.serai.record;

import io.serai.repeat.Repeating;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when the clock is put back: what is due at a time that was near would otherwise wait until the clock has come
 * there again. Time that merely passes it knows from the timer that cannot be set.
 */
public final class ClockWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);
    private static final Duration NOTED = Duration.ofSeconds(2);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Clock clock;
    private final LongSupplier nanos;
    private final Consumer<Duration> pulledIn;
    private final Repeating timer = new Repeating("clock-watch");
    private long millisThen;
    private long nanosThen;

    /** @param pulledIn brings everything that waits for its time forward by so much; called again when it throws */
    public ClockWatch(Clock clock, Consumer<Duration> pulledIn) {
        this(clock, System::nanoTime, pulledIn);
    }

    ClockWatch(Clock clock, LongSupplier nanos, Consumer<Duration> pulledIn) {
        this.clock = clock;
        this.nanos = nanos;
        this.pulledIn = pulledIn;
        millisThen = clock.millis();
        nanosThen = nanos.getAsLong();
    }

    public ClockWatch start() {
        timer.every(EVERY, this::look);
        return this;
    }

    void look() {
        long nanosNow = nanos.getAsLong();
        long millisNow = clock.millis();
        Duration back = Duration.ofNanos(nanosNow - nanosThen).minusMillis(millisNow - millisThen);
        if (back.compareTo(NOTED) > 0) {
            try {
                pulledIn.accept(back);
                LOG.warn("The clock was put back by {}; what waits for its time was brought forward as much.", back);
            } catch (LedgerUnavailable e) {
                LOG.warn(
                        "The clock was put back by {}; what waits for its time still has to be told: {}",
                        back,
                        e.getMessage());
                return;
            }
        }
        millisThen = millisNow;
        nanosThen = nanosNow;
    }

    @Override
    public void close() {
        timer.close();
    }
}
