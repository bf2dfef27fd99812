package io.serai.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.json.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * The bytes of a request become the tree that detectors and mappings see. Senders label JSON as text, as a form
 * ({@code curl -d}) or not at all: JSON is tried first, whatever the label says.
 */
public final class BodyReader {
    private BodyReader() {}

    /**
     * @param contentType the request's, or null
     * @param forms       what the provider takes: {@code json}, {@code form}, {@code text}
     * @return what the JSON says; of a form an object of texts; of a text one text
     * @throws Refusal 400 when it is nothing of what the provider takes
     * @throws UncheckedIOException when it is JSON that no two readers need read alike: a key is repeated
     */
    public static JsonNode read(byte[] body, String contentType, Set<String> forms) {
        if (body.length == 0) {
            throw new Refusal(ErrorCode.MALFORMED_BODY, "The body is empty.");
        }
        String type = type(contentType);
        if (forms.contains("form") && type.equals("application/x-www-form-urlencoded") && !looksLikeJson(body)) {
            return FormBody.read(body);
        }
        try {
            return StrictJson.read(body);
        } catch (StrictJson.Ambiguous e) {
            // Well-formed, so it is kept and named, as every other body that says nothing usable.
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            if (forms.contains("text") && text(type)) {
                return text(body);
            }
            throw new Refusal(ErrorCode.MALFORMED_BODY, "The body is not valid JSON.");
        }
    }

    private static String type(String contentType) {
        return contentType == null ? "" : contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    }

    /** A form would have these encoded. */
    private static boolean looksLikeJson(byte[] body) {
        for (byte each : body) {
            if (each != ' ' && each != '\t' && each != '\r' && each != '\n') {
                return each == '{' || each == '[';
            }
        }
        return false;
    }

    private static boolean text(String type) {
        return type.startsWith("text/") || type.equals("application/xml") || type.endsWith("+xml");
    }

    private static JsonNode text(byte[] body) {
        try {
            return TextNode.valueOf(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new Refusal(ErrorCode.MALFORMED_BODY, "The text is not UTF-8.");
        }
    }
}
