package io.serai.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;

/**
 * How long each route takes: the stages by their names, each provider's parser, each destination's send. Camel's own
 * policy formats the names of its meters for every exchange, which cost a twentieth of all ingest.
 */
public final class StageTimes implements RoutePolicyFactory {
    private final MeterRegistry registry;

    public StageTimes(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode route) {
        Timer timer = Timer.builder("serai.stage.time")
                .description("From a route's first step to its last")
                .tag("route", routeId)
                .register(registry);
        return new Stage(timer, "serai.began." + routeId);
    }

    private static final class Stage extends RoutePolicySupport {
        private final Timer timer;
        private final String began;

        private Stage(Timer timer, String began) {
            this.timer = timer;
            this.began = began;
        }

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            exchange.setProperty(began, System.nanoTime());
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            if (exchange.removeProperty(began) instanceof Long at) {
                timer.record(System.nanoTime() - at, TimeUnit.NANOSECONDS);
            }
        }
    }
}
