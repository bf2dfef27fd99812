package io.serai.deliver;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where outbound metrics are published and anybody may listen, to any or all of the three families (G3). */
public final class OutboundMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(OutboundMetrics.class);

    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

    private record Subscription(Set<OutboundMetric.Family> families, Consumer<OutboundMetric> observer) {}

    /** @param families none means all */
    public OutboundMetrics subscribe(Consumer<OutboundMetric> observer, OutboundMetric.Family... families) {
        Set<OutboundMetric.Family> wanted =
                families.length == 0 ? EnumSet.allOf(OutboundMetric.Family.class) : EnumSet.copyOf(List.of(families));
        subscriptions.add(new Subscription(wanted, observer));
        return this;
    }

    /** Tells every observer; one that fails disturbs neither the others nor the send. */
    void publish(OutboundMetric metric) {
        for (Subscription each : subscriptions) {
            if (each.families().contains(metric.family())) {
                try {
                    each.observer().accept(metric);
                } catch (RuntimeException | Error e) {
                    LOG.warn(
                            "An observer of outbound metrics failed ({})",
                            e.getClass().getSimpleName());
                }
            }
        }
    }
}
