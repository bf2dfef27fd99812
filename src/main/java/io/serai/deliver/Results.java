package io.serai.deliver;

import io.serai.record.DeliveryState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what an attempt's outcome makes of one destination's delivery, and records it. */
final class Results {
    private static final Logger LOG = LoggerFactory.getLogger(Results.class);

    private final Destination destination;
    private final Outbox outbox;
    private final LaneHold hold;
    private final Clock clock;
    private final DoubleSupplier random;
    private final Consumer<String> signalOther;

    /**
     * @param random      0 to 1, for the jitter
     * @param signalOther told the destination that a report is for
     */
    Results(
            Destination destination,
            Outbox outbox,
            LaneHold hold,
            Clock clock,
            DoubleSupplier random,
            Consumer<String> signalOther) {
        this.destination = destination;
        this.outbox = outbox;
        this.hold = hold;
        this.clock = clock;
        this.random = random;
        this.signalOther = signalOther;
    }

    /**
     * @param outcome null when the send was not begun
     * @param at      when it began, or would have
     * @throws io.serai.record.LedgerUnavailable when the ledger does not take it
     */
    void record(Claim claim, Outcome outcome, Instant at, Duration took) {
        Delivery delivery = claim.delivery();
        Instant now = clock.instant();
        if (outcome == null) {
            outbox.release(delivery, now);
            return;
        }
        Optional<DeliveryState> state =
                switch (outcome.kind()) {
                    case DELIVERED -> {
                        hold.taken();
                        yield outbox.delivered(delivery, outcome, at, took);
                    }
                    case PERMANENT -> {
                        // Refused for what it is, so whoever refused it has let us in.
                        hold.taken();
                        yield outbox.dead(delivery, outcome, at, took);
                    }
                    case REFUSED -> {
                        hold.refused(outcome, now);
                        // Due at once: the pause holds it here, and on no other node and after no restart.
                        yield outbox.retry(delivery, outcome, at, took, now);
                    }
                    case RETRY -> failed(claim, outcome, at, took, now);
                    case NOT_SENT -> {
                        hold.until(now.plus(destination.breaker().delay()));
                        outbox.release(delivery, now);
                        yield Optional.empty();
                    }
                };
        if (state.isPresent() && destination.reportTo() != null && !state.get().open()) {
            signalOther.accept(destination.reportTo());
        }
        if (state.isPresent() && state.get() == DeliveryState.DEAD) {
            LOG.warn(
                    "Delivery {} to {} is dead after {} attempts: {}",
                    delivery.id(),
                    destination.name(),
                    delivery.attempt(),
                    outcome.message());
        }
    }

    private Optional<DeliveryState> failed(Claim claim, Outcome outcome, Instant at, Duration took, Instant now) {
        Delivery delivery = claim.delivery();
        RetryPolicy retry = destination.retry();
        Duration wish = retry.clamp(outcome.retryAfter());
        if (wish != null) {
            hold.until(now.plus(wish));
        }
        Instant first = claim.first() == null ? at : claim.first();
        Optional<Instant> due = retry.next(delivery.attempt(), delivery.since(), first, now, wish, random);
        return due.isEmpty()
                ? outbox.dead(delivery, outcome, at, took)
                : outbox.retry(delivery, outcome, at, took, due.get());
    }
}
