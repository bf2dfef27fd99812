package io.serai.enrich;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.serai.config.ConfigurationError;
import io.serai.provider.ProviderCatalog;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bean {@code metricQueries}: asks monitoring systems for metrics on threads of its own, so that an alert waits only as
 * long as its route says (P7). An answer serves for some seconds: the alerts of a storm ask for the same.
 */
public final class MetricQueries implements AutoCloseable {
    private static final int THREADS = 8;
    private static final Duration KEPT = Duration.ofSeconds(15);
    private static final int MOST_KEPT = 1_000;

    /** Gives a list of {@code {metric_name, value, timestamp, tags, unit}}. */
    public interface Source {
        /**
         * @param query makes the query, given how a value is written in its language
         * @throws RuntimeException with a sentence that may be shown
         */
        JsonNode ask(String provider, String instance, Function<UnaryOperator<String>, String> query, Duration before);
    }

    /**
     * @param query  with {@code :?name} where a value belongs
     * @param values by these names
     * @param before how far back the span that is asked for begins
     */
    record Question(String provider, String instance, String query, Map<String, String> values, Duration before) {
        /** A name of a field, or of a label or annotation. */
        static final Pattern BOUND =
                Pattern.compile(":\\?((?:labels|annotations)\\.[A-Za-z0-9_]+(?:\\.[A-Za-z0-9_]+)*|[a-z_]+)");

        private String filled(UnaryOperator<String> literal) {
            return BOUND.matcher(query)
                    .replaceAll(name -> Matcher.quoteReplacement(literal.apply(values.get(name.group(1)))));
        }
    }

    private final ProviderCatalog catalog;
    private final Cache<Question, JsonNode> answers =
            Caffeine.newBuilder().expireAfterWrite(KEPT).maximumSize(MOST_KEPT).build();
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, THREADS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "metric-query");
                thread.setDaemon(true);
                return thread;
            });
    private volatile Source source;

    public MetricQueries(ProviderCatalog catalog) {
        this.catalog = catalog;
    }

    /** Routes are made before whoever can ask. */
    public void connect(Source answering) {
        source = answering;
    }

    /** @throws ConfigurationError when there is no such provider, or it has no metrics */
    void require(String provider) {
        if (catalog.find(provider)
                .filter(found -> found.asks().containsKey("metrics"))
                .isEmpty()) {
            throw new ConfigurationError(
                    "serai-lookup-metric-action",
                    "the provider " + provider + " cannot be asked for metrics",
                    "Use one whose provider.yaml has asks.metrics");
        }
    }

    /**
     * @throws TimeoutException when there is no answer in time
     * @throws java.util.concurrent.RejectedExecutionException when too many are being asked already
     * @throws ExecutionException what the source threw
     */
    JsonNode ask(Question question, Duration timeout)
            throws TimeoutException, ExecutionException, InterruptedException {
        JsonNode known = answers.getIfPresent(question);
        if (known != null) {
            return known;
        }
        Future<JsonNode> asked = threads.submit(
                () -> source.ask(question.provider(), question.instance(), question::filled, question.before()));
        try {
            JsonNode answer = asked.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            answers.put(question, answer);
            return answer;
        } finally {
            asked.cancel(true);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
