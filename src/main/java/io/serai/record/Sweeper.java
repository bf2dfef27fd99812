package io.serai.record;

import io.serai.repeat.Repeating;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies {@link Retention} from time to time, on one node at a time. */
public final class Sweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final String LEASE = "retention";
    private static final Duration LEASE_TTL = Duration.ofMinutes(30);
    private static final long LEAP_MILLIS = TimeUnit.HOURS.toMillis(1);
    private static final Duration FIRST_AFTER = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final Retention retention;
    private final RetentionLimits limits;
    private final Leases leases;
    private final String node;
    private final Clock clock;
    private long millisThen;
    private long nanosThen = System.nanoTime();
    private final Repeating timer = new Repeating("ledger-sweeper");

    public Sweeper(Retention retention, RetentionLimits limits, Leases leases, String node, Clock clock) {
        this.retention = retention;
        this.limits = limits;
        this.leases = leases;
        this.node = node;
        this.clock = clock;
        millisThen = clock.millis();
    }

    /** Sweeps a while after the start and then every hour. */
    public void start() {
        timer.every(FIRST_AFTER, PAUSE, this::sweep);
    }

    /** Sweeps now, unless another node does. */
    void sweep() {
        if (leapt()) {
            LOG.warn("The clock has leapt ahead: nothing is deleted for its age before the next sweep, in an hour.");
            return;
        }
        try {
            Optional<Lease> lease = leases.acquire(LEASE, node, LEASE_TTL);
            if (lease.isEmpty()) {
                return;
            }
            long rows = retention.sweep(limits);
            leases.release(lease.get());
            if (rows > 0) {
                LOG.info("Deleted {} rows of the ledger that were older than {}.", rows, limits.age());
            }
        } catch (RuntimeException e) {
            // The next sweep does what this one could not.
            LOG.warn("Old rows of the ledger could not be deleted; the next try is in an hour: {}", e.getMessage());
        }
    }

    /** A clock that is wrong for once must not make everything too old to be kept: there is an hour to put it right. */
    private boolean leapt() {
        long millis = clock.millis();
        long nanos = System.nanoTime();
        long ahead = millis - millisThen - TimeUnit.NANOSECONDS.toMillis(nanos - nanosThen);
        millisThen = millis;
        nanosThen = nanos;
        return ahead > LEAP_MILLIS;
    }

    /** Begins no further sweep, and waits for the batch that is being deleted. */
    @Override
    public void close() {
        timer.close();
        timer.finish(CLOSE);
    }
}
