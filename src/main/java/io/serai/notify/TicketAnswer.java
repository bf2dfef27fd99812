package io.serai.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.deliver.Delivery;
import io.serai.deliver.HttpSink;
import io.serai.deliver.SendFailure;
import java.time.Duration;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;

/** The bean {@code ticketAnswer}: what a ticketing system answers, and what it means when it does not. */
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

    /** @throws SendFailure worth a retry when it is no JSON object */
    public JsonNode read(@Body String answer) throws SendFailure {
        return ANSWERS.read(answer);
    }

    /** Like {@link #read} for a change that is done: an answer that was cut because it is long is no reason to do it again. */
    public JsonNode done(@Body String answer) {
        return ANSWERS.find(answer).orElseGet(JsonNodeFactory.instance::objectNode);
    }

    /**
     * @param refusal what the notifier's jq made of the answer; null when it is none
     * @param wish    the answer's {@code Retry-After}
     * @throws SendFailure when it reports a failure
     */
    public void judge(
            @Variable("refusal") JsonNode refusal,
            @Variable("delivery") Delivery delivery,
            @ExchangeProperty("httpRetryAfter") String wish)
            throws SendFailure {
        Ending.check(sink, delivery, refusal, wish);
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
}
