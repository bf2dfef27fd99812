package io.serai.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serai.deliver.SendFailure;
import org.apache.camel.Body;

/** Reads the answer of an API that speaks JSON. */
public final class JsonAnswer {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws SendFailure worth a retry when it is no JSON object: something between us and the API has answered */
    public JsonNode read(@Body String answer) throws SendFailure {
        try {
            JsonNode json = JSON.readTree(answer == null || answer.isEmpty() ? "null" : answer);
            if (json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            // the failure below says it; the parser's words would repeat the answer
        }
        throw new SendFailure(SendFailure.Kind.RETRY, 200, "the answer is not the API's JSON", null);
    }
}
