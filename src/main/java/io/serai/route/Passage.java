package io.serai.route;

import io.serai.config.Redaction;
import io.serai.record.Inbox;
import io.serai.record.PutOff;
import io.serai.record.Settled;
import io.serai.record.SettledChange;
import io.serai.record.Work;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes receipts through the stages and settles them, a batch in one transaction; puts off those on which a route fails.
 * Used by one thread.
 */
final class Passage {
    /** A batch ends at so many changes, or after so long: what a slow lookup holds up must not hold up the rest. */
    static final int CHANGES = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(Passage.class);
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);
    private static final int ERROR_LENGTH = 200;

    private final Inbox inbox;
    private final RoutingLease lease;
    private final DataSource reader;
    private final Clock clock;
    private final Consumer<Set<String>> routed;

    Passage(Inbox inbox, RoutingLease lease, DataSource reader, Clock clock, Consumer<Set<String>> routed) {
        this.inbox = inbox;
        this.lease = lease;
        this.reader = reader;
        this.clock = clock;
        this.routed = routed;
    }

    /**
     * Passes receipts until the batch is full and settles them, under the lease, which is held.
     *
     * @return how many need no more be looked at in this round
     * @throws io.serai.record.LeaseLost when another node has taken over
     */
    int settle(Stages stages, List<Work> due) throws SQLException {
        long token = lease.token();
        History history = History.read(reader, due);
        List<Settled> settled = new ArrayList<>(due.size());
        List<PutOff> putOff = new ArrayList<>();
        int changes = 0;
        long end = System.nanoTime() + SLICE_NANOS;
        while (settled.size() < due.size() && changes < CHANGES && System.nanoTime() < end && lease.held()) {
            Settled passed = pass(stages, due.get(settled.size()), history, putOff);
            settled.add(passed);
            changes += passed.changes().size();
        }
        if (!lease.still(token)) {
            // What another node did meanwhile is only known to the next round.
            return due.size();
        }
        Set<String> destinations = inbox.settle(token, settled, putOff).destinations();
        if (!destinations.isEmpty()) {
            routed.accept(destinations);
        }
        if (!putOff.isEmpty()) {
            PutOff first = putOff.get(0);
            LOG.error(
                    "{} receipts could not be routed and will be tried again; the first is receipt {}: {}",
                    putOff.size(),
                    first.receipt(),
                    first.error());
        }
        return settled.size();
    }

    /** Passes what the receipt holds. What a route fails on is left out, and the receipt is put off for its sake. */
    private Settled pass(Stages stages, Work work, History history, List<PutOff> putOff) {
        List<SettledChange> changes = new ArrayList<>(work.items().size());
        String error = null;
        for (Work.Item item : work.items()) {
            if (history.done(item.alert(), item.version())) {
                continue;
            }
            try {
                SettledChange change = stages.pass(work.receipt(), item, history);
                history.add(change);
                changes.add(change);
            } catch (Exception | LinkageError | StackOverflowError e) {
                error = error == null ? reason(e) : error;
            }
        }
        if (error != null) {
            putOff.add(new PutOff(work.receipt(), clock.instant().plus(delay(work)), work.attempts() + 1, error));
        }
        return new Settled(work.receipt(), changes);
    }

    private static Duration delay(Work work) {
        Duration delay = Duration.ofSeconds(1L << Math.min(work.attempts(), 9));
        return delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
    }

    /**
     * The innermost cause: the outer ones only repeat it, and say which exchange it was. It is kept in the ledger and
     * shown, and may quote an address with a key in it (P10); it is cut last, because a part of a secret is not known as one.
     */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String text = Redaction.redact(cause.getClass().getSimpleName() + ": " + cause.getMessage());
        return text.substring(0, Math.min(ERROR_LENGTH, text.length()));
    }
}
