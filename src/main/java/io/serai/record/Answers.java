package io.serai.record;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.door.Arrival;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.json.StrictJson;
import java.nio.charset.StandardCharsets;
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
    public void accepted(@Body Recorded recorded, Exchange exchange) {
        refuseUnusable(recorded);
        ObjectNode envelope = StrictJson.mapper().createObjectNode().put("status", "success");
        envelope.set("data", data(recorded));
        envelope.put("request_id", requestId(exchange));
        answer(exchange, 202, "application/json", envelope.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** 200 and the word OK, as Dynatrace's custom notification expects (D13). */
    public void ok(@Body Recorded recorded, Exchange exchange) {
        refuseUnusable(recorded);
        answer(exchange, 200, "text/plain; charset=utf-8", new byte[] {'O', 'K'});
    }

    /** The receipt's number and a verdict for each alert, in the order of the body. */
    public static ObjectNode data(Recorded recorded) {
        ObjectNode data = StrictJson.mapper().createObjectNode().put("receipt", String.valueOf(recorded.receipt()));
        ArrayNode alerts = data.putArray("alerts");
        for (Recorded.Result result : recorded.results()) {
            ObjectNode alert = alerts.addObject();
            if (result.fingerprint() != null) {
                alert.put("fingerprint", result.fingerprint().toString());
            }
            alert.put("verdict", result.verdict().word());
            if (result.verdict() == Verdict.QUARANTINED) {
                alert.put("field", result.field()).put("reason", result.reason());
            }
        }
        return data;
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
