package io.serai.deliver;

import io.serai.config.ConfigurationError;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;

/** Makes the routes of every configured destination out of the route templates. */
public final class DeliveryRoutes implements AutoCloseable {
    private final Destinations destinations;
    private final List<OutboundClient> clients = new ArrayList<>();

    public DeliveryRoutes(Destinations destinations) {
        this.destinations = destinations;
    }

    /** Binds the beans with which everything is delivered. Before the context starts. */
    public void bind(CamelContext camel, OutboundMetrics metrics, Clock clock) {
        camel.getRegistry().bind("httpSink", new HttpSink(destinations, metrics, clock));
        camel.getRegistry().bind("credentials", new Credentials(destinations));
        camel.getRegistry().bind("attemptOutcome", new AttemptOutcome());
        for (Destination each : destinations.all()) {
            OutboundClient client = new OutboundClient(each, destinations.egress());
            clients.add(client);
            camel.getRegistry().bind("http-" + each.name(), client);
        }
    }

    /**
     * Adds {@code alert-deliver-<destination>} and {@code <notifier>-send-<destination>} for every destination. After the
     * templates are loaded.
     *
     * @throws ConfigurationError when a template is missing
     * @throws Exception when it does not fit
     */
    public void add(CamelContext camel) throws Exception {
        for (Destination each : destinations.all()) {
            addSend(camel, each);
            Destination.Breaker breaker = each.breaker();
            camel.addRouteFromTemplate(
                    deliverRoute(each),
                    "alert-deliver",
                    Map.of(
                            "destination", each.name(),
                            "concurrency", each.concurrency(),
                            "breakerRequests", breaker.requests(),
                            "breakerFailures", breaker.failures(),
                            "breakerDelay", breaker.delay().toMillis(),
                            "breakerTimeout", breaker.timeout().toMillis()));
        }
    }

    static void addSend(CamelContext camel, Destination destination) throws Exception {
        String template = destination.notifier() + "-send";
        RouteTemplateDefinition definition = ((ModelCamelContext) camel).getRouteTemplateDefinition(template);
        if (definition == null) {
            throw new ConfigurationError(
                    "serai.routes", "the route template " + template + " is missing", "Restore the notifier's folder");
        }
        // A failure belongs to the attempt; the stock handler would also print it, with its stack.
        definition.getRoute().setErrorHandlerFactory(new NoErrorHandlerDefinition());
        Map<String, Object> parameters = new HashMap<>(destination.options());
        parameters.put("destination", destination.name());
        camel.addRouteFromTemplate(template + "-" + destination.name(), template, parameters);
    }

    /** Cuts what still runs and ends the clients' clocks; once the routes have stopped. */
    @Override
    public void close() {
        clients.forEach(OutboundClient::close);
    }

    static String deliverRoute(Destination destination) {
        return "alert-deliver-" + destination.name();
    }
}
