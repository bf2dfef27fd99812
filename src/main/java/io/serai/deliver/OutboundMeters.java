package io.serai.deliver;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.function.Consumer;

/**
 * Outbound metrics as Micrometer timers {@code serai.outbound.api}, {@code .http} and {@code .sdk}, and the counter
 * {@code serai.outbound.retries}. Tags hold configured names and codes only, so their number is bounded.
 */
public final class OutboundMeters implements Consumer<OutboundMetric> {
    private final MeterRegistry registry;

    public OutboundMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void accept(OutboundMetric metric) {
        OutboundMetric.Common common = metric.common();
        Tags tags = Tags.of("destination", common.destination(), "notifier", common.notifier());
        if (metric instanceof OutboundMetric.Api api) {
            time("api", tags.and("limited", Boolean.toString(api.rateLimitReason() != null)), common);
        } else if (metric instanceof OutboundMetric.Http http) {
            Tag error = Tag.of("error", http.error() == null ? "none" : http.error());
            time("http", tags.and("status", Integer.toString(http.statusCode())).and(error), common);
        } else if (metric instanceof OutboundMetric.Sdk sdk) {
            time("sdk", tags.and("result", sdk.result()), common);
            if (common.retryCount() > 0) {
                registry.counter("serai.outbound.retries", tags).increment();
            }
        }
    }

    private void time(String family, Tags tags, OutboundMetric.Common common) {
        registry.timer("serai.outbound." + family, tags).record(common.duration());
    }
}
