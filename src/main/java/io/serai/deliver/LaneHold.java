package io.serai.deliver;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Until when one destination is left alone: held for as long as it wished or its breaker is open, paused after it has
 * refused us. From any thread.
 */
final class LaneHold {
    private static final Logger LOG = LoggerFactory.getLogger(LaneHold.class);

    private final Destination destination;
    private final Clock clock;
    private final PauseListener listener;
    private final AtomicReference<LaneState.Pause> pause = new AtomicReference<>();
    private final AtomicBoolean takenOnce = new AtomicBoolean();
    private final AtomicReference<Instant> heldUntil = new AtomicReference<>(Instant.MIN);

    LaneHold(Destination destination, Clock clock, PauseListener listener) {
        this.destination = destination;
        this.clock = clock;
        this.listener = listener;
    }

    /** True when nothing may be sent at that time. */
    boolean at(Instant at) {
        LaneState.Pause now = pause.get();
        return heldUntil.get().isAfter(at) || now != null && now.until().isAfter(at);
    }

    /** Null when it is not paused; one that is over still stands until something was taken. */
    LaneState.Pause pause() {
        return pause.get();
    }

    /** Null when it is not held now. */
    Instant heldUntil() {
        Instant held = heldUntil.get();
        return held.isAfter(clock.instant()) ? held : null;
    }

    /** The longest hold counts. */
    void until(Instant until) {
        heldUntil.accumulateAndGet(until, (left, right) -> left.isAfter(right) ? left : right);
    }

    /** It does not let us in: a pause begins, or goes on. */
    void refused(Outcome outcome, Instant now) {
        Instant until = now.plus(destination.pauseAfterRefusal());
        LaneState.Pause before = pause.getAndUpdate(
                each -> new LaneState.Pause(each == null ? now : each.since(), until, outcome.message()));
        if (before == null) {
            LOG.error(
                    "Destination {} is paused: it {}. Its deliveries wait. Put its credentials right and restart,"
                            + " or run ./serai replay --dead --destination {} to try now",
                    destination.name(),
                    outcome.message(),
                    destination.name());
            listener.paused(destination, pause.get());
        }
    }

    /** It let us in: a pause is over. */
    void taken() {
        boolean paused = pause.getAndSet(null) != null;
        if (paused) {
            LOG.info("Destination {} takes deliveries again", destination.name());
        }
        // The first time also tells for an earlier life of this node, which may have ended while it was refused.
        if (takenOnce.compareAndSet(false, true) || paused) {
            listener.taken(destination);
        }
    }

    /** Ends the waiting, not the pause: one delivery may be tried now. */
    void tryNow() {
        Instant now = clock.instant();
        pause.updateAndGet(each -> each == null ? null : new LaneState.Pause(each.since(), now, each.reason()));
    }

    /** The clock was put back by so much: no wait becomes longer by it. */
    void pullIn(Duration by) {
        heldUntil.updateAndGet(each -> each.equals(Instant.MIN) ? each : each.minus(by));
        pause.updateAndGet(each -> each == null
                ? null
                : new LaneState.Pause(each.since(), each.until().minus(by), each.reason()));
    }
}
