package io.serai.record;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.door.Answer;
import io.serai.door.Arrival;
import io.serai.door.ErrorCode;
import io.serai.door.LaterAnswer;
import io.serai.door.Refusal;
import io.serai.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** What a sender is told once its request is committed: bean {@code answer}. */
public final class Answers {

    /** 202 with a verdict for each alert, or 422 with each field at fault when no alert of the body could be used. */
    public void accepted(@Body Recording recording, Exchange exchange) {
        String requestId = exchange.getVariable("arrival", Arrival.class).requestId();
        answer(recording, exchange, recorded -> Answer.json(202, envelope(recorded, requestId)));
    }

    /** 200 and the word OK, as Dynatrace's custom notification expects (D13), or 422 as above. */
    public void ok(@Body Recording recording, Exchange exchange) {
        answer(recording, exchange, recorded -> Answer.text(200, "OK"));
    }

    private static void answer(Recording recording, Exchange exchange, Function<Recorded, Answer> render) {
        Message message = exchange.getMessage();
        message.setBody(new LaterAnswer(recording.committed().thenApply(recorded -> {
            refuseUnusable(recorded);
            return render.apply(recorded);
        })));
    }

    private static byte[] envelope(Recorded recorded, String requestId) {
        ObjectNode envelope = StrictJson.mapper().createObjectNode().put("status", "success");
        envelope.set("data", data(recorded));
        envelope.put("request_id", requestId);
        return envelope.toString().getBytes(StandardCharsets.UTF_8);
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
}
