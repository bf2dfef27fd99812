package io.serai;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.serai.api.ApiDoor;
import io.serai.api.ApiHandler;
import io.serai.api.FirstKeys;
import io.serai.api.Keys;
import io.serai.audit.Audit;
import io.serai.config.ConfigurationError;
import io.serai.config.Exposure;
import io.serai.config.Settings;
import io.serai.deliver.Deliverer;
import io.serai.deliver.DeliveryMeters;
import io.serai.deliver.LaneState;
import io.serai.deliver.OutboundLog;
import io.serai.deliver.OutboundMeters;
import io.serai.deliver.OutboundMetrics;
import io.serai.deliver.Outbox;
import io.serai.door.Access;
import io.serai.door.Answer;
import io.serai.door.Door;
import io.serai.door.DoorKeeper;
import io.serai.door.DoorOptions;
import io.serai.door.DoorTable;
import io.serai.door.DoorUnavailable;
import io.serai.door.PeopleLimits;
import io.serai.door.RateLimit;
import io.serai.enrich.CsvTables;
import io.serai.enrich.EnrichmentDatabase;
import io.serai.observe.Health;
import io.serai.observe.LedgerMetrics;
import io.serai.observe.ManagementServer;
import io.serai.poll.Fetcher;
import io.serai.poll.Poller;
import io.serai.record.ClockWatch;
import io.serai.record.Inbox;
import io.serai.record.Leases;
import io.serai.record.Ledger;
import io.serai.record.LedgerKeys;
import io.serai.record.LedgerOptions;
import io.serai.record.LedgerUnavailable;
import io.serai.record.LimitSharing;
import io.serai.record.PollCursors;
import io.serai.record.Pulse;
import io.serai.record.Recorder;
import io.serai.record.Retention;
import io.serai.record.RetentionLimits;
import io.serai.record.Store;
import io.serai.record.Sweeper;
import io.serai.reload.Reloader;
import io.serai.reload.Snapshot;
import io.serai.route.Pipeline;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All parts of one Serai, put together, started in order and stopped in the opposite one. */
public final class Application implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** Longer than a poll looks back at most. */
    private static final Duration KEYS_KEPT = Duration.ofDays(35);

    private final Settings settings;
    private final Clock clock = Clock.systemUTC();
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private volatile boolean stopping;
    private final Set<Generation> generations = new HashSet<>();
    private volatile Generation current;
    private Ground ground;
    private Audit audit;
    private WaitingRoom waitingRoom;
    private Door door;
    private Poller poller;
    private Fetcher fetcher;
    private Deliverer deliverer;
    private DeliveryMeters deliveryMeters;
    private Pipeline pipeline;
    private Reloader reloader;
    private ManagementServer management;
    private FirstKeys firstKeys;

    private Application(Settings settings) {
        this.settings = settings;
    }

    /**
     * Checks the configuration whole, then starts.
     *
     * @throws ConfigurationError in one line, naming the key and the remedy; nothing is left running
     */
    public static Application start(Settings settings) throws Exception {
        Application application = new Application(settings);
        try {
            application.assemble();
            return application;
        } catch (Exception | Error e) {
            application.close();
            throw e;
        }
    }

    private void assemble() throws Exception {
        Exposure.check(settings);
        Path data = settings.path("serai.data");
        own(DataFolder.take(data));
        String node = settings.node();
        LedgerOptions options = new LedgerOptions(
                data,
                settings.text("serai.ledger.url"),
                settings.text("serai.ledger.user"),
                settings.text("serai.ledger.password"),
                node,
                settings.number("serai.ledger.queue"),
                settings.number("serai.ledger.batch"));
        reloader = own(new Reloader(
                settings.path("serai.routes"), settings.file(), data.resolve("routes-in-use"), this::take, clock));
        Snapshot snapshot = reloader.first();
        Plan plan = named(snapshot, () -> plan(snapshot));
        Store store = own(openStore(options));
        audit = new Audit(store, node, clock);
        ConfigurationAudit.write(audit, "start", plan.settings());
        Keys keys = own(new Keys(store, audit, clock));
        firstKeys = FirstKeys.prepare(keys, data);
        keys.start();
        Leases leases = new Leases(store, clock);
        Inbox inbox = new Inbox(store, leases, node, clock);
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        PeopleLimits people = peopleLimits();
        own(new LimitSharing(store, node, people, clock)).start();
        door = new Door(
                doorOptions(),
                new DoorKeeper(
                        keys,
                        new CurrentSecrets(() -> current.plan().providers()),
                        settings.number("serai.door.guesses")),
                rateLimit(people),
                metrics,
                clock);
        Ledger ledger = own(new Ledger(store, options));
        new LedgerMetrics(metrics, store, ledger);
        OutboundMetrics outbound =
                new OutboundMetrics().subscribe(new OutboundMeters(metrics)).subscribe(new OutboundLog());
        poller = new Poller(leases, new PollCursors(store), node, clock);
        ground = new Ground(
                store,
                keys,
                leases,
                new LedgerKeys(store, KEYS_KEPT, clock),
                new Recorder(ledger),
                poller,
                door,
                metrics,
                outbound,
                settings.text("serai.enrich.url").isBlank() ? null : own(enrichment()),
                node,
                clock);
        CsvTables tables = CsvTables.load(settings.path("serai.tables"));
        current = named(snapshot, () -> Generation.start(ground, plan, tables));
        own(this::endGenerations);
        door.serve(current.engine());
        poller.connect(current.plan().pollRoutes(), current.producer(), current.use());

        Outbox outbox = new Outbox(store, plan.destinations(), node, clock);
        OperatorEvents events = own(new OperatorEvents(store, this::with, node, clock));
        deliverer = own(new Deliverer(
                outbox,
                current.deliveries(),
                outbound,
                clock,
                () -> ThreadLocalRandom.current().nextDouble(),
                LOOK,
                DRAIN,
                events));
        deliveryMeters = new DeliveryMeters(deliverer);
        deliveryMeters.bindTo(metrics);
        pipeline =
                own(new Pipeline(inbox, leases, store.reader(), node, clock, told -> told.forEach(deliverer::signal)));
        pipeline.serve(current.context(), current.routing(), current.use());
        ledger.whenCommitted(pipeline::signal);
        ledger.answerOn(door.workers());
        pipeline.giveWay(ledger::pressed, settings.duration("serai.routing.give-way"));
        Duration tooFar = settings.duration("serai.routing.behind");
        ledger.refuseWhile(() -> pipeline.behind().compareTo(tooFar) > 0);
        metrics.gauge(
                "serai.routing.behind.seconds", pipeline, each -> each.behind().toMillis() / 1e3);
        fetcher = own(new Fetcher(inbox, leases, node, clock, current.fetches()));
        Health health = health(own(new Pulse(store, ledger)), ledger);
        reloader.tell(new Reloads(metrics, events, reloader, () -> current.tables()));
        ServerStatus status = new ServerStatus(version(), node, health, reloader, () -> current.tables());
        own(new ApiDoor(new ApiHandler(
                        store,
                        keys,
                        () -> current.plan().settings(),
                        new ServerActions(outbox, deliverer, poller, this::with, status),
                        clock)))
                .open(door);
        deliverer.start();
        own(new ClockWatch(clock, back -> {
                    inbox.pullIn(back);
                    deliverer.pullIn(back);
                })
                .start());
        pipeline.start();
        fetcher.start();
        own(new Sweeper(
                        new Retention(store, clock),
                        new RetentionLimits(
                                settings.duration("serai.retention.age"), settings.size("serai.retention.size")),
                        leases,
                        node,
                        clock))
                .start();
        serveHealth(health);
        leaveWaitingRoom();
        management = own(new ManagementServer(settings.number("serai.management-port"), metrics, health));
        listen(door);
        own(() -> {
            stopping = true;
            door.close();
        });
        if (settings.flag("serai.reload")) {
            reloader.watch(settings.duration("serai.reload.interval"));
        }
    }

    /** Waits for a database that is away, and says so at the door meanwhile: senders are told to come back (P6). */
    private Store openStore(LedgerOptions options) throws InterruptedException {
        while (true) {
            try {
                return Store.open(options);
            } catch (LedgerUnavailable e) {
                if (!e.passing() || stopping) {
                    throw e;
                }
                if (waitingRoom == null) {
                    LOG.warn("{} Until then every request is refused.", e.getMessage());
                    waitingRoom =
                            new WaitingRoom(doorOptions(), settings.number("serai.management-port"), version(), clock);
                    listen(waitingRoom.door());
                }
                TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
            }
        }
    }

    /** The ports are kept until the door itself takes them. */
    private void leaveWaitingRoom() {
        if (waitingRoom != null) {
            waitingRoom.close();
            waitingRoom = null;
        }
    }

    /** An error names the operator's file, not our copy of it. */
    private <T> T named(Snapshot snapshot, Supplier<T> work) {
        try {
            return work.get();
        } catch (ConfigurationError e) {
            throw e.naming(
                    settings.path("serai.routes").toString(), snapshot.routes().toString());
        }
    }

    private Plan plan(Snapshot snapshot) {
        Map<String, String> copy = Map.of("serai.routes", snapshot.routes().toString());
        return Plan.read(settings.again(snapshot.settings(), copy));
    }

    /** Starts what the copy says, lets everybody use it from now on, and ends what ran before after its last use. */
    private List<String> take(Snapshot snapshot) {
        Plan plan = plan(snapshot);
        Generation before = current;
        Generation after = Generation.start(ground, plan, before.tables().successor());
        synchronized (generations) {
            if (stopping) {
                after.close();
                throw new ConfigurationError("serai.routes", "Serai is stopping", "Start it again");
            }
            generations.add(before);
            current = after;
        }
        // Who sends must know a destination before it is told.
        deliverer.serve(after.deliveries());
        pipeline.serve(after.context(), after.routing(), after.use());
        poller.connect(plan.pollRoutes(), after.producer(), after.use());
        fetcher.serve(after.fetches());
        door.serve(after.engine());
        deliveryMeters.bindTo(ground.metrics());
        before.use().retire(() -> end(before));
        audited(plan);
        return Restart.needed(settings, plan.settings());
    }

    private void audited(Plan plan) {
        try {
            ConfigurationAudit.write(audit, "reload", plan.settings());
        } catch (LedgerUnavailable e) {
            LOG.warn("That the configuration has changed is not in the audit: {}", e.getMessage());
        }
    }

    private void end(Generation generation) {
        Thread thread = new Thread(
                () -> {
                    generation.close();
                    synchronized (generations) {
                        generations.remove(generation);
                    }
                },
                "end-of-routes");
        thread.setDaemon(true);
        thread.start();
    }

    private void endGenerations() {
        List<Generation> left;
        synchronized (generations) {
            left = new ArrayList<>(generations);
            left.add(current);
        }
        left.forEach(Generation::close);
    }

    /** Works with what runs now, which stays until the work is done. */
    private <R> R with(Function<Generation, R> work) {
        Generation now = current;
        while (!now.use().begin()) {
            now = current;
        }
        try {
            return work.apply(now);
        } finally {
            now.use().end();
        }
    }

    private void serveHealth(Health health) {
        door.open("GET", "/health/live", new Access.Open(), WaitingRoom::alive);
        door.open("GET", "/health", new Access.Open(), arrival -> {
            Health.Report report = health.report();
            return CompletableFuture.completedFuture(
                    Answer.json(report.healthy() ? 200 : 503, report.json().getBytes(StandardCharsets.UTF_8)));
        });
    }

    private Health health(Pulse pulse, Ledger ledger) {
        return new Health(version(), clock)
                .with("running", () -> new Health.Part(!stopping, stopping ? "stopping" : "running"))
                .with(
                        "ledger",
                        () -> pulse.beats()
                                ? new Health.Part(true, "answers")
                                : new Health.Part(false, "cannot be read and written"))
                .with(
                        "queue",
                        () -> new Health.Part(
                                ledger.queued() < ledger.capacity(),
                                ledger.queued() + " of " + ledger.capacity() + " waiting"))
                .with(
                        "routing",
                        () -> new Health.Part(
                                pipeline.running(), pipeline.running() ? "runs" : "has ended; restart Serai"))
                // Healthy all the same: a restart by whoever watches health would not bring the credentials back.
                .with("destinations", () -> {
                    List<LaneState> lanes = deliverer.states();
                    long paused =
                            lanes.stream().filter(each -> each.pause() != null).count();
                    return new Health.Part(true, paused + " of " + lanes.size() + " paused by a refusal");
                })
                // Healthy all the same: what ran before runs on, and a restart would find the bad edit.
                .with("configuration", () -> ServerStatus.configuration(reloader.state(), current.tables()))
                .with("routes", () -> {
                    CamelContext context = current.context();
                    long stopped = context.getRoutes().stream()
                            .filter(route -> !context.getRouteController()
                                    .getRouteStatus(route.getRouteId())
                                    .isStarted())
                            .count();
                    return new Health.Part(stopped == 0, stopped + " of " + context.getRoutesSize() + " not started");
                });
    }

    private HikariDataSource enrichment() {
        return EnrichmentDatabase.open(
                settings.text("serai.enrich.url"),
                settings.text("serai.enrich.user"),
                settings.text("serai.enrich.password"),
                settings.duration("serai.enrich.timeout"));
    }

    private DoorOptions doorOptions() {
        return new DoorOptions(
                settings.text("serai.host"),
                settings.number("serai.port"),
                (int) settings.size("serai.max-body"),
                settings.number("serai.door.workers"),
                settings.number("serai.door.queue"),
                settings.number("serai.door.connections"),
                settings.duration("serai.door.idle-timeout"),
                settings.duration("serai.door.read-timeout"));
    }

    private PeopleLimits peopleLimits() {
        return new PeopleLimits(
                settings.number("serai.limit.user"),
                settings.number("serai.limit.team"),
                settings.number("serai.limit.burst"),
                clock);
    }

    private RateLimit rateLimit(PeopleLimits people) {
        return new RateLimit(settings.number("serai.door.rate"), people);
    }

    private static void listen(Door door) {
        try {
            door.listen();
        } catch (DoorUnavailable e) {
            throw new ConfigurationError(
                    "serai.port", e.getMessage(), "Stop what uses it or choose another with --port");
        }
    }

    static String version() {
        String version = Application.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private <T extends AutoCloseable> T own(T part) {
        started.push(part);
        return part;
    }

    /** The port that is bound, also when 0 was asked for. */
    public int port() {
        return door.port();
    }

    List<DoorTable.Opened> opened() {
        return door.opened();
    }

    public int managementPort() {
        return management.port();
    }

    /** The keys that this start made; shown once. */
    public FirstKeys firstKeys() {
        return firstKeys;
    }

    /** Takes no more requests, commits and answers what is in flight, lets deliveries finish, gives the rest back (P8). */
    @Override
    public void close() {
        stopping = true;
        leaveWaitingRoom();
        while (!started.isEmpty()) {
            AutoCloseable part = started.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("stopping {}: {}", part.getClass().getSimpleName(), e.toString());
            }
        }
    }
}
