package io.serai.door;

import com.fasterxml.jackson.core.JsonGenerator;
import io.serai.parse.StrictJson;
import io.serai.record.Recorded;
import io.serai.record.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** What a sender is told once its request is committed: bean {@code answer}. */
public final class Answers {

    /**
     * 202 with a verdict for each alert.
     *
     * @throws Refusal 422 with each field at fault when no alert of the body could be used
     */
    public void accepted(@Body Recorded recorded, Exchange exchange) throws IOException {
        refuseUnusable(recorded);
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = StrictJson.factory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("status", "success");
            json.writeObjectFieldStart("data");
            json.writeStringField("receipt", String.valueOf(recorded.receipt()));
            json.writeArrayFieldStart("alerts");
            for (Recorded.Result result : recorded.results()) {
                write(json, result);
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeStringField("request_id", requestId(exchange));
            json.writeEndObject();
        }
        answer(exchange, 202, "application/json", out.toByteArray());
    }

    /** 200 and the word OK, as Dynatrace's custom notification expects (D13). */
    public void ok(@Body Recorded recorded, Exchange exchange) {
        refuseUnusable(recorded);
        answer(exchange, 200, "text/plain; charset=utf-8", new byte[] {'O', 'K'});
    }

    private static void write(JsonGenerator json, Recorded.Result result) throws IOException {
        json.writeStartObject();
        if (result.fingerprint() != null) {
            json.writeStringField("fingerprint", result.fingerprint().toString());
        }
        json.writeStringField("verdict", result.verdict().word());
        if (result.verdict() == Verdict.QUARANTINED) {
            json.writeStringField("field", result.field());
            json.writeStringField("reason", result.reason());
        }
        json.writeEndObject();
    }

    private static void refuseUnusable(Recorded recorded) {
        List<Refusal.Detail> details = new ArrayList<>();
        for (Recorded.Result result : recorded.results()) {
            if (result.verdict() != Verdict.QUARANTINED) {
                return;
            }
            details.add(new Refusal.Detail(result.field(), result.reason()));
        }
        if (!details.isEmpty()) {
            throw new Refusal(
                    ErrorCode.MAPPING_FAILED,
                    "No alert could be read from this body; it is kept as receipt " + recorded.receipt() + ".",
                    details);
        }
    }

    private static void answer(Exchange exchange, int status, String type, byte[] body) {
        Message message = exchange.getMessage();
        message.setBody(body);
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setHeader(Exchange.CONTENT_TYPE, type);
    }

    private static String requestId(Exchange exchange) {
        return exchange.getVariable("arrival", Arrival.class).requestId();
    }
}
