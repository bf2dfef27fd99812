package io.serai.record;

import io.serai.repeat.Repeating;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the store each second whether it can be read and would take a write, so that the health page knows without waiting
 * for it. What a full disk refuses only a write tells: one that failed counts for some seconds, and then no more, so that a
 * node which is asked for nothing because it is not well gets the chance to find that it is.
 */
public final class Pulse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long MISSED_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final Store store;
    private final Ledger ledger;
    private final Repeating timer = new Repeating("ledger-pulse");
    private volatile boolean beating = true;
    private volatile long answeredAt = System.nanoTime();

    /** Begins at once, with a store that has just been opened. */
    public Pulse(Store store, Ledger ledger) {
        this.store = store;
        this.ledger = ledger;
        timer.every(EVERY, this::beat);
    }

    /** True when the last answer was good and is not old; at once. */
    public boolean beats() {
        return beating && System.nanoTime() - answeredAt < MISSED_NANOS;
    }

    private void beat() {
        try {
            beating = store.takesWrites() && !ledger.failing(REMEMBERED_NANOS);
        } catch (SQLException e) {
            LOG.debug("The store does not answer: {}", e.getMessage());
            beating = false;
        }
        answeredAt = System.nanoTime();
    }

    @Override
    public void close() {
        timer.close();
    }
}
