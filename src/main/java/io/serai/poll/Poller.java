package io.serai.poll;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import io.serai.record.Lease;
import io.serai.record.Leases;
import io.serai.record.Origin;
import io.serai.record.PollCursor;
import io.serai.record.PollCursors;
import io.serai.record.Recording;
import io.serai.reload.InUse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls providers, as the routes see it: bean {@code poll}. One run of an instance at a time, on one node (K7): the run
 * holds the lease {@code poll/<provider>/<instance>} and goes on where the last complete one began, with an overlap.
 */
public final class Poller {
    /** How much of the past is read again: problems show up in a feed some time after they began. */
    static final Duration OVERLAP = Duration.ofMinutes(10);

    /** The exchange variable with the raw bytes of the last answer. */
    static final String ANSWER = "answer";

    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);
    private static final Duration LEASE = Duration.ofMinutes(2);

    /**
     * How long the schedule of an instance stays with the node that polled it last. All nodes' timers fire at once: a run
     * may be over before another node's timer fires, whose clock is a little late, and it would ask the same again.
     */
    private static final Duration TURN = Duration.ofSeconds(10);

    private static final int PAGES = 500;
    private static final String LISTED = "/listed";
    private static final String SCHEDULE = "/schedule";

    /** Kept in the ledger: another node, or this one started anew, has to wait as well. */
    private static final String NOT_BEFORE = "/not-before";

    private final Leases leases;
    private final PollCursors cursors;
    private final String node;
    private final Clock clock;
    private final Waiting waiting;
    private final Map<String, Quota> quotas = new ConcurrentHashMap<>();
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final Map<String, PollState> states = new ConcurrentHashMap<>();
    private volatile Serving serving;

    /** The routes that poll now. */
    private record Serving(PollRoutes routes, ProducerTemplate producer, InUse use) {}

    /** Lets time pass. */
    @FunctionalInterface
    interface Waiting {
        void sit(Duration time) throws InterruptedException;
    }

    /** @param node this node's name, the owner of the leases */
    public Poller(Leases leases, PollCursors cursors, String node, Clock clock) {
        this(leases, cursors, node, clock, time -> Thread.sleep(time.toMillis()));
    }

    /** @param waiting sits out a quota, by the same time as the clock */
    Poller(Leases leases, PollCursors cursors, String node, Clock clock, Waiting waiting) {
        this.leases = leases;
        this.cursors = cursors;
        this.node = node;
        this.clock = clock;
        this.waiting = waiting;
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

    private Serving begin() {
        Serving now = serving;
        while (!now.use().begin()) {
            now = serving;
        }
        return now;
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
            remember(
                    provider,
                    instance,
                    clock.instant(),
                    "the poll failed (" + e.getClass().getSimpleName() + ")");
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
            ReadFailure failure = ReadFailure.of(exchange.getException());
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

    /**
     * Comes before each request: waits until the instance's quota allows it (K15). As one node polls, it is kept here.
     *
     * @throws InterruptedException when Serai stops meanwhile
     */
    public void quota(Exchange exchange) throws InterruptedException {
        PollRun run = run(exchange);
        int limit = serving.routes().requestsPerMinute(run.provider(), run.instance());
        if (limit > 0) {
            waiting.sit(quotas.computeIfAbsent(name(run.provider(), run.instance()), each -> new Quota(limit))
                    .take(clock.instant()));
        }
    }

    /**
     * The raw answer of a system that was read, strictly; the bytes stay in the variable {@code answer}.
     *
     * @throws IOException when it is not JSON
     */
    public JsonNode json(@Body byte[] answer, Exchange exchange) throws IOException {
        exchange.setVariable(ANSWER, answer);
        return StrictJson.read(answer);
    }

    /**
     * Takes one page, {@code {"items": [{"item", "key"}], "next", "monitored"}}, and says through the variables
     * {@code more} and {@code next} whether another one follows. A system that lists only what is active has
     * {@code "listing": true} in each page, and in each item {@code name}, which is the same as long as it is listed, and
     * {@code gone}, which is parsed when it has vanished.
     *
     * @throws IllegalStateException when another node has taken the poll over, or the pages never end
     * @throws IOException when what was listed before cannot be read
     */
    public List<JsonNode> page(@Body JsonNode page, Exchange exchange) throws IOException {
        PollRun run = run(exchange);
        if (run.page(page) > PAGES) {
            throw new IllegalStateException("the polled system gave more than " + PAGES + " pages");
        }
        run.renewed(leases.renew(run.lease(), LEASE)
                .orElseThrow(() -> new IllegalStateException("another node has taken the poll over")));
        String next = page.path("next").asText("");
        exchange.setVariable("more", page.hasNonNull("next") && !next.isEmpty());
        exchange.setVariable("next", next);
        List<JsonNode> items = new ArrayList<>(page.path("items").size());
        page.path("items").forEach(items::add);
        if (page.path("listing").asBoolean()) {
            if (run.listing() == null) {
                Optional<PollCursor> known = cursors.read(name(run.provider(), run.instance()) + LISTED);
                run.listing(known.isPresent() ? Listing.of(known.get().value()) : new Listing());
            }
            list(items, run);
            if (!page.hasNonNull("next") || next.isEmpty()) {
                Duration patience = serving.routes().resolveAfter(run.provider(), run.instance());
                items.addAll(run.listing().vanished(run.listed(), run.began(), patience));
            }
        }
        return items;
    }

    /** What was otherwise in between, or over, is recorded again, though it comes back as it was. */
    private static void list(List<JsonNode> items, PollRun run) {
        for (JsonNode item : items) {
            String name = item.path("name").asText();
            String key = item.path("key").asText();
            Instant since = run.listing().listed(name, key, item.path("gone"), run.began());
            run.listed().add(name);
            ((ObjectNode) item).put("key", key + "/" + since.toEpochMilli());
        }
    }

    private static String name(String provider, String instance) {
        return "poll/" + provider + "/" + instance;
    }

    /** One member of a page becomes what the provider's mapping reads, and its own receipt. */
    public JsonNode item(@Body JsonNode member, Exchange exchange) {
        JsonNode item = member.path("item");
        byte[] body = item.toString().getBytes(StandardCharsets.UTF_8);
        exchange.setVariable(
                Origin.VARIABLE,
                Origin.polled(body, clock.instant(), run(exchange).began()));
        return item;
    }

    public void recorded(@Body Recording recording, Exchange exchange) {
        run(exchange).recorded(recording.await());
    }

    private static PollRun run(Exchange exchange) {
        return exchange.getVariable(PollRun.VARIABLE, PollRun.class);
    }
}
