package io.serai.observe;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyConfiguration;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;
import org.apache.camel.spi.RoutePolicyFactory;

/** How long each route takes: the stages by their names, each provider's parser, each destination's send. */
public final class StageTimes {
    private StageTimes() {}

    /** Camel's own timers, without the counters that repeat what the ledger counts by outcome. */
    public static RoutePolicyFactory of(MeterRegistry registry) {
        MicrometerRoutePolicyConfiguration configuration = new MicrometerRoutePolicyConfiguration();
        configuration.setContextEnabled(false);
        configuration.setAdditionalCounters(false);
        MicrometerRoutePolicyFactory factory = new MicrometerRoutePolicyFactory();
        factory.setMeterRegistry(registry);
        factory.setPolicyConfiguration(configuration);
        factory.setSkipCamelInfo(true);
        return factory;
    }
}
