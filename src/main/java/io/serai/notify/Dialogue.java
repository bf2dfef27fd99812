package io.serai.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.deliver.Delivery;
import io.serai.deliver.HttpSink;
import io.serai.deliver.SendFailure;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;

/**
 * The bean {@code dialogue} of {@code serai-dialogue-sink}: several requests for one delivery, each decided by the notifier's
 * jq from the answers so far. What a step may say stands in the Kamelet.
 */
public final class Dialogue {
    /** More requests than any API needs: a mapping that asks on for ever is stopped. */
    static final int MOST = 100;

    /** A delivery must end within its lease, so no single wait grows beyond this. */
    private static final long LONGEST_MILLIS = 5_000;

    private static final Set<String> METHODS = Set.of("", "GET", "POST", "PUT", "PATCH");
    private static final JsonAnswer ANSWERS = new JsonAnswer();

    private final HttpSink sink;
    private final TicketAnswer tickets;

    public Dialogue(HttpSink sink, TicketAnswer tickets) {
        this.sink = sink;
        this.tickets = tickets;
    }

    /**
     * @param plan what the notifier's mapping made of the input
     * @return what {@code <notifier>-next.jq} sees before the first answer
     */
    public ObjectNode begin(@Body JsonNode plan, @Variable("input") ObjectNode input) {
        ObjectNode talk = input.deepCopy();
        talk.set("plan", plan);
        talk.putArray("answers");
        return talk;
    }

    /**
     * True for a further request, false at the end.
     *
     * @throws SendFailure as the step says; permanent for one that says nothing that there is
     */
    public boolean asks(
            @Variable("next") JsonNode next,
            @Variable("talk") ObjectNode talk,
            @Variable("delivery") Delivery delivery,
            @ExchangeProperty("httpRetryAfter") String wish)
            throws SendFailure {
        Ending.check(sink, delivery, next, wish);
        String step = next == null ? "" : next.path("step").asText();
        if (step.equals("done")) {
            return false;
        }
        if (!step.equals("ask") || !METHODS.contains(next.path("method").asText(""))) {
            throw new SendFailure("the notifier's next step is none, or has a method that is none");
        }
        if (answers(talk).size() >= MOST) {
            throw new SendFailure(
                    SendFailure.Kind.RETRY, 0, "no end after " + MOST + " requests of one delivery", null);
        }
        return true;
    }

    /** How long to wait before the request, in milliseconds: U(0, {@code after}). */
    public long pause(@Variable("next") JsonNode next) {
        long ceiling = Math.min(LONGEST_MILLIS, Math.max(0, next.path("after").asLong()));
        return ThreadLocalRandom.current().nextLong(ceiling + 1);
    }

    /** @return the request's body; null for a request without one */
    public JsonNode body(@Variable("next") JsonNode next) {
        return next.hasNonNull("body") ? next.get("body") : null;
    }

    /** @throws SendFailure worth a retry when the answer is a success and no JSON object */
    public void heard(
            @Body String answer,
            @ExchangeProperty("httpStatus") int status,
            @Variable("next") JsonNode asked,
            @Variable("talk") ObjectNode talk)
            throws SendFailure {
        JsonNode body = null;
        if (!asked.path("ignore").asBoolean()) {
            body = status <= 299 ? ANSWERS.read(answer) : ANSWERS.find(answer).orElse(null);
        }
        answer(talk, asked, status).set("body", body);
    }

    /**
     * A request came to nothing.
     *
     * @throws Exception that it failed with, unless the step tolerates it
     */
    public void failed(
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause,
            @Variable("next") JsonNode asked,
            @Variable("talk") ObjectNode talk)
            throws Exception {
        if (asked.path("creates").asBoolean()) {
            tickets.lost(cause);
        }
        if (asked.path("tolerate").asBoolean()
                && cause instanceof SendFailure failure
                && !failure.isPermanent()
                && failure.retryAfter() == null) {
            answer(talk, asked, failure.statusCode()).put("failed", failure.getMessage());
            return;
        }
        throw cause;
    }

    /** @return what explain shows of the delivery; null for nothing */
    public ObjectNode result(@Variable("next") JsonNode next) {
        return next.path("result") instanceof ObjectNode result ? result : null;
    }

    private static ArrayNode answers(ObjectNode talk) {
        return (ArrayNode) talk.get("answers");
    }

    private static ObjectNode answer(ObjectNode talk, JsonNode asked, int status) {
        return answers(talk)
                .addObject()
                .put("name", asked.path("name").asText())
                .put("status", status);
    }
}
