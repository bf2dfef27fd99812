package io.serai.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.serai.config.ConfigurationError;
import io.serai.door.Answer;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.provider.Jq;
import io.serai.provider.Provider;
import io.serai.provider.ProviderCatalog;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/**
 * Requests that hold no alert but ask whether we want any, as provider.yaml declares them: answered at once, from the
 * request alone. Nothing is recorded, and no address in them is ever called.
 */
final class Handshakes {
    private final Map<String, Expected> byProvider = new HashMap<>();

    private record Expected(Map<String, Pattern> headers, Jq answer) {}

    /** @throws ConfigurationError naming the provider whose answer is not jq */
    Handshakes(ProviderCatalog catalog) {
        for (Provider provider : catalog.all()) {
            if (provider.handshake() != null) {
                byProvider.put(provider.name(), expected(provider.name(), provider.handshake()));
            }
        }
    }

    private static Expected expected(String provider, Provider.Handshake handshake) {
        try {
            Map<String, Pattern> headers = new HashMap<>();
            handshake.headers().forEach((name, value) -> headers.put(name, Pattern.compile(value)));
            return new Expected(headers, Jq.compile(handshake.answer()));
        } catch (JsonQueryException e) {
            throw new ConfigurationError(
                    "routes/providers/" + provider + "/provider.yaml",
                    "the handshake's answer is not a jq expression",
                    "Correct it and run ./serai lint");
        }
    }

    /** True when the headers say that the request is one; cheap for all others. */
    boolean asked(String provider, UnaryOperator<String> header) {
        Expected expected = byProvider.get(provider);
        return expected != null
                && expected.headers().entrySet().stream().allMatch(each -> {
                    String value = header.apply(each.getKey());
                    return value != null && each.getValue().matcher(value).find();
                });
    }

    /** @throws Refusal 400 when the body holds nothing that can be answered */
    Answer answer(String provider, JsonNode body) {
        try {
            JsonNode answer = byProvider.get(provider).answer().apply(body, NullNode.getInstance());
            if (!answer.isNull()) {
                return Answer.json(200, answer.toString().getBytes(StandardCharsets.UTF_8));
            }
        } catch (JsonQueryException e) {
            // as if it held nothing
        }
        throw new Refusal(ErrorCode.VALIDATION_ERROR, "This handshake holds nothing that can be answered.");
    }
}
