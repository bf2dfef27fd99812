package io.serai.deliver;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes each outbound metric as one line of JSON, at debug level of the logger {@code io.serai.outbound}. */
public final class OutboundLog implements Consumer<OutboundMetric> {
    private static final Logger LOG = LoggerFactory.getLogger("io.serai.outbound");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public void accept(OutboundMetric metric) {
        if (LOG.isDebugEnabled()) {
            LOG.debug("{}", line(metric));
        }
    }

    static String line(OutboundMetric metric) {
        OutboundMetric.Common common = metric.common();
        ObjectNode line = JSON.createObjectNode()
                .put("family", metric.family().name().toLowerCase(Locale.ROOT))
                .put("transaction_id", common.transactionId())
                .put("destination", common.destination())
                .put("notifier", common.notifier())
                .put("resource_path", common.resourcePath())
                .put("duration_ms", common.duration().toMillis())
                .put("retry_count", common.retryCount());
        if (metric instanceof OutboundMetric.Api api) {
            line.put("request_id", api.requestId())
                    .put("response_time", api.responseTime())
                    .put("rate_limit_state", api.rateLimitState())
                    .put("rate_limit_reason", api.rateLimitReason())
                    .put("rate_limit_period", api.rateLimitPeriod());
        } else if (metric instanceof OutboundMetric.Http http) {
            line.put("method", http.method())
                    .put("status_code", http.statusCode())
                    .put("error", http.error());
        } else if (metric instanceof OutboundMetric.Sdk sdk) {
            line.put("result", sdk.result()).put("error_message", sdk.errorMessage());
        }
        return line.toString();
    }
}
