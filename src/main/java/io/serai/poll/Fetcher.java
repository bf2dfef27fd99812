package io.serai.poll;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import io.serai.parse.Normaliser;
import io.serai.provider.ProviderCatalog;
import io.serai.record.Fetched;
import io.serai.record.Inbox;
import io.serai.record.Item;
import io.serai.record.Lane;
import io.serai.record.Lease;
import io.serai.record.Leases;
import io.serai.record.Receipt;
import io.serai.record.Source;
import io.serai.record.Work;
import io.serai.reload.InUse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The claim check (D11): takes the receipts that carry an identity only, reads their details back through the route
 * {@code direct:<provider>-fetch-<instance>}, and lets them go on to be routed, completed. What cannot be read within
 * five minutes goes on as it was, with a note: somebody must be told in any case. One node at a time fetches.
 */
public final class Fetcher implements AutoCloseable {
    /** After this the alert goes on without its details. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);
    private static final String LEASE = "fetch";
    private static final Duration LEASE_TIME = Duration.ofSeconds(30);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final long IDLE_MILLIS = 250;
    private static final int AT_ONCE = 4;
    private static final int BATCH = 64;
    private static final long STOP_SECONDS = 30;

    private final Inbox inbox;
    private final Leases leases;
    private final String node;
    private final Clock clock;
    private volatile Serving serving;
    private final Set<Long> underWay = ConcurrentHashMap.newKeySet();
    private final ExecutorService fetching = Executors.newFixedThreadPool(AT_ONCE, Fetcher::thread);
    private final Thread loop = thread(this::run);
    private volatile boolean closing;

    /**
     * The routes that fetch now.
     *
     * @param producer of the started context that has them
     * @param use      counts what is fetched through them
     */
    public record Serving(
            PollRoutes routes, ProviderCatalog catalog, Normaliser normaliser, ProducerTemplate producer, InUse use) {}

    public Fetcher(Inbox inbox, Leases leases, String node, Clock clock, Serving serving) {
        this.inbox = inbox;
        this.leases = leases;
        this.node = node;
        this.clock = clock;
        this.serving = serving;
    }

    /** There are newer routes; what is under way ends with those that it began with. */
    public void serve(Serving next) {
        serving = next;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "fetcher");
        thread.setDaemon(true);
        return thread;
    }

    public void start() {
        loop.start();
    }

    /** Lets what is under way end; the rest waits in the inbox. */
    @Override
    public void close() {
        closing = true;
        loop.interrupt();
        fetching.shutdown();
        try {
            loop.join();
            if (!fetching.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                fetching.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Optional<Lease> lease = Optional.empty();
        boolean failing = false;
        while (!closing) {
            try {
                lease = leases.acquire(LEASE, node, LEASE_TIME);
                if (lease.isPresent()) {
                    inbox.due(Lane.FETCH, BATCH).forEach(this::submit);
                }
                failing = false;
            } catch (RuntimeException e) {
                if (!failing) {
                    LOG.warn("details cannot be fetched now: {}", e.toString());
                }
                failing = true;
            }
            pause();
        }
        lease.ifPresent(leases::release);
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(IDLE_MILLIS);
        } catch (InterruptedException e) {
            // close() woke it up; the loop's condition ends it.
        }
    }

    private void submit(Work work) {
        if (!closing && underWay.add(work.receipt())) {
            fetching.execute(() -> {
                Serving now = serving;
                while (!now.use().begin()) {
                    now = serving;
                }
                try {
                    complete(now, work);
                } catch (RuntimeException e) {
                    LOG.warn("details of receipt {} cannot be kept now: {}", work.receipt(), e.toString());
                } finally {
                    now.use().end();
                    underWay.remove(work.receipt());
                }
            });
        }
    }

    private void complete(Serving now, Work work) {
        List<Fetched> contents = new ArrayList<>();
        List<byte[]> answers = new ArrayList<>();
        for (Work.Item item : work.items()) {
            if (item.content().path("test").asBoolean()) {
                continue;
            }
            if (!now.routes().fetches(work.provider(), work.instance())) {
                contents.add(noted(item, "details not fetched: no tenant is configured"));
                continue;
            }
            Exchange answer = fetch(now, work, item);
            if (answer.getException() == null) {
                answers.add(answer.getVariable(Poller.ANSWER, byte[].class));
                contents.add(completed(now, work, item, answer.getMessage().getBody(JsonNode.class)));
                continue;
            }
            ReadFailure failure = ReadFailure.of(answer.getException());
            if (!failure.permanent()
                    && clock.instant().isBefore(work.receivedAt().plus(PATIENCE))) {
                inbox.defer(work.receipt(), again(work, failure), failure.sentence());
                return;
            }
            contents.add(noted(item, "details not fetched: " + failure.sentence()));
        }
        inbox.complete(work.receipt(), contents, answers.isEmpty() ? null : raw(work, answers));
    }

    private Exchange fetch(Serving now, Work work, Work.Item item) {
        return now.producer().send("direct:" + work.provider() + "-fetch-" + work.instance(), exchange -> {
            exchange.setVariable("provider", work.provider());
            exchange.setVariable("instance", work.instance());
            exchange.setVariable("received_at", work.receivedAt().toString());
            exchange.setVariable(
                    "received_epoch", String.valueOf(work.receivedAt().getEpochSecond()));
            exchange.getMessage().setBody(item.content());
        });
    }

    private static Fetched completed(Serving now, Work work, Work.Item item, JsonNode mapped) {
        List<Item> items = now.normaliser().items(now.catalog().get(work.provider()), work.instance(), mapped);
        for (Item each : items) {
            if (each instanceof Item.Mapped alert
                    && alert.fingerprint().toString().equals(item.fingerprint())) {
                return new Fetched(
                        item.index(),
                        Completion.of(item.content(), json(alert.content())).toString());
            }
        }
        return noted(item, "details not used: they are not about this alert");
    }

    private static Fetched noted(Work.Item item, String note) {
        return new Fetched(item.index(), Completion.noted(item.content(), note).toString());
    }

    /** The raw answers are a receipt of their own beside the one that they complete; several of them make a JSON list. */
    private Receipt raw(Work work, List<byte[]> answers) {
        byte[] body = answers.get(0);
        if (answers.size() > 1) {
            body = answers.stream()
                    .map(answer -> new String(answer, StandardCharsets.UTF_8))
                    .collect(Collectors.joining(",", "[", "]"))
                    .getBytes(StandardCharsets.UTF_8);
        }
        return new Receipt(
                work.provider(),
                work.instance(),
                Source.FETCH,
                clock.instant(),
                null,
                null,
                null,
                "application/json",
                Map.of(),
                body,
                null,
                work.receipt(),
                false);
    }

    /** Half to all of 2 s, 4 s, 8 s, ... 60 s, at random, and not before the system allows; never later than the patience ends. */
    private Instant again(Work work, ReadFailure failure) {
        long cap = Math.min(LONGEST_WAIT.toMillis(), FIRST_WAIT.toMillis() << Math.min(work.attempts(), 16));
        long wait = cap / 2 + ThreadLocalRandom.current().nextLong(cap / 2 + 1);
        Instant next = clock.instant()
                .plusMillis(Math.max(
                        wait, failure.retryAfter().orElse(Duration.ZERO).toMillis()));
        Instant last = work.receivedAt().plus(PATIENCE);
        return next.isAfter(last) ? last : next;
    }

    private static ObjectNode json(String content) {
        try {
            return (ObjectNode) StrictJson.read(content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("the normaliser wrote an alert that is not JSON", e);
        }
    }
}
