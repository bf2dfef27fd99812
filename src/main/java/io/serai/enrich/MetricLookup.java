package io.serai.enrich;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.config.ConfigurationError;
import io.serai.route.Change;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One metric that a route adds to its alerts (O9): the Java part of the Kamelet {@code serai-lookup-metric-action}. The
 * query is the operator's and never changes; what a sender wrote is only ever a value in it.
 */
public final class MetricLookup {
    private static final Logger LOG = LoggerFactory.getLogger(MetricLookup.class);

    private final MetricQueries queries;
    private final String provider;
    private final String instance;
    private final Set<String> names = new LinkedHashSet<>();
    private final String add;
    private final Duration before;
    private final Duration timeout;
    private String query;

    /**
     * @param add     where the value goes: {@code annotations.error_rate}; a bare name is a label
     * @param before  seconds before now at which the span that is asked for begins
     * @param timeout milliseconds that an alert waits at most
     * @throws ConfigurationError when the provider has no metrics
     */
    public MetricLookup(MetricQueries queries, String provider, String instance, String add, int before, int timeout) {
        queries.require(provider);
        this.queries = queries;
        this.provider = provider;
        this.instance = instance;
        this.add = add;
        this.before = Duration.ofSeconds(before);
        this.timeout = Duration.ofMillis(timeout);
    }

    /**
     * @param query with {@code :?service} or {@code :?labels.host} where a text of the alert belongs, without quotes
     * @throws ConfigurationError when it uses no text of the alert
     */
    public void setQuery(String query) {
        this.query = query;
        Matcher matcher = MetricQueries.Question.BOUND.matcher(query);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        if (names.isEmpty()) {
            throw new ConfigurationError(
                    "serai-lookup-metric-action",
                    "the query asks the same for every alert",
                    "Put a text of the alert into it, such as :?service");
        }
    }

    /** Says false, and why, when the alert lacks a text that the query needs. */
    public boolean ask(Exchange exchange) {
        ObjectNode alert = Change.alertOf(exchange);
        for (String name : names) {
            if (AlertPath.parse(name).read(alert).isEmpty()) {
                nothing(exchange, provider + " not asked: the alert has no " + name);
                return false;
            }
        }
        return true;
    }

    /**
     * Adds the newest value that the system gives.
     *
     * @throws IllegalStateException when it gives no good answer in time, with a sentence that may be shown
     */
    public void enrich(Exchange exchange) throws InterruptedException {
        ObjectNode alert = Change.alertOf(exchange);
        Map<String, String> values = new LinkedHashMap<>();
        names.forEach(name -> values.put(name, AlertPath.parse(name).read(alert).orElseThrow()));
        JsonNode series = answer(values);
        Optional<JsonNode> newest = newest(series);
        if (newest.isEmpty()) {
            nothing(exchange, provider + " has no value for " + said(values));
            return;
        }
        String reason = provider + " metric for " + said(values)
                + (series.size() > 1 ? ", the newest of " + series.size() + " values" : "");
        Additions.apply(
                Change.of(exchange),
                alert,
                List.of(add),
                column -> newest.get().path("value").asText(),
                true,
                reason);
    }

    private JsonNode answer(Map<String, String> values) throws InterruptedException {
        try {
            return queries.ask(new MetricQueries.Question(provider, instance, query, values, before), timeout);
        } catch (TimeoutException e) {
            throw new IllegalStateException("did not answer in time");
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("is being asked too much");
        } catch (ExecutionException e) {
            throw new IllegalStateException("gave no answer: " + e.getCause().getMessage());
        }
    }

    private static Optional<JsonNode> newest(JsonNode series) {
        JsonNode newest = null;
        for (JsonNode each : series) {
            JsonNode value = each.path("value");
            boolean number =
                    value.isNumber() || value.isTextual() && !value.textValue().isBlank();
            if (number
                    && (newest == null
                            || each.path("timestamp")
                                            .asText()
                                            .compareTo(newest.path("timestamp").asText())
                                    > 0)) {
                newest = each;
            }
        }
        return Optional.ofNullable(newest);
    }

    private static String said(Map<String, String> values) {
        return String.join(
                ", ", values.entrySet().stream().map(Map.Entry::toString).toList());
    }

    /** No answer: the alert goes on as it is (P7). */
    public void failed(Exchange exchange) {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (failure == null) {
            nothing(exchange, provider + " not asked: it has failed too often just now");
            return;
        }
        LOG.warn("The metrics of {} cannot be had; alerts go on without.", provider);
        nothing(
                exchange,
                failure instanceof IllegalStateException
                        ? provider + " " + failure.getMessage()
                        : provider + " failed");
    }

    private static void nothing(Exchange exchange, String reason) {
        Change.of(exchange).decisions().add(Additions.STAGE, "added nothing", reason);
    }
}
