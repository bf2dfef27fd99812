package io.serai.deliver;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The exchange variable {@code attempt}: where the route says how it ended. An object of its own, because a circuit breaker
 * works on a copy of the exchange, and because a delivery counts as delivered only when somebody said so: a route that
 * merely ends, as one behind an open breaker does, has sent nothing. The first word stands.
 */
final class Attempt {
    private final AtomicReference<Outcome> outcome = new AtomicReference<>();

    void ended(Outcome how) {
        outcome.compareAndSet(null, how);
    }

    /** Null while nobody has said anything. */
    Outcome outcome() {
        return outcome.get();
    }
}
