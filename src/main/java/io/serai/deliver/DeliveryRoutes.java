package io.serai.deliver;

import io.serai.notify.WebhookSignature;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;

/** Makes the routes of every configured destination out of the route templates. */
public final class DeliveryRoutes {
    private final Destinations destinations;

    public DeliveryRoutes(Destinations destinations) {
        this.destinations = destinations;
    }

    /** Binds the beans that the templates name. Before the context starts. */
    public void bind(CamelContext camel, Clock clock) {
        camel.getRegistry().bind("httpSink", new HttpSink(destinations, clock));
        Credentials credentials = new Credentials(destinations);
        camel.getRegistry().bind("credentials", credentials);
        camel.getRegistry().bind("webhookSignature", new WebhookSignature(credentials, clock));
        for (Destination each : destinations.all()) {
            camel.getRegistry().bind("http-" + each.name(), new OutboundClient(each));
        }
    }

    /**
     * Adds {@code <notifier>-send-<destination>} for every destination. After the templates are loaded.
     *
     * @throws Exception when a template is missing or does not fit
     */
    public void add(CamelContext camel) throws Exception {
        for (Destination each : destinations.all()) {
            Map<String, Object> parameters = new HashMap<>(each.options());
            parameters.put("destination", each.name());
            camel.addRouteFromTemplate(
                    each.notifier() + "-send-" + each.name(), each.notifier() + "-send", parameters);
        }
    }
}
