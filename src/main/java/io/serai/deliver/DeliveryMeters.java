package io.serai.deliver;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * How each destination is doing, as gauges: {@code serai.delivery.in.flight}, {@code serai.delivery.breaker} (0 closed,
 * 1 half-open, 2 open) and {@code serai.delivery.held} (1 while nothing is sent by the destination's own wish or the
 * breaker), {@code serai.delivery.paused} (1 while the destination refuses us).
 */
public final class DeliveryMeters implements MeterBinder {
    private static final List<String> BREAKER = List.of("closed", "half-open", "open");

    private final Deliverer deliverer;
    private final Set<String> bound = new HashSet<>();

    public DeliveryMeters(Deliverer deliverer) {
        this.deliverer = deliverer;
    }

    /** Again after destinations were added: each is bound once. One that is gone says NaN. */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        for (LaneState each : deliverer.states()) {
            if (!bound.add(each.destination())) {
                continue;
            }
            gauge(registry, "serai.delivery.in.flight", each.destination(), LaneState::inFlight);
            gauge(registry, "serai.delivery.breaker", each.destination(), lane -> BREAKER.indexOf(lane.breaker()));
            gauge(registry, "serai.delivery.held", each.destination(), lane -> lane.heldUntil() == null ? 0 : 1);
            gauge(registry, "serai.delivery.paused", each.destination(), lane -> lane.pause() == null ? 0 : 1);
        }
    }

    private void gauge(MeterRegistry registry, String name, String destination, ToDoubleFunction<LaneState> value) {
        Gauge.builder(name, deliverer, lanes -> lanes.state(destination)
                        .map(state -> value.applyAsDouble(state))
                        .orElse(Double.NaN))
                .tag("destination", destination)
                .register(registry);
    }
}
