package io.serai.deliver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.reload.InUse;
import java.time.Duration;
import java.util.Locale;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.component.microprofile.faulttolerance.FaultToleranceProcessor;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.apache.camel.support.DefaultExchange;

/** Sends one claim through {@code direct:deliver-<destination>} on a fresh exchange, and knows that route's breaker. */
final class Sender {
    private final CamelContext camel;
    private final Destination destination;
    private final OutboundMetrics metrics;
    private final InUse use;
    private final ProducerTemplate producer;

    Sender(CamelContext camel, Destination destination, OutboundMetrics metrics, InUse use) {
        this.use = use;
        this.metrics = metrics;
        this.camel = camel;
        this.destination = destination;
        this.producer = camel.createProducerTemplate();
    }

    /** Counts the deliveries that are being sent; each begins and ends a use. */
    InUse use() {
        return use;
    }

    /** Never throws: whatever happens is an outcome. */
    Outcome send(Claim claim) {
        long began = System.nanoTime();
        Outcome outcome = through(claim);
        Delivery delivery = claim.delivery();
        metrics.publish(new OutboundMetric.Sdk(
                delivery.common(destination.notifier(), Duration.ofNanos(System.nanoTime() - began)),
                outcome.kind().name().toLowerCase(Locale.ROOT),
                outcome.kind() == Outcome.Kind.DELIVERED ? null : outcome.message()));
        return outcome;
    }

    private Outcome through(Claim claim) {
        Attempt attempt = new Attempt();
        Exchange exchange = new DefaultExchange(camel);
        exchange.setVariable("delivery", claim.delivery());
        exchange.setVariable("attempt", attempt);
        try {
            exchange.getMessage().setBody(input(claim));
            producer.send("direct:deliver-" + destination.name(), exchange);
        } catch (RuntimeException | Error e) {
            attempt.ended(Outcome.failed(Failures.classify(e), null));
        }
        if (exchange.getException() instanceof ThrottlerRejectedExecutionException) {
            attempt.ended(Outcome.notSent("all slots of the destination are taken"));
        } else if (exchange.getException() != null) {
            attempt.ended(Outcome.failed(Failures.classify(exchange.getException()), null));
        }
        attempt.ended(Outcome.failed(
                new SendFailure(SendFailure.Kind.RETRY, 0, "the notifier's route stopped without an outcome", null),
                null));
        return attempt.outcome();
    }

    /** {@code closed}, {@code open} or {@code half-open}. */
    String breaker() {
        Route route = camel.getRoute(DeliveryRoutes.deliverRoute(destination));
        if (route == null) {
            return "closed";
        }
        return route.filter("*").stream()
                .filter(FaultToleranceProcessor.class::isInstance)
                .map(each -> ((FaultToleranceProcessor) each).getCircuitBreakerState())
                .filter(state -> state != null)
                .map(state -> state.toLowerCase(Locale.ROOT).replace('_', '-'))
                .findFirst()
                .orElse("closed");
    }

    /** What the mapping sees of the destination: every option that is not secret. */
    private ObjectNode input(Claim claim) {
        ObjectNode input = claim.input();
        ObjectNode shown = input.putObject("destination").put("name", destination.name());
        destination.options().forEach((key, value) -> {
            if (!destination.secrets().contains(key)) {
                shown.put(key, value);
            }
        });
        return input;
    }

    void close() {
        OutboundClient client =
                camel.getRegistry().lookupByNameAndType("http-" + destination.name(), OutboundClient.class);
        if (client != null) {
            client.close();
        }
        producer.stop();
    }
}
