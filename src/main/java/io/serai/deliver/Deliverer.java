package io.serai.deliver;

import io.serai.record.LedgerUnavailable;
import io.serai.reload.InUse;
import io.serai.repeat.Repeating;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.DoubleSupplier;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due, each destination in a lane of its own threads: one that hangs delays no other (P7). Stopping drains
 * (P8).
 */
public final class Deliverer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deliverer.class);

    /** As many results as these wait for one commit together. */
    private static final int RECORDERS = 32;

    private static final Duration EXPIRE_EVERY = Duration.ofHours(1);

    /** How long a lane that is replaced may end what it sends; then it is given back, for the new one to send. */
    private static final Duration RETIRING = Duration.ofMinutes(3);

    private final Outbox outbox;
    private final OutboundMetrics metrics;
    private final Clock clock;
    private final DoubleSupplier random;
    private final Duration poll;
    private final Duration drain;
    private final PauseListener listener;
    private volatile Map<String, Lane> lanes;
    private final Set<Lane> leaving = ConcurrentHashMap.newKeySet();
    private final ExecutorService recorders = Executors.newFixedThreadPool(RECORDERS, task -> {
        Thread thread = new Thread(task, "deliver-record");
        thread.setDaemon(true);
        return thread;
    });
    private final ExecutorService retiring = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "deliver-retiring");
        thread.setDaemon(true);
        return thread;
    });
    private final Repeating housekeeping = new Repeating("deliver-housekeeping");

    /**
     * What deliveries go through now.
     *
     * @param camel started, with the destinations' routes
     * @param use   counts the sends
     */
    public record Serving(Destinations destinations, CamelContext camel, InUse use) {}

    /**
     * @param poll  how often each lane looks for due deliveries that nobody signalled
     * @param drain how long {@link #close} waits for sends that run
     * @param listener is told of destinations that refuse us
     */
    public Deliverer(
            Outbox outbox,
            Serving serving,
            OutboundMetrics metrics,
            Clock clock,
            DoubleSupplier random,
            Duration poll,
            Duration drain,
            PauseListener listener) {
        this.outbox = outbox;
        this.metrics = metrics;
        this.clock = clock;
        this.random = random;
        this.poll = poll;
        this.drain = drain;
        this.listener = listener;
        Map<String, Lane> made = new TreeMap<>();
        serving.destinations().all().forEach(each -> made.put(each.name(), lane(each, serving)));
        lanes = made;
    }

    private Lane lane(Destination destination, Serving serving) {
        return new Lane(
                destination,
                outbox,
                sender(destination, serving),
                clock,
                random,
                poll,
                this::signal,
                listener,
                recorders);
    }

    private Sender sender(Destination destination, Serving serving) {
        return new Sender(serving.camel(), destination, metrics, serving.use());
    }

    /**
     * Goes on through newer routes. A destination that is as it was keeps its lane, with what it sends and whether it is
     * paused; one that changed gets a new lane, and the old one ends with what it has claimed; so does one that is gone.
     */
    public synchronized void serve(Serving next) {
        Map<String, Lane> before = lanes;
        Map<String, Lane> after = new TreeMap<>();
        List<Lane> fresh = new ArrayList<>();
        for (Destination each : next.destinations().all()) {
            Lane lane = before.get(each.name());
            if (lane != null && lane.destination().equals(each)) {
                lane.through(sender(each, next));
            } else {
                lane = lane(each, next);
                fresh.add(lane);
            }
            after.put(each.name(), lane);
        }
        outbox.configure(next.destinations());
        lanes = after;
        fresh.forEach(Lane::start);
        before.forEach((name, lane) -> {
            if (after.get(name) != lane) {
                lane.stopClaiming();
                leaving.add(lane);
                retiring.execute(() -> {
                    lane.drain(RETIRING);
                    leaving.remove(lane);
                });
            }
        });
    }

    /** Takes back what an earlier life of this node had claimed, then begins. */
    public void start() {
        outbox.releaseOwn();
        housekeeping.every(Duration.ZERO, EXPIRE_EVERY, this::expire);
        lanes.values().forEach(Lane::start);
    }

    private void expire() {
        try {
            int expired = outbox.expireUnconfigured();
            if (expired > 0) {
                LOG.warn("{} deliveries are dead: their destinations are not configured", expired);
            }
        } catch (LedgerUnavailable e) {
            LOG.warn("Deliveries to unconfigured destinations are looked for later: {}", e.getMessage());
        }
    }

    /** New deliveries may be due: after routing and after a replay. Cheap; from any thread. */
    public void signal() {
        lanes.values().forEach(Lane::signal);
    }

    /** The same for one destination; unknown names are ignored. */
    public void signal(String destination) {
        Lane lane = lanes.get(destination);
        if (lane != null) {
            lane.signal();
        }
    }

    /**
     * Tries destinations that are paused.
     *
     * @param destination null for all
     */
    public void tryNow(String destination) {
        lanes.forEach((name, lane) -> {
            if (destination == null || destination.equals(name)) {
                lane.tryNow();
            }
        });
    }

    /**
     * Brings forward what waits for its time: the clock was put back by so much.
     *
     * @throws LedgerUnavailable when the store does not answer
     */
    public void pullIn(Duration by) {
        outbox.pullIn(by);
        lanes.values().forEach(each -> each.pullIn(by));
    }

    /** By destination name. */
    public List<LaneState> states() {
        return lanes.values().stream().map(Lane::state).toList();
    }

    /** Empty for a name that is not configured. */
    public Optional<LaneState> state(String destination) {
        return Optional.ofNullable(lanes.get(destination)).map(Lane::state);
    }

    /** Claims nothing more, waits for the sends that run, and gives back what is not done when the wait is over. */
    @Override
    public void close() {
        housekeeping.close();
        retiring.shutdownNow();
        lanes.values().forEach(Lane::stopClaiming);
        long end = System.nanoTime() + drain.toNanos();
        List<Lane> ending = new ArrayList<>(lanes.values());
        ending.addAll(leaving);
        for (Lane each : ending) {
            each.drain(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
        recorders.shutdown();
    }
}
