package io.serai.deliver;

import io.serai.notify.NotifierBeans;
import io.serai.record.Dialect;
import io.serai.record.FreshStore;
import io.serai.record.LedgerOptions;
import io.serai.record.Store;
import io.serai.record.Verdict;
import io.serai.reload.InUse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The whole deliver stage on a real store, with the shipped routes. */
final class Stage implements AutoCloseable {
    private final Store store;
    private final CamelContext camel = new DefaultCamelContext();
    private final Clock clock;
    final Outbox outbox;
    final Deliveries deliveries;
    final Rows rows;
    final OutboundMetrics metrics = new OutboundMetrics();
    /** {@code paused <destination>} and {@code taken <destination>}, in order. */
    final List<String> told = new CopyOnWriteArrayList<>();

    private final PauseListener pauses = new PauseListener() {
        @Override
        public void paused(Destination destination, LaneState.Pause pause) {
            told.add("paused " + destination.name());
        }

        @Override
        public void taken(Destination destination) {
            told.add("taken " + destination.name());
        }
    };
    private final Deliverer deliverer;

    /** @param settings without {@code serai.destination.} */
    Stage(Dialect dialect, Path folder, Clock clock, DoubleSupplier random, Map<String, String> settings)
            throws Exception {
        this(FreshStore.options(dialect, folder), "node-1", clock, random, settings);
    }

    /** One node of several on the same ledger. */
    Stage(LedgerOptions options, String node, Clock clock, DoubleSupplier random, Map<String, String> settings)
            throws Exception {
        this.clock = clock;
        store = Store.open(options);
        rows = new Rows(store);
        Path routes = NotifierHarness.ROUTES;
        Map<String, String> keys = settings.entrySet().stream()
                .collect(Collectors.toMap(each -> "serai.destination." + each.getKey(), Map.Entry::getValue));
        Destinations destinations = Destinations.of(keys, NotifierCatalog.load(routes));
        outbox = new Outbox(store, destinations, node, clock);
        deliveries = new Deliveries(store);
        Properties properties = new Properties();
        properties.setProperty("serai.routes", routes.toString());
        camel.getPropertiesComponent().setInitialProperties(properties);
        camel.getComponent("kamelet", KameletComponent.class).setLocation("file:" + routes.resolve("kamelets"));
        DeliveryRoutes deliveryRoutes = new DeliveryRoutes(destinations);
        deliveryRoutes.bind(camel, metrics, clock);
        NotifierBeans.bind(camel, clock);
        for (String file : List.of("core/alert-deliver.camel.yaml", "notifiers/webhook/webhook-send.camel.yaml")) {
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.resolveResource(camel, "file:" + routes.resolve(file)));
        }
        camel.start();
        deliveryRoutes.add(camel);
        deliverer = new Deliverer(
                outbox,
                new Deliverer.Serving(destinations, camel, new InUse()),
                metrics,
                clock,
                random,
                Duration.ofMillis(20),
                Duration.ofSeconds(2),
                pauses);
    }

    Stage start() {
        deliverer.start();
        return this;
    }

    long deliver(long alert, int version, String destination) {
        return rows.delivery(alert, version, version == 1 ? Verdict.NEW : Verdict.CHANGED, destination, clock.millis());
    }

    Deliveries.View view(long id) {
        return deliveries.find(id).orElseThrow();
    }

    void tryNow(String destination) {
        deliverer.tryNow(destination);
    }

    LaneState lane(String destination) {
        return deliverer.states().stream()
                .filter(each -> each.destination().equals(destination))
                .findFirst()
                .orElseThrow();
    }

    void pullIn(Duration by) {
        deliverer.pullIn(by);
    }

    void drain() {
        deliverer.close();
    }

    @Override
    public void close() {
        deliverer.close();
        camel.stop();
        store.close();
    }
}
