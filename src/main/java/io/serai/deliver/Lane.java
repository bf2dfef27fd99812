package io.serai.deliver;

import io.serai.record.LedgerUnavailable;
import io.serai.reload.InUse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One destination's deliveries: one thread that claims, up to {@code concurrency} that send. */
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(30);
    private static final Duration REST = Duration.ofMillis(500);
    /** How much work is claimed ahead: what is likely sent within this, so that no lease ends while it waits here. */
    private static final double AHEAD_MILLIS = 2_000;

    private static final int AHEAD_MOST = 64;

    private final Destination destination;
    private final Outbox outbox;
    private volatile Sender sender;
    private final Clock clock;
    private final Duration poll;
    private final LaneHold hold;
    private final Results results;
    private final BlockingQueue<Boolean> bell = new ArrayBlockingQueue<>(1);
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile double sendMillis = AHEAD_MILLIS;
    private final Map<Long, Delivery> running = new ConcurrentHashMap<>();
    private final ExecutorService senders;
    /** Results are recorded apart from sending: while one waits for its commit the next is sent. */
    private final ExecutorService recorders;

    private final Thread claimer;
    private volatile boolean stopping;

    Lane(
            Destination destination,
            Outbox outbox,
            Sender sender,
            Clock clock,
            DoubleSupplier random,
            Duration poll,
            Consumer<String> signalOther,
            PauseListener listener,
            ExecutorService recorders) {
        this.recorders = recorders;
        this.destination = destination;
        this.outbox = outbox;
        this.sender = sender;
        this.clock = clock;
        this.poll = poll;
        this.hold = new LaneHold(destination, clock, listener);
        this.results = new Results(destination, outbox, hold, clock, random, signalOther);
        this.claimer = new Thread(this::run, "deliver-" + destination.name());
        AtomicInteger number = new AtomicInteger();
        this.senders = Executors.newFixedThreadPool(
                destination.concurrency(),
                run -> new Thread(run, "deliver-" + destination.name() + "-" + number.incrementAndGet()));
    }

    Destination destination() {
        return destination;
    }

    /** The same destination through newer routes; what is being sent ends through those that it began with. */
    void through(Sender next) {
        sender = next;
    }

    void start() {
        claimer.start();
    }

    void signal() {
        bell.offer(Boolean.TRUE);
    }

    LaneState state() {
        return new LaneState(destination.name(), sender.breaker(), hold.heldUntil(), inFlight.get(), hold.pause());
    }

    /** Ends the waiting, not the pause: one delivery is tried now. */
    void tryNow() {
        hold.tryNow();
        signal();
    }

    /** The clock was put back by so much: no wait becomes longer by it. */
    void pullIn(Duration by) {
        hold.pullIn(by);
        signal();
    }

    void stopClaiming() {
        stopping = true;
        signal();
    }

    /** Waits for the sends that run; then gives the rest back under a new fence, so that a late result is refused. */
    void drain(Duration limit) {
        try {
            claimer.join(Math.max(1, limit.toMillis()));
            senders.shutdown();
            boolean sent = senders.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
            while (sent && inFlight.get() > 0 && bell.poll(limit.toMillis(), TimeUnit.MILLISECONDS) != null) {
                LOG.debug("{} results to record", inFlight.get());
            }
            if (inFlight.get() > 0) {
                senders.shutdownNow();
                running.values().forEach(each -> outbox.release(each, clock.instant()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (LedgerUnavailable e) {
            LOG.warn("Deliveries to {} stay leased until their lease ends: {}", destination.name(), e.getMessage());
        }
        sender.close();
    }

    private void run() {
        while (!stopping) {
            try {
                if (!claimSome()) {
                    bell.poll(idle().toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                // Also a class that cannot be read while the process has no file left.
                LOG.warn("Deliveries to {} wait: {}", destination.name(), e.getMessage());
                rest();
            }
        }
    }

    /** True when something was claimed, so that there may be more. */
    private boolean claimSome() {
        int free = ahead() - inFlight.get();
        Instant now = clock.instant();
        if (free <= 0 || hold.at(now) || !outbox.due(destination.name())) {
            return false;
        }
        if (hold.pause() != null || !"closed".equals(sender.breaker())) {
            // Half-open or about to be: one trial tells enough.
            free = inFlight.get() == 0 ? 1 : 0;
        }
        List<Claim> claims = free == 0 ? List.of() : outbox.claim(destination.name(), free, lease());
        for (Claim each : claims) {
            inFlight.incrementAndGet();
            running.put(each.delivery().id(), each.delivery());
            submit(each);
        }
        return !claims.isEmpty();
    }

    private void submit(Claim claim) {
        boolean begun = false;
        try {
            senders.execute(() -> deliver(claim));
            begun = true;
        } finally {
            if (!begun) {
                done(claim);
            }
        }
    }

    private int ahead() {
        double within = destination.concurrency() * AHEAD_MILLIS / Math.max(1, sendMillis);
        return (int) Math.max(destination.concurrency(), Math.min(AHEAD_MOST, within));
    }

    private Duration lease() {
        return destination.breaker().timeout().plus(LEASE_MARGIN);
    }

    private Duration idle() {
        Instant until = hold.heldUntil();
        Duration held = until == null ? poll : Duration.between(clock.instant(), until);
        return held.isNegative() || held.isZero() || held.compareTo(poll) > 0 ? poll : held;
    }

    /** Whatever happens, the slot is free again afterwards; a result that is lost is asked for again when the lease ends. */
    private void deliver(Claim claim) {
        boolean handedOn = false;
        try {
            Instant at = clock.instant();
            long began = System.nanoTime();
            Outcome outcome = mayBegin(claim, at) ? send(claim) : null;
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            if (outcome != null) {
                sendMillis = 0.8 * sendMillis + 0.2 * took.toMillis();
            }
            recorders.execute(() -> settle(claim, outcome, at, took));
            handedOn = true;
        } catch (RejectedExecutionException e) {
            // Stopped meanwhile: the delivery was given back, and this result would be refused.
            LOG.debug(
                    "The result of delivery {} came after the stop",
                    claim.delivery().id());
        } catch (RuntimeException | Error e) {
            LOG.error("Delivery {} failed and is repeated:", claim.delivery().id(), e);
        } finally {
            if (!handedOn) {
                done(claim);
            }
        }
    }

    private Outcome send(Claim claim) {
        Sender now = InUse.begin(() -> sender, Sender::use);
        try {
            return now.send(claim);
        } finally {
            now.use().end();
        }
    }

    /** A send that began must be able to end while the lease lasts, or another owner could send it too (P4). */
    private boolean mayBegin(Claim claim, Instant at) {
        return !stopping
                && !hold.at(at)
                && !at.plus(destination.breaker().timeout()).isAfter(claim.leaseUntil());
    }

    private void settle(Claim claim, Outcome outcome, Instant at, Duration took) {
        try {
            untilRecorded(claim, outcome, at, took);
        } finally {
            done(claim);
        }
    }

    private void done(Claim claim) {
        running.remove(claim.delivery().id());
        inFlight.decrementAndGet();
        signal();
    }

    /** Tries until the ledger takes the result or the lease is over: a sent message whose result is lost is sent twice. */
    private void untilRecorded(Claim claim, Outcome outcome, Instant at, Duration took) {
        while (true) {
            try {
                results.record(claim, outcome, at, took);
                return;
            } catch (LedgerUnavailable e) {
                if (stopping || !clock.instant().isBefore(claim.leaseUntil())) {
                    LOG.warn(
                            "The result of delivery {} is lost: {}",
                            claim.delivery().id(),
                            e.getMessage());
                    return;
                }
                rest();
            }
        }
    }

    private static void rest() {
        try {
            Thread.sleep(REST.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
