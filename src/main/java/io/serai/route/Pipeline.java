package io.serai.route;

import io.serai.record.Inbox;
import io.serai.record.Lane;
import io.serai.record.LeaseLost;
import io.serai.record.Leases;
import io.serai.record.LedgerUnavailable;
import io.serai.record.Work;
import io.serai.reload.InUse;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes committed receipts through enrich, correlate and route, and settles them: what each change became, its incident
 * and its deliveries, in one transaction for a batch. One node does it at a time, under a lease; the others stand by.
 *
 * <p>A receipt with an alert on which a route fails is put off with the reason and tried again without end, ever more
 * rarely; it stays in the inbox until all of it has passed. Its other alerts go on, as does everybody else (P7). Stopping
 * ends after the batch at work (P8).
 */
public final class Pipeline implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);
    private static final int FIRST_RECEIPTS = 16;
    private static final int RECEIPTS = 1024;
    private static final long POLL_MILLIS = 250;
    private static final long FAULT_MILLIS = 1000;
    private static final long GLANCE_MILLIS = 10;
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Inbox inbox;
    private final RoutingLease lease;
    private final Passage passage;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "pipeline");
    private volatile boolean stopping;
    private volatile BooleanSupplier pressed = () -> false;
    private volatile long giveWayNanos;
    private volatile Duration behind = Duration.ZERO;
    private long lookAt = System.nanoTime();
    private volatile Stages stages;
    private boolean failing;
    private int batch = FIRST_RECEIPTS;

    /**
     * @param reader for reading the ledger
     * @param node   this node's name, the lease's owner
     * @param routed called after each commit with the destinations that have something to send
     */
    public Pipeline(
            Inbox inbox, Leases leases, DataSource reader, String node, Clock clock, Consumer<Set<String>> routed) {
        this.inbox = inbox;
        this.lease = new RoutingLease(leases, node);
        this.passage = new Passage(inbox, lease, reader, clock, routed);
    }

    /**
     * Gives it the routes, started; again when they are replaced. A batch ends with those that it began with.
     *
     * @param use counts the batches
     * @throws io.serai.config.ConfigurationError when a route tells a destination that is not configured, or a stage has
     *     no route
     */
    public void serve(CamelContext context, Routing routing, InUse use) {
        RoutingCheck.check(context, routing);
        stages = new Stages(context, routing, use);
    }

    /** Begins, once it has been given the routes. */
    public void start() {
        thread.start();
    }

    /** False when routing has ended, or never began: nothing is told then. */
    public boolean running() {
        return thread.isAlive();
    }

    /**
     * In a burst the senders go first: routing in small steps would take the store from the ledger for every few alerts.
     * What comes in meanwhile is routed in large steps when the burst is over, or has lasted for so long.
     *
     * @param whilePressed true while many wait for the ledger
     * @param longest      how long routing may wait, once it has caught up
     */
    public void giveWay(BooleanSupplier whilePressed, Duration longest) {
        pressed = whilePressed;
        giveWayNanos = longest.toNanos();
    }

    /**
     * How long the oldest receipt that is still to be routed has waited, on whichever node; looked at once a second.
     * Whoever takes alerts in faster than they are routed has to be stopped in time.
     */
    public Duration behind() {
        return behind;
    }

    /** Something was recorded. Cheap; from any thread. */
    public void signal() {
        if (wake.availablePermits() == 0) {
            wake.release();
        }
    }

    /** Finishes the batch at work, gives the lease to whoever stands by, and returns. */
    @Override
    public void close() {
        stopping = true;
        signal();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopping) {
            long wait = round();
            await(wait);
            if (wait > 0) {
                letSendersGo();
            }
        }
        lease.release();
    }

    private void letSendersGo() {
        long end = System.nanoTime() + giveWayNanos;
        while (pressed.getAsBoolean() && !stopping && System.nanoTime() < end) {
            try {
                TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
            } catch (InterruptedException e) {
                LOG.debug("The pipeline's wait was interrupted.");
            }
        }
    }

    /** One look at the inbox; gives the milliseconds to wait for the next. */
    private long round() {
        try {
            look();
            if (!lease.held()) {
                recovered();
                return POLL_MILLIS;
            }
            int asked = batch;
            List<Work> due = inbox.due(Lane.ROUTE, asked);
            batch = following(due, asked);
            int done = 0;
            while (done < due.size() && !stopping) {
                done += settleWhole(due.subList(done, due.size()));
            }
            recovered();
            return due.size() < asked ? POLL_MILLIS : 0;
        } catch (LeaseLost e) {
            LOG.warn("Another node has taken over routing; this batch is its to do.");
            lease.lost();
            return POLL_MILLIS;
        } catch (LedgerUnavailable | SQLException e) {
            failed(e);
            return FAULT_MILLIS;
        } catch (RuntimeException | Error e) {
            // Also a class that cannot be read while the process has no file left: the receipts wait in the ledger.
            LOG.error("A round of the pipeline failed and is repeated: {}", Passage.reason(e), e);
            return FAULT_MILLIS;
        }
    }

    private void look() {
        long now = System.nanoTime();
        if (now - lookAt >= 0) {
            lookAt = now + LOOK_NANOS;
            behind = inbox.behind();
        }
    }

    /** How many receipts to ask for next: fewer when they hold many alerts, so that a batch always fits into memory. */
    private static int following(List<Work> due, int asked) {
        int items = due.stream().mapToInt(work -> work.items().size()).sum();
        int fitting = items == 0 ? RECEIPTS : Passage.CHANGES * due.size() / items;
        return Math.max(1, Math.min(Math.min(RECEIPTS, 4 * asked), fitting));
    }

    private void await(long millis) {
        try {
            if (millis > 0 && wake.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread to stop it; close() says so in its own way.
            LOG.debug("The pipeline's wait was interrupted.");
        }
    }

    private int settleWhole(List<Work> due) throws SQLException {
        Stages now = InUse.begin(() -> stages, Stages::use);
        try {
            return passage.settle(now, due);
        } finally {
            now.use().end();
        }
    }

    private void failed(Exception e) {
        if (!failing) {
            LOG.error("Routing waits for the ledger: {}", Passage.reason(e));
        }
        failing = true;
    }

    private void recovered() {
        if (failing) {
            LOG.info("Routing goes on.");
        }
        failing = false;
    }
}
