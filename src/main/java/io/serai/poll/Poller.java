package io.serai.poll;

import io.serai.record.Lease;
import io.serai.record.Leases;
import io.serai.record.PollCursor;
import io.serai.record.PollCursors;
import io.serai.reload.InUse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls providers. One run of an instance at a time, on one node (K7): the run holds the lease
 * {@code poll/<provider>/<instance>} and goes on where the last complete one began, with an overlap. What its routes do on
 * the way are {@link PollSteps}.
 */
public final class Poller {
    /** How much of the past is read again: problems show up in a feed some time after they began. */
    static final Duration OVERLAP = Duration.ofMinutes(10);

    static final Duration LEASE = Duration.ofMinutes(2);

    /** After the name of an instance's lease: the cursor with what its system listed. */
    static final String LISTED = "/listed";

    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);

    /**
     * How long the schedule of an instance stays with the node that polled it last. All nodes' timers fire at once: a run
     * may be over before another node's timer fires, whose clock is a little late, and it would ask the same again.
     */
    private static final Duration TURN = Duration.ofSeconds(10);

    private static final String SCHEDULE = "/schedule";

    /** Kept in the ledger: another node, or this one started anew, has to wait as well. */
    private static final String NOT_BEFORE = "/not-before";

    private final Leases leases;
    private final PollCursors cursors;
    private final String node;
    private final Clock clock;
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final Map<String, PollState> states = new ConcurrentHashMap<>();
    private final PollOutcomes outcomes;
    private volatile Serving serving;

    /** The routes that poll now. */
    private record Serving(PollRoutes routes, ProducerTemplate producer, InUse use) {}

    /** @param node this node's name, the owner of the leases */
    public Poller(Leases leases, PollCursors cursors, String node, Clock clock) {
        this.leases = leases;
        this.cursors = cursors;
        this.node = node;
        this.clock = clock;
        this.outcomes = new PollOutcomes(cursors, clock);
    }

    /** Who hears how polls end; before anything is polled. */
    public void tell(ReadingListener listener) {
        outcomes.tell(listener);
    }

    /**
     * Gives it the routes, once their context has started; again when they are replaced. A run goes on with those that it
     * began with.
     *
     * @param use counts the runs
     */
    public void connect(PollRoutes routes, ProducerTemplate template, InUse use) {
        serving = new Serving(routes, template, use);
    }

    /** The routes that poll now. */
    PollRoutes routes() {
        return serving.routes();
    }

    private Serving begin() {
        return InUse.begin(() -> serving, Serving::use);
    }

    /** A run that the schedule asked for, unless it is another node's turn. Never throws: the next run tries again. */
    public void scheduled(String provider, String instance) {
        PollReport report;
        try {
            Serving now = serving;
            if (now == null || !now.routes().polls(provider, instance)) {
                // The schedule of routes that are not in use, not yet or no more.
                return;
            }
            if (leases.acquire(name(provider, instance) + SCHEDULE, node, TURN).isEmpty()) {
                LOG.debug("poll of {}/{}: another node's turn", provider, instance);
                return;
            }
            report = run(provider, instance);
        } catch (RuntimeException e) {
            String problem = "the poll failed (" + e.getClass().getSimpleName() + ")";
            remember(provider, instance, clock.instant(), problem);
            outcomes.ended(provider, instance, problem);
            LOG.warn("poll of {}/{} failed: {}", provider, instance, e.toString());
            return;
        }
        if (report.problem() != null) {
            LOG.warn("poll of {}/{}: {}", provider, instance, report.problem());
        } else {
            LOG.debug("poll of {}/{}: {} seen, {} recorded", provider, instance, report.seen(), report.recorded());
        }
    }

    /**
     * A run that an operator asked for, over a range of his choice. The schedule's cursor stays where it is.
     *
     * @throws IllegalArgumentException when this provider's instance is not set up for polling
     */
    public PollReport pull(String provider, String instance, Range range) {
        if (!serving.routes().polls(provider, instance)) {
            throw new IllegalArgumentException(provider + "/" + instance + " is not set up for polling");
        }
        return run(provider, instance, range);
    }

    /** A run from where the last complete one began. */
    PollReport run(String provider, String instance) {
        return run(provider, instance, null);
    }

    private PollReport run(String provider, String instance, Range range) {
        String name = name(provider, instance);
        Instant began = clock.instant();
        PollRun idle = new PollRun(provider, instance, began, null);
        Instant allowed = cursors.read(name + NOT_BEFORE)
                .map(cursor -> Instant.parse(cursor.value()))
                .orElse(Instant.MIN);
        if (began.isBefore(allowed)) {
            return idle.report("the polled system asked to wait until " + allowed, ReadFailure.Kind.RATE_LIMIT);
        }
        if (!running.add(name)) {
            return idle.report("another run is under way", null);
        }
        try {
            Optional<Lease> lease = leases.acquire(name, node, LEASE);
            if (lease.isEmpty()) {
                return idle.report("another node polls it", null);
            }
            PollRun run = new PollRun(provider, instance, began, lease.get());
            Serving now = begin();
            try {
                PollReport report = read(now, name, range, run);
                remember(provider, instance, began, report.problem());
                // An operator sees himself that his own reading failed; that it did not is news for all.
                if (range == null || report.problem() == null) {
                    outcomes.ended(provider, instance, report.problem());
                }
                return report;
            } finally {
                now.use().end();
                leases.release(run.lease());
            }
        } finally {
            running.remove(name);
        }
    }

    private void remember(String provider, String instance, Instant began, String problem) {
        states.merge(
                provider + "/" + instance,
                new PollState(began, problem, problem == null ? 0 : 1),
                (before, now) -> new PollState(now.at(), now.problem(), before.failures() + now.failures()));
    }

    /** What the last poll of an instance by this node came to; empty before the first one (K18). */
    public Optional<PollState> state(String provider, String instance) {
        return Optional.ofNullable(states.get(provider + "/" + instance));
    }

    private PollReport read(Serving now, String name, Range range, PollRun run) {
        String provider = run.provider();
        String instance = run.instance();
        Optional<Instant> since = range == null ? since(name) : Optional.empty();
        Exchange exchange = now.producer().send("direct:alert-poll-" + provider + "-" + instance, each -> {
            each.setVariable(PollRun.VARIABLE, run);
            each.setVariable("provider", provider);
            each.setVariable("instance", instance);
            each.setVariable("received_at", run.began().toString());
            each.setVariable("received_epoch", String.valueOf(run.began().getEpochSecond()));
            Range back = range == null ? now.routes().range(provider, instance) : range;
            Instant from = since.orElseGet(() -> run.began().minus(back.length()));
            each.setVariable("range", back.word());
            each.setVariable("from", from.truncatedTo(ChronoUnit.SECONDS).toString());
            since.ifPresent(at -> each.setVariable("since", String.valueOf(at.toEpochMilli())));
            each.setVariable("more", true);
        });
        if (exchange.getException() != null) {
            ReadFailure failure =
                    ReadFailure.of(exchange.getException(), now.routes().connection(provider));
            failure.retryAfter()
                    .map(wait -> clock.instant().plus(wait).toString())
                    .ifPresent(until -> cursors.write(new PollCursor(name + NOT_BEFORE, until), clock.instant()));
            return run.report(failure.sentence(), failure.kind());
        }
        if (run.listing() != null) {
            cursors.write(new PollCursor(name + LISTED, run.listing().json()), clock.instant());
        }
        if (range == null) {
            cursors.write(new PollCursor(name, run.began().toString()), clock.instant());
        }
        return run.report(null, null);
    }

    private Optional<Instant> since(String name) {
        return cursors.read(name).map(cursor -> Instant.parse(cursor.value()).minus(OVERLAP));
    }

    /** Under which an instance's poll keeps what it keeps in the ledger: its lease and, with an ending, its cursors. */
    static String name(String provider, String instance) {
        return "poll/" + provider + "/" + instance;
    }
}
