package io.serai.poll;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import io.serai.record.Leases;
import io.serai.record.Origin;
import io.serai.record.PollCursor;
import io.serai.record.PollCursors;
import io.serai.record.Recording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.Exchange;

/** The steps of the routes that poll: bean {@code poll}. Each works on the run that its exchange belongs to. */
public final class PollSteps {
    /** The exchange variable with the raw bytes of the last answer. */
    static final String ANSWER = "answer";

    private static final int PAGES = 500;

    private final Poller poller;
    private final Leases leases;
    private final PollCursors cursors;
    private final Clock clock;
    private final Waiting waiting;
    private final Map<String, Quota> quotas = new ConcurrentHashMap<>();

    /** Lets time pass. */
    @FunctionalInterface
    interface Waiting {
        void sit(Duration time) throws InterruptedException;
    }

    public PollSteps(Poller poller, Leases leases, PollCursors cursors, Clock clock) {
        this(poller, leases, cursors, clock, time -> Thread.sleep(time.toMillis()));
    }

    /** @param waiting sits out a quota, by the same time as the clock */
    PollSteps(Poller poller, Leases leases, PollCursors cursors, Clock clock, Waiting waiting) {
        this.poller = poller;
        this.leases = leases;
        this.cursors = cursors;
        this.clock = clock;
        this.waiting = waiting;
    }

    /** A strike of an instance's timer; see {@link Poller#scheduled}. */
    public void scheduled(String provider, String instance) {
        poller.scheduled(provider, instance);
    }

    /**
     * Comes before each request: waits until the instance's quota allows it (K15). As one node polls, it is kept here.
     *
     * @throws InterruptedException when Serai stops meanwhile
     */
    public void quota(Exchange exchange) throws InterruptedException {
        PollRun run = run(exchange);
        int limit = poller.routes().requestsPerMinute(run.provider(), run.instance());
        if (limit > 0) {
            waiting.sit(quotas.computeIfAbsent(Poller.name(run.provider(), run.instance()), each -> new Quota(limit))
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
        run.renewed(leases.renew(run.lease(), Poller.LEASE)
                .orElseThrow(() -> new IllegalStateException("another node has taken the poll over")));
        String next = page.path("next").asText("");
        exchange.setVariable("more", page.hasNonNull("next") && !next.isEmpty());
        exchange.setVariable("next", next);
        List<JsonNode> items = new ArrayList<>(page.path("items").size());
        page.path("items").forEach(items::add);
        if (page.path("listing").asBoolean()) {
            if (run.listing() == null) {
                Optional<PollCursor> known = cursors.read(Poller.name(run.provider(), run.instance()) + Poller.LISTED);
                run.listing(known.isPresent() ? Listing.of(known.get().value()) : new Listing());
            }
            list(items, run);
            if (!page.hasNonNull("next") || next.isEmpty()) {
                Duration patience = poller.routes().resolveAfter(run.provider(), run.instance());
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
