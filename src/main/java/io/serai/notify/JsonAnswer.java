package io.serai.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serai.deliver.SendFailure;
import java.util.Optional;

/** Reads the answer of an API that speaks JSON. */
final class JsonAnswer {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws SendFailure worth a retry when it is no JSON object: something between us and the API has answered */
    JsonNode read(String answer) throws SendFailure {
        return find(answer)
                .orElseThrow(
                        () -> new SendFailure(SendFailure.Kind.RETRY, 200, "the answer is not the API's JSON", null));
    }

    /** The answer when it is a JSON object. */
    Optional<JsonNode> find(String answer) {
        try {
            return Optional.of(JSON.readTree(answer == null || answer.isEmpty() ? "null" : answer))
                    .filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            // the parser's words would repeat the answer
            return Optional.empty();
        }
    }
}
