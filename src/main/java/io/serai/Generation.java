package io.serai;

import io.serai.api.Asks;
import io.serai.ask.Asking;
import io.serai.aws.SnsMessages;
import io.serai.config.ConfigurationError;
import io.serai.config.Redaction;
import io.serai.config.Settings;
import io.serai.correlate.Correlate;
import io.serai.deliver.Deliverer;
import io.serai.deliver.DeliveryRoutes;
import io.serai.door.DoorEngine;
import io.serai.egress.GuardedHttp;
import io.serai.enrich.CsvTables;
import io.serai.enrich.MetricQueries;
import io.serai.notify.NotifierBeans;
import io.serai.observe.StageTimes;
import io.serai.parse.Normaliser;
import io.serai.parse.ParseStage;
import io.serai.parse.ReceiptReplay;
import io.serai.poll.Fetcher;
import io.serai.provider.ConfiguredMapping;
import io.serai.provider.Detection;
import io.serai.provider.Provider;
import io.serai.provider.ProviderSettings;
import io.serai.provider.TestMessages;
import io.serai.record.Answers;
import io.serai.record.PollCursors;
import io.serai.reload.InUse;
import io.serai.route.Audience;
import io.serai.route.Routing;
import io.serai.route.RoutingCheck;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that is made of one version of the routes folder and the settings: replaced as a whole by the next one, and let go
 * after its last use (P9).
 */
final class Generation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Generation.class);

    private final InUse use = new InUse();
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Plan plan;
    private final CsvTables tables;
    private final Routing routing;
    private final Detection detection;
    private final Normaliser normaliser;
    private final MetricQueries metricQueries;
    private final DoorEngine engine;
    private final DeliveryRoutes deliveryRoutes;
    private final RouteEngine routes;
    private Asking asking;
    private ReceiptReplay replay;

    private Generation(Ground ground, Plan plan, CsvTables tables) {
        this.plan = plan;
        this.tables = tables;
        routing = new Routing(Audience.of(plan.destinations()));
        detection = new Detection(plan.catalog());
        normaliser = new Normaliser(new TestMessages(plan.catalog()));
        metricQueries = own(new MetricQueries(plan.catalog()));
        engine = ground.door().engine(use);
        deliveryRoutes = own(new DeliveryRoutes(plan.destinations()));
        Path folder = plan.settings().path("serai.routes");
        routes = own(new RouteEngine(folder, routeProperties(), beans(ground), context -> {
            GuardedHttp.bind(context, plan.destinations().egress());
            deliveryRoutes.bind(context, ground.outbound(), ground.clock());
            NotifierBeans.bind(context, ground.clock());
            context.addRoutePolicyFactory(new StageTimes(ground.metrics()));
        }));
    }

    /**
     * Loads and starts, beside whatever else runs; nothing comes in before it is served.
     *
     * @throws ConfigurationError in one line; nothing is left running
     */
    static Generation start(Ground ground, Plan plan, CsvTables tables) {
        Generation generation = new Generation(ground, plan, tables);
        try {
            generation.open(ground);
            return generation;
        } catch (Exception | LinkageError | StackOverflowError e) {
            generation.close();
            throw refused(e);
        }
    }

    private void open(Ground ground) throws Exception {
        routes.start();
        RoutingCheck.check(routes.context(), routing);
        deliveryRoutes.add(routes.context());
        plan.pollRoutes().add(routes.context());
        if (plan.providers()
                .value("dynatrace", "default", "root")
                .orElse("false")
                .equals("true")) {
            engine.alias("POST", "/", "/webhooks/dynatrace");
        }
        plan.catalog().all().stream().map(Provider::name).forEach(this::permit);
        Settings settings = plan.settings();
        Asking asked = new Asking(
                plan.catalog(),
                plan.providers(),
                routes.context(),
                settings.path("serai.routes"),
                settings.path("serai.tables"),
                normaliser,
                ground.poller(),
                ground.keys(),
                ground.leases(),
                new PollCursors(ground.store()),
                ground.clock(),
                ground.node(),
                settings.list("serai.egress.hosts"),
                "Serai/" + Version.current(),
                ground.topologies());
        asking = asked;
        metricQueries.connect(asked::metrics);
        routes.context().getRegistry().bind("topology", asked);
        plan.pollRoutes().addTopology(routes.context());
        replay = new ReceiptReplay(ground.store(), plan.catalog(), detection, routes.producer(), ground.clock());
    }

    private void permit(String provider) {
        ProviderSettings settings = plan.providers();
        if (settings.instances(provider).stream()
                .anyMatch(instance -> !settings.origins(provider, instance).isEmpty())) {
            engine.permit(provider, instance -> settings.origins(provider, instance));
        }
    }

    /** A route that cannot be loaded is a wrong configuration as any other. */
    private static ConfigurationError refused(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof ConfigurationError)) {
            cause = cause.getCause();
        }
        if (cause instanceof ConfigurationError error) {
            return error;
        }
        String problem = String.valueOf(cause.getMessage())
                .lines()
                .limit(2)
                .map(String::strip)
                .collect(Collectors.joining(" "));
        // Camel quotes the endpoint, into which a route may have put a secret.
        return new ConfigurationError(
                "serai.routes", "a route cannot be started: " + Redaction.redact(problem), "Run ./serai lint");
    }

    /** What routes may refer to as placeholders: Camel's own settings and those of the providers. */
    private Map<String, String> routeProperties() {
        Map<String, String> properties = plan.settings().startingWith("camel.");
        properties.putAll(plan.settings().startingWith("serai.provider."));
        return properties;
    }

    private Map<String, Object> beans(Ground ground) {
        Map<String, Object> beans = new HashMap<>();
        beans.put("platform-http-engine", engine);
        beans.put(
                "parse",
                new ParseStage(plan.catalog(), detection, normaliser, ground.recorder(), plan.pollRoutes()::fetches));
        beans.put("record", ground.recorder());
        beans.put("answer", new Answers());
        beans.put("poll", ground.pollSteps());
        beans.put("configuredMapping", new ConfiguredMapping(plan.providers()));
        beans.put("ledgerKeys", ground.ledgerKeys());
        beans.put("metricQueries", metricQueries);
        beans.put("tables", tables);
        beans.put(
                "correlate",
                new Correlate(
                        plan.settings().list("serai.incident.keys"),
                        plan.settings().duration("serai.incident.window")));
        beans.put("routing", routing);
        if (ground.enrichment() != null) {
            beans.put("enrichment", ground.enrichment());
        }
        beans.put("sns", own(new SnsMessages(plan.providers(), ground.clock())));
        return beans;
    }

    private <T extends AutoCloseable> T own(T part) {
        started.push(part);
        return part;
    }

    InUse use() {
        return use;
    }

    Plan plan() {
        return plan;
    }

    CsvTables tables() {
        return tables;
    }

    Routing routing() {
        return routing;
    }

    DoorEngine engine() {
        return engine;
    }

    CamelContext context() {
        return routes.context();
    }

    ProducerTemplate producer() {
        return routes.producer();
    }

    Asks asking() {
        return asking;
    }

    ReceiptReplay replay() {
        return replay;
    }

    Deliverer.Serving deliveries() {
        return new Deliverer.Serving(plan.destinations(), routes.context(), use);
    }

    Fetcher.Serving fetches() {
        return new Fetcher.Serving(plan.pollRoutes(), plan.catalog(), normaliser, routes.producer(), use);
    }

    /** Lets exchanges in flight finish, then stops. */
    @Override
    public void close() {
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
