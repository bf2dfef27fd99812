package io.serai.poll;

import io.serai.parse.Normaliser;
import io.serai.provider.ProviderCatalog;
import io.serai.record.Inbox;
import io.serai.record.Lane;
import io.serai.record.Lease;
import io.serai.record.Leases;
import io.serai.record.Work;
import io.serai.reload.InUse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The claim check (D11): takes the receipts that carry an identity only, reads their details back through the route
 * {@code direct:<provider>-fetch-<instance>}, and lets them go on to be routed, completed. What cannot be read within
 * five minutes goes on as it was, with a note: somebody must be told in any case. One node at a time fetches.
 */
public final class Fetcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);
    private static final String LEASE = "fetch";
    private static final Duration LEASE_TIME = Duration.ofSeconds(30);
    private static final long IDLE_MILLIS = 250;
    private static final int AT_ONCE = 4;
    private static final int BATCH = 64;
    private static final long STOP_SECONDS = 30;

    private final Inbox inbox;
    private final Details details;
    private final Leases leases;
    private final String node;
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
        this.details = new Details(inbox, clock);
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
            } catch (RuntimeException | Error e) {
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
                Serving now = InUse.begin(() -> serving, Serving::use);
                try {
                    details.complete(now, work);
                } catch (RuntimeException e) {
                    LOG.warn("details of receipt {} cannot be kept now: {}", work.receipt(), e.toString());
                } finally {
                    now.use().end();
                    underWay.remove(work.receipt());
                }
            });
        }
    }
}
