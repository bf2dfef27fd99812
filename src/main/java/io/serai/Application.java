package io.serai;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.serai.api.ApiDoor;
import io.serai.api.ApiHandler;
import io.serai.api.FirstKeys;
import io.serai.api.Keys;
import io.serai.ask.Asking;
import io.serai.audit.Audit;
import io.serai.aws.SnsMessages;
import io.serai.config.ConfigurationError;
import io.serai.config.Exposure;
import io.serai.config.Redaction;
import io.serai.config.Settings;
import io.serai.correlate.Correlate;
import io.serai.deliver.Deliverer;
import io.serai.deliver.DeliveryMeters;
import io.serai.deliver.DeliveryRoutes;
import io.serai.deliver.Destinations;
import io.serai.deliver.LaneState;
import io.serai.deliver.NotifierCatalog;
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
import io.serai.egress.GuardedHttp;
import io.serai.enrich.CsvTables;
import io.serai.enrich.EnrichmentDatabase;
import io.serai.enrich.MetricQueries;
import io.serai.observe.Health;
import io.serai.observe.LedgerMetrics;
import io.serai.observe.ManagementServer;
import io.serai.observe.StageTimes;
import io.serai.parse.Normaliser;
import io.serai.parse.ParseStage;
import io.serai.parse.ReceiptReplay;
import io.serai.poll.Fetcher;
import io.serai.poll.PollRoutes;
import io.serai.poll.Poller;
import io.serai.provider.ConfiguredMapping;
import io.serai.provider.Detection;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.ProviderSettings;
import io.serai.provider.TestMessages;
import io.serai.record.Answers;
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
import io.serai.route.Audience;
import io.serai.route.Pipeline;
import io.serai.route.Routing;
import io.serai.route.RoutingCheck;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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

    private static final int QUEUE_ALARM = 100_000;

    private final Settings settings;
    private final Clock clock = Clock.systemUTC();
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private volatile boolean stopping;
    private WaitingRoom waitingRoom;
    private Door door;
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
        Path routes = settings.path("serai.routes");
        ProviderCatalog catalog = ProviderCatalog.load(routes);
        ProviderSettings providers = new ProviderSettings(settings.all(), catalog);
        PollRoutes pollRoutes = new PollRoutes(catalog, providers);
        Destinations destinations = Destinations.of(settings.all(), NotifierCatalog.load(routes));
        destinations
                .all()
                .forEach(each -> Redaction.hide(each.options().entrySet().stream()
                        .filter(option -> each.secrets().contains(option.getKey()))
                        .map(Map.Entry::getValue)
                        .toList()));
        Redaction.hide(providers.secrets());
        Routing routing = new Routing(Audience.of(destinations));
        String node = settings.node();

        Path data = settings.path("serai.data");
        own(DataFolder.take(data));
        LedgerOptions options = new LedgerOptions(
                data,
                settings.text("serai.ledger.url"),
                settings.text("serai.ledger.user"),
                settings.text("serai.ledger.password"),
                node,
                settings.number("serai.ledger.queue"),
                settings.number("serai.ledger.batch"));
        Store store = own(openStore(options));
        Audit audit = new Audit(store, node, clock);
        ConfigurationAudit.write(audit, settings);
        Keys keys = own(new Keys(store, audit, clock));
        firstKeys = FirstKeys.prepare(keys, data);
        keys.start();
        Leases leases = new Leases(store, clock);
        Inbox inbox = new Inbox(store, leases, node, clock);
        Outbox outbox = new Outbox(store, destinations, node, clock);
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

        PeopleLimits people = peopleLimits();
        own(new LimitSharing(store, node, people, clock)).start();
        door = new Door(
                doorOptions(),
                new DoorKeeper(keys, providers, settings.number("serai.door.guesses")),
                rateLimit(people),
                metrics,
                clock);
        Ledger ledger = own(new Ledger(store, options));
        new LedgerMetrics(metrics, store, ledger);
        Recorder recorder = new Recorder(ledger);
        Detection detection = new Detection(catalog);
        Normaliser normaliser = new Normaliser(new TestMessages(catalog));
        ParseStage parse = new ParseStage(catalog, detection, normaliser, recorder, pollRoutes::fetches);
        Poller poller = new Poller(leases, new PollCursors(store), node, clock, pollRoutes);
        DeliveryRoutes deliveryRoutes = new DeliveryRoutes(destinations);

        Map<String, Object> beans = new HashMap<>();
        beans.put("platform-http-engine", door.engine());
        beans.put("parse", parse);
        beans.put("record", recorder);
        beans.put("answer", new Answers());
        beans.put("poll", poller);
        beans.put("configuredMapping", new ConfiguredMapping(providers));
        beans.put("sns", own(new SnsMessages(providers, clock)));
        beans.put("ledgerKeys", new LedgerKeys(store, KEYS_KEPT, clock));
        MetricQueries metricQueries = own(new MetricQueries(catalog));
        beans.put("metricQueries", metricQueries);
        beans.put("tables", CsvTables.load(settings.path("serai.tables")));
        beans.put(
                "correlate",
                new Correlate(settings.list("serai.incident.keys"), settings.duration("serai.incident.window")));
        beans.put("routing", routing);
        if (!settings.text("serai.enrich.url").isBlank()) {
            beans.put("enrichment", own(enrichment()));
        }
        OutboundMetrics outbound =
                new OutboundMetrics().subscribe(new OutboundMeters(metrics)).subscribe(new OutboundLog());
        RouteEngine engine = own(new RouteEngine(routes, routeProperties(), beans, context -> {
            GuardedHttp.bind(context, destinations.egress());
            deliveryRoutes.bind(context, outbound, clock);
            context.addRoutePolicyFactory(new StageTimes(metrics));
        }));
        startRoutes(() -> {
            engine.start();
            RoutingCheck.check(engine.context(), routing);
            deliveryRoutes.add(engine.context());
            pollRoutes.add(engine.context());
        });
        CamelContext context = engine.context();
        poller.connect(engine.producer());

        Deliverer deliverer = own(new Deliverer(
                outbox,
                destinations,
                context,
                outbound,
                clock,
                () -> ThreadLocalRandom.current().nextDouble(),
                LOOK,
                DRAIN,
                own(new OperatorEvents(store, engine.producer(), clock))));
        new DeliveryMeters(deliverer).bindTo(metrics);
        Pipeline pipeline = own(new Pipeline(
                context, routing, inbox, leases, store.reader(), node, clock, told -> told.forEach(deliverer::signal)));
        ledger.whenCommitted(pipeline::signal);
        ledger.answerOn(door.workers());
        pipeline.giveWay(ledger::pressed, settings.duration("serai.routing.give-way"));
        Fetcher fetcher =
                own(new Fetcher(inbox, leases, node, clock, pollRoutes, catalog, normaliser, engine.producer()));
        Asking asking = new Asking(
                catalog,
                providers,
                context,
                routes,
                settings.path("serai.tables"),
                normaliser,
                poller,
                keys,
                leases,
                node,
                settings.list("serai.egress.hosts"),
                "Serai/" + version());
        metricQueries.connect(asking::metrics);
        ReceiptReplay replay = new ReceiptReplay(store, catalog, detection, engine.producer(), clock);
        openDoor(
                new ApiDoor(new ApiHandler(
                        store, keys, settings, new ServerActions(outbox, deliverer, poller, replay, asking), clock)),
                providers);
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
        Health health = health(own(new Pulse(store, ledger)), ledger, context, pipeline, deliverer);
        serveHealth(health);
        leaveWaitingRoom();
        management = own(new ManagementServer(settings.number("serai.management-port"), metrics, health));
        listen(door);
        own(() -> {
            stopping = true;
            door.close();
        });
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

    /** What routes may refer to as placeholders: Camel's own settings and those of the providers. */
    private Map<String, String> routeProperties() {
        Map<String, String> properties = settings.startingWith("camel.");
        properties.putAll(settings.startingWith("serai.provider."));
        return properties;
    }

    private void openDoor(ApiDoor api, ProviderSettings providers) {
        own(api).open(door);
        if (providers.value("dynatrace", "default", "root").orElse("false").equals("true")) {
            door.alias("POST", "/", "/webhooks/dynatrace");
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

    private Health health(Pulse pulse, Ledger ledger, CamelContext context, Pipeline pipeline, Deliverer deliverer) {
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
                .with("routes", () -> {
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

    private interface Step {
        void done() throws Exception;
    }

    /** A route that cannot be loaded stops the start as any other wrong configuration does. */
    private static void startRoutes(Step step) {
        try {
            step.done();
        } catch (Exception e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            if (cause instanceof ConfigurationError error) {
                throw error;
            }
            String problem = String.valueOf(cause.getMessage())
                    .lines()
                    .limit(2)
                    .map(String::strip)
                    .collect(Collectors.joining(" "));
            throw new ConfigurationError("serai.routes", "a route cannot be started: " + problem, "Run ./serai lint");
        }
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
