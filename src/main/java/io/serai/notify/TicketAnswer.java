package io.serai.notify;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.deliver.Delivery;
import io.serai.deliver.HttpSink;
import io.serai.deliver.SendFailure;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;

/**
 * The bean {@code ticketAnswer}: what a ticketing system answers, in REST or in GraphQL, which reports failures in
 * {@code errors} whatever its HTTP status.
 */
public final class TicketAnswer {
    /**
     * How long a destination is left alone after a create whose answer is missing: by then the ticket that it may have
     * made is found by its key. A search index and a slow insert are both behind the answer.
     */
    static final Duration SETTLED = Duration.ofSeconds(15);

    /** Outcomes that say nothing about whether the ticket was made: no answer, a failure inside, a gateway's word. */
    private static final Set<Integer> UNKNOWN = Set.of(0, 500, 502, 504);

    private static final JsonAnswer ANSWERS = new JsonAnswer();

    private final HttpSink sink;

    public TicketAnswer(HttpSink sink) {
        this.sink = sink;
    }

    /**
     * @param wish the answer's {@code Retry-After}
     * @throws SendFailure when it is no JSON object, or reports a failure
     */
    public void read(
            @Body String answer,
            @Variable("delivery") Delivery delivery,
            @ExchangeProperty("httpRetryAfter") String wish)
            throws SendFailure {
        judge(ANSWERS.read(answer), delivery, wish);
    }

    /**
     * Like {@link #read} for a change that is done: an answer that was cut because it is long is no reason to do it again.
     *
     * @throws SendFailure when it reports a failure
     */
    public void done(
            @Body String answer,
            @Variable("delivery") Delivery delivery,
            @ExchangeProperty("httpRetryAfter") String wish)
            throws SendFailure {
        JsonNode json;
        try {
            json = ANSWERS.read(answer);
        } catch (SendFailure e) {
            return;
        }
        judge(json, delivery, wish);
    }

    /**
     * @param pointer where the answer to a create names the ticket (RFC 6901)
     * @return that name
     * @throws SendFailure when there is none; the next attempt finds the ticket by its key
     */
    public String created(@Body String answer, String pointer) throws SendFailure {
        JsonNode name = ANSWERS.read(answer).at(pointer);
        if (!name.isTextual() && !name.isIntegralNumber()) {
            throw new SendFailure(SendFailure.Kind.RETRY, 201, "the answer names no ticket", SETTLED);
        }
        return name.asText();
    }

    /**
     * A create failed: where the ticket may exist nevertheless, the next attempt waits until it can be found.
     *
     * @throws Exception always: the same failure, perhaps with a wait
     */
    public void lost(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause) throws Exception {
        if (cause instanceof SendFailure failure
                && !failure.isPermanent()
                && failure.retryAfter() == null
                && UNKNOWN.contains(failure.statusCode())) {
            throw new SendFailure(failure.kind(), failure.statusCode(), failure.getMessage(), SETTLED);
        }
        throw cause;
    }

    private void judge(JsonNode answer, Delivery delivery, String wish) throws SendFailure {
        JsonNode error = answer.at("/errors/0");
        if (!error.isMissingNode()) {
            throw failed(error, delivery, wish);
        }
        for (JsonNode each : answer.path("data")) {
            if (each.has("success") && !each.get("success").asBoolean()) {
                throw new SendFailure("the system did not do it, without a reason");
            }
        }
    }

    /** By the words of Linear's API and of Apollo, whose codes and types say the same in different letters. */
    private SendFailure failed(JsonNode error, Delivery delivery, String wish) {
        JsonNode extensions = error.path("extensions");
        String words =
                extensions.path("type").asText() + " " + extensions.path("code").asText();
        String kind = words.toLowerCase(Locale.ROOT).replaceAll("[^a-z ]", "");
        if (kind.contains("ratelimit")) {
            return said(sink.refusal(delivery, 429, wish), 429, "rate limited");
        }
        if (kind.contains("authenticat")) {
            return said(sink.refusal(delivery, 401, null), 401, "not authenticated");
        }
        if (kind.contains("forbidden")) {
            return said(sink.refusal(delivery, 403, null), 403, "forbidden");
        }
        if (kind.contains("internal") || kind.contains("network") || kind.contains("lock timeout")) {
            return said(sink.refusal(delivery, 503, wish), 503, "internal error");
        }
        String message = error.path("message").asText().toLowerCase(Locale.ROOT);
        if (message.contains("already exists") || message.contains("duplicate") || message.contains("unique")) {
            return new SendFailure(SendFailure.Kind.RETRY, 409, "somebody else made it at the same time", null);
        }
        return new SendFailure(SendFailure.Kind.PERMANENT, 400, "the request was refused as invalid", null);
    }

    private static SendFailure said(SendFailure refusal, int status, String why) {
        return new SendFailure(refusal.kind(), status, "answered: " + why, refusal.retryAfter());
    }
}
