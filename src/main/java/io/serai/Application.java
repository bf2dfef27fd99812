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
import io.serai.deliver.OutboundLog;
import io.serai.deliver.OutboundMeters;
import io.serai.deliver.OutboundMetrics;
import io.serai.deliver.Outbox;
import io.serai.door.Door;
import io.serai.door.DoorKeeper;
import io.serai.door.DoorTable;
import io.serai.door.PeopleLimits;
import io.serai.door.RateLimit;
import io.serai.enrich.CsvTables;
import io.serai.observe.Health;
import io.serai.observe.LedgerMetrics;
import io.serai.observe.ManagementServer;
import io.serai.poll.Fetcher;
import io.serai.poll.PollSteps;
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
import io.serai.record.Store;
import io.serai.record.Sweeper;
import io.serai.reload.Reloader;
import io.serai.reload.Snapshot;
import io.serai.route.Pipeline;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
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
    private final Generations generations = new Generations(() -> stopping);
    private final Opening opening;
    private Ground ground;
    private Audit audit;
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
        opening = new Opening(
                () -> new WaitingRoom(
                        PartOptions.door(settings), settings.number("serai.management-port"), Version.current(), clock),
                () -> stopping);
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
        LedgerOptions options = PartOptions.ledger(settings);
        reloader = new Reloader(
                settings.path("serai.routes"), settings.file(), data.resolve("routes-in-use"), this::take, clock);
        Snapshot snapshot = reloader.first();
        Plan plan = named(snapshot, () -> plan(snapshot));
        Store store = own(opening.store(options));
        audit = new Audit(store, node, clock);
        ConfigurationAudit.started(audit, plan.settings());
        Keys keys = own(new Keys(store, audit, clock));
        firstKeys = FirstKeys.prepare(keys, data);
        keys.start();
        Leases leases = new Leases(store, clock);
        Inbox inbox = new Inbox(store, leases, node, clock);
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        PeopleLimits people = PartOptions.people(settings, clock);
        own(new LimitSharing(store, node, people, clock)).start();
        door = new Door(
                PartOptions.door(settings),
                new DoorKeeper(
                        keys,
                        new CurrentSecrets(() -> generations.current().plan().providers()),
                        settings.number("serai.door.guesses")),
                new RateLimit(settings.number("serai.door.rate"), people),
                metrics,
                clock);
        Ledger ledger = own(new Ledger(store, options));
        new LedgerMetrics(metrics, store, ledger);
        OutboundMetrics outbound =
                new OutboundMetrics().subscribe(new OutboundMeters(metrics)).subscribe(new OutboundLog());
        PollCursors cursors = new PollCursors(store);
        poller = new Poller(leases, cursors, node, clock);
        Readings topologies = new Readings("topology", metrics);
        Readings polls = new Readings("poll", metrics);
        poller.tell(polls);
        HikariDataSource enrichment = PartOptions.enrichment(settings);
        ground = new Ground(
                store,
                keys,
                leases,
                new LedgerKeys(store, KEYS_KEPT, clock),
                new Recorder(ledger),
                poller,
                new PollSteps(poller, leases, cursors, clock),
                door,
                metrics,
                outbound,
                topologies,
                enrichment == null ? null : own(enrichment),
                node,
                clock);
        CsvTables tables = CsvTables.load(settings.path("serai.tables"));
        Generation current = named(snapshot, () -> Generation.start(ground, plan, tables));
        generations.first(current);
        own(generations);
        door.serve(current.engine());
        poller.connect(current.plan().pollRoutes(), current.producer(), current.use());

        Outbox outbox = new Outbox(store, plan.destinations(), node, clock);
        OperatorEvents events = own(new OperatorEvents(store, generations, node, clock));
        topologies.tell(events);
        polls.tell(events);
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
        Health health = new ServerHealth(
                        () -> stopping,
                        own(new Pulse(store, ledger)),
                        ledger,
                        pipeline,
                        deliverer,
                        reloader,
                        generations)
                .addTo(new Health(Version.current(), clock));
        reloader.tell(new Reloads(
                metrics, events, reloader, () -> generations.current().tables()));
        ServerStatus status = new ServerStatus(Version.current(), node, health, reloader, () -> generations
                .current()
                .tables());
        own(new ApiDoor(new ApiHandler(
                        store,
                        keys,
                        () -> generations.current().plan().settings(),
                        new ServerActions(outbox, deliverer, poller, generations, status),
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
        own(new Sweeper(new Retention(store, clock), PartOptions.retention(settings), leases, node, clock))
                .start();
        HealthPages.open(door, health);
        opening.close();
        management = own(new ManagementServer(settings.number("serai.management-port"), metrics, health));
        Opening.listen(door);
        own(() -> {
            stopping = true;
            door.close();
        });
        // Nothing may be taken over by what is being closed.
        own(reloader);
        if (settings.flag("serai.reload")) {
            reloader.watch(settings.duration("serai.reload.interval"));
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
    private List<String> take(Snapshot snapshot, Set<String> changed) {
        Plan plan = plan(snapshot);
        Generation before = generations.current();
        Generation after = Generation.start(ground, plan, before.tables().successor());
        generations.replaceBy(after);
        // Who sends must know a destination before it is told.
        deliverer.serve(after.deliveries());
        pipeline.serve(after.context(), after.routing(), after.use());
        poller.connect(plan.pollRoutes(), after.producer(), after.use());
        fetcher.serve(after.fetches());
        door.serve(after.engine());
        deliveryMeters.bindTo(ground.metrics());
        generations.retire(before);
        audited(plan, snapshot.edit(), changed);
        return Restart.needed(settings, plan.settings());
    }

    private void audited(Plan plan, String edit, Set<String> changed) {
        try {
            ConfigurationAudit.reloaded(audit, plan.settings(), edit, changed);
        } catch (LedgerUnavailable e) {
            LOG.warn("That the configuration has changed is not in the audit: {}", e.getMessage());
        }
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
        opening.close();
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
