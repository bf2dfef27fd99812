package io.serai.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;
import io.serai.deliver.Delivery;
import io.serai.deliver.HttpSink;
import io.serai.deliver.SendFailure;
import io.serai.egress.AddressRefused;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** One text message on its way to Twilio, and what the answer means (D20, fault 27). */
public final class TwilioMessage {
    // "Too many requests", whatever the HTTP status beside it.
    private static final int TOO_MANY_REQUESTS = 20429;

    private final HttpSink sink;

    public TwilioMessage(HttpSink sink) {
        this.sink = sink;
    }

    /** The number to notify, as the component wants it. */
    public PhoneNumber to(@Body JsonNode request) {
        return new PhoneNumber(request.get("To").asText());
    }

    /** The number or name to send from, as the component wants it. */
    public PhoneNumber from(@Body JsonNode request) {
        return new PhoneNumber(request.get("From").asText());
    }

    /** @return {@code {"notified": masked number, "sid": Twilio's id of the message}} */
    public ObjectNode sent(@Body Message message, @Header("CamelTwilioTo") PhoneNumber number) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("notified", masked(number.toString()))
                .put("sid", message.getSid());
    }

    /** First three characters, five stars, last four (D20). */
    static String masked(String number) {
        return number.substring(0, Math.min(3, number.length()))
                + "*****"
                + number.substring(Math.max(0, number.length() - 4));
    }

    /**
     * The destination's retry codes, Twilio's 20429 and everything without an answer may be tried again. The rest is
     * final: no such number (21211), opted out (21610), wrong credentials.
     *
     * @throws SendFailure always
     */
    public void failed(
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause, @Variable("delivery") Delivery delivery)
            throws SendFailure {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof TwilioRefusal refusal) {
                int status = refusal.code() == TOO_MANY_REQUESTS ? 429 : refusal.status();
                SendFailure failure = sink.refusal(delivery, status, refusal.retryAfter());
                throw new SendFailure(failure.kind(), refusal.status(), refusal.getMessage(), failure.retryAfter());
            }
        }
        String why =
                AddressRefused.among(cause).map(Throwable::getMessage).orElse("no answer from Twilio, or a broken one");
        throw new SendFailure(SendFailure.Kind.RETRY, 0, why, null);
    }
}
