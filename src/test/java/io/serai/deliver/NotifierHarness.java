package io.serai.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serai.notify.NotifierBeans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * Runs one notifier's real route against a real stub: {@code NotifierHarness.start("webhook", Map.of("url", …))}, then
 * {@link #send(String)} with the name of a sample.
 */
public final class NotifierHarness implements AutoCloseable {
    public static final Path ROUTES = Path.of("routes").toAbsolutePath();
    public static final String DESTINATION = "probe";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final CamelContext camel;
    private final String notifier;
    private final List<String> resources = new CopyOnWriteArrayList<>();

    private NotifierHarness(CamelContext camel, String notifier, OutboundMetrics metrics) {
        this.camel = camel;
        this.notifier = notifier;
        metrics.subscribe(metric -> resources.add(metric.common().resourcePath()), OutboundMetric.Family.HTTP);
    }

    /** @param settings what follows {@code serai.destination.<name>.}, without {@code notifier}; others whole */
    public static NotifierHarness start(String notifier, Map<String, String> settings) throws Exception {
        Map<String, String> keys = new HashMap<>();
        settings.forEach((key, value) ->
                keys.put(key.startsWith("serai.") ? key : "serai.destination." + DESTINATION + "." + key, value));
        keys.put("serai.destination." + DESTINATION + ".notifier", notifier);
        Destinations destinations = Destinations.of(keys, NotifierCatalog.load(ROUTES));

        CamelContext camel = new DefaultCamelContext();
        Properties properties = new Properties();
        properties.setProperty("serai.routes", ROUTES.toString());
        camel.getPropertiesComponent().setInitialProperties(properties);
        camel.getComponent("kamelet", KameletComponent.class).setLocation("file:" + ROUTES.resolve("kamelets"));
        OutboundMetrics metrics = new OutboundMetrics();
        new DeliveryRoutes(destinations).bind(camel, metrics, Clock.systemUTC());
        NotifierBeans.bind(camel, Clock.systemUTC());
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(ResourceHelper.resolveResource(
                        camel,
                        "file:" + ROUTES.resolve("notifiers/" + notifier + "/" + notifier + "-send.camel.yaml")));
        camel.start();
        DeliveryRoutes.addSend(camel, destinations.get(DESTINATION));
        return new NotifierHarness(camel, notifier, metrics);
    }

    public CamelContext camel() {
        return camel;
    }

    /** What metrics called the things that were spoken to, request by request. */
    public List<String> resources() {
        return resources;
    }

    /** The notifier input of {@code samples/<sample>.json}. */
    public JsonNode sample(String sample) throws IOException {
        return read("samples", sample);
    }

    /** The request of {@code expected/<sample>.json}. */
    public JsonNode expected(String sample) throws IOException {
        return read("expected", sample);
    }

    private JsonNode read(String folder, String name) throws IOException {
        return JSON.readTree(
                Files.readString(ROUTES.resolve("notifiers/" + notifier + "/" + folder + "/" + name + ".json")));
    }

    /** @throws SendFailure as the notifier's route threw it */
    public Exchange send(String sample) throws Exception {
        return send(sample(sample));
    }

    /** @throws SendFailure as the notifier's route threw it */
    public Exchange send(JsonNode input) throws Exception {
        return send(exchange(input));
    }

    /** @throws SendFailure as the notifier's route threw it */
    public Exchange send(Exchange exchange) throws Exception {
        dispatch(exchange);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        return exchange;
    }

    /** The exchange as the route left it, with its exception when it failed. */
    public Exchange sendOnly(JsonNode input) throws Exception {
        return dispatch(exchange(input));
    }

    private Exchange exchange(JsonNode input) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(input);
        return exchange;
    }

    private Exchange dispatch(Exchange exchange) throws Exception {
        exchange.setVariable("delivery", delivery(exchange.getMessage().getBody(JsonNode.class)));
        try (var producer = camel.createProducerTemplate()) {
            producer.send("direct:notify-" + DESTINATION, exchange);
        }
        return exchange;
    }

    private Delivery delivery(JsonNode input) {
        return new Delivery(
                input.at("/delivery/id").asLong(),
                1,
                input.at("/alert/id").asLong(),
                input.at("/change/version").asInt(),
                input.at("/thread/opened").asInt(),
                DESTINATION,
                notifier,
                input.at("/delivery/attempt").asInt(),
                0,
                input.at("/delivery/idempotency_key").asText(),
                input.at("/delivery/reason").asText(),
                Instant.EPOCH,
                1,
                UUID.randomUUID().toString());
    }

    @Override
    public void close() {
        camel.stop();
    }
}
