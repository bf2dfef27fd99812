package io.serai.deliver;

import io.serai.egress.AddressRefused;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Headers;
import org.apache.camel.Variable;

/**
 * The bean {@code httpSink}: what an HTTP answer means for a delivery. 2xx is success; the destination's retry codes
 * (G13) and everything that went wrong on the wire may be retried; every other answer, a redirect among them, is
 * permanent.
 */
public final class HttpSink {
    private static final Pattern SAFE_PATH = Pattern.compile("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+");
    private static final Pattern SAFE_QUERY = Pattern.compile("[A-Za-z0-9._~%=&-]*");

    private static final int LONGEST_WORD = 200;

    private final Destinations destinations;
    private final OutboundMetrics metrics;
    private final Clock clock;

    public HttpSink(Destinations destinations, OutboundMetrics metrics, Clock clock) {
        this.destinations = destinations;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * What to append to the destination's address for this one request.
     *
     * @param path  null for none
     * @param query without question mark; null or empty for none
     * @throws SendFailure for a path that could leave the address, or a query that could
     */
    public String path(@Variable("path") String path, @Variable("query") String query) throws SendFailure {
        if (path != null && !SAFE_PATH.matcher(path).matches()) {
            throw new SendFailure("the path to append is not safe");
        }
        if (query == null || query.isEmpty()) {
            return path;
        }
        if (path == null || !SAFE_QUERY.matcher(query).matches()) {
            throw new SendFailure("the query to append is not safe");
        }
        return path + "?" + query;
    }

    /** When the request begins, in nanoseconds of no particular origin. */
    public long began() {
        return System.nanoTime();
    }

    /**
     * @param resource what the notifier's route calls the thing it speaks to
     * @param read     status codes besides 2xx whose answer the notifier judges by its body, separated by commas
     * @return the answer's body as text, for a notifier that reads a key or an id from it
     * @throws SendFailure for every answer but 2xx and those
     */
    public String check(
            @Variable("delivery") Delivery delivery,
            @ExchangeProperty("httpBegan") long began,
            @ExchangeProperty("httpMethod") String method,
            @ExchangeProperty("httpResource") String resource,
            @ExchangeProperty("httpRead") String read,
            @Headers Map<String, Object> headers,
            @Body byte[] body)
            throws SendFailure {
        int status = (int) headers.get(Exchange.HTTP_RESPONSE_CODE);
        Destination destination = destinations.get(delivery.destination());
        OutboundMetric.Common common = delivery.common(resource, since(began));
        metrics.publish(new OutboundMetric.Http(common, method, status, null));
        metrics.publish(new OutboundMetric.Api(
                common,
                word(destination, headers, "X-Request-Id"),
                word(destination, headers, "X-Response-Time"),
                word(destination, headers, "X-RateLimit-State"),
                word(destination, headers, "X-RateLimit-Reason"),
                word(destination, headers, "X-RateLimit-Period-In-Sec")));
        if (status >= 200 && status <= 299 || List.of(read.split(",")).contains(Integer.toString(status))) {
            return body == null ? "" : new String(body, StandardCharsets.UTF_8);
        }
        Object wish = headers.get("Retry-After");
        throw refusal(delivery, status, wish == null ? null : wish.toString());
    }

    /**
     * What an HTTP status other than 2xx means, for a notifier whose client library makes the request itself.
     *
     * @param wish the {@code Retry-After} header as it came; null without one
     */
    public SendFailure refusal(Delivery delivery, int status, String wish) {
        RetryPolicy retry = destinations.get(delivery.destination()).retry();
        if (!retry.codes().contains(status)) {
            return new SendFailure(SendFailure.Kind.PERMANENT, status, "answered HTTP " + status, null);
        }
        Duration retryAfter =
                RetryAfter.parse(wish, clock.instant()).map(retry::clamp).orElse(null);
        return new SendFailure(SendFailure.Kind.RETRY, status, "answered HTTP " + status, retryAfter);
    }

    /**
     * A failure in a notifier's own words, which may repeat some of the answer's: one line, cut when it is long, and without
     * the destination's secrets (P10).
     *
     * @param wait how long to wait before the next try; null for as long as the retry policy says
     */
    public SendFailure said(Delivery delivery, SendFailure.Kind kind, int status, String reason, Duration wait) {
        Destination destination = destinations.get(delivery.destination());
        String line = reason.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", " ");
        String shown = destination.tells(line) ? "refused, in words that hold a secret" : line;
        return new SendFailure(
                kind,
                status,
                shown.substring(0, Math.min(shown.length(), LONGEST_WORD)),
                destination.retry().clamp(wait));
    }

    /** @throws SendFailure always; the exception's own words may hold an address, so only its kind is told */
    public void unreachable(
            @Variable("delivery") Delivery delivery,
            @ExchangeProperty("httpBegan") long began,
            @ExchangeProperty("httpMethod") String method,
            @ExchangeProperty("httpResource") String resource,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause)
            throws SendFailure {
        String kind = cause.getClass().getSimpleName();
        metrics.publish(new OutboundMetric.Http(delivery.common(resource, since(began)), method, 0, kind));
        Optional<AddressRefused> refused = AddressRefused.among(cause);
        if (refused.isPresent()) {
            throw new SendFailure(SendFailure.Kind.RETRY, 0, refused.get().getMessage(), null);
        }
        String what = cause instanceof InterruptedIOException ? "no answer in time" : "no connection, or a broken one";
        throw new SendFailure(SendFailure.Kind.RETRY, 0, what + " (" + kind + ")", null);
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** A short word of the answer; a receiver that echoes a secret is not repeated. */
    private static String word(Destination destination, Map<String, Object> headers, String name) {
        Object value = headers.get(name);
        if (value == null || value.toString().length() > LONGEST_WORD) {
            return null;
        }
        return destination.tells(value.toString()) ? null : value.toString();
    }
}
