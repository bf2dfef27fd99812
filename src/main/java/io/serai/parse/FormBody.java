package io.serai.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.json.StrictJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * {@code application/x-www-form-urlencoded} as WHATWG's URL standard has it, but strict: a percent sign that is not
 * followed by two hexadecimal digits, and bytes that are not UTF-8, are refused instead of replaced.
 */
final class FormBody {
    /** As many fields as PHP takes; the largest form known of a monitoring system has forty. */
    private static final int MAX_FIELDS = 1_000;

    private FormBody() {}

    /**
     * An object of texts; a name that is repeated holds the list of its values.
     *
     * @throws Refusal 400 when the encoding is broken or there are too many fields
     */
    static ObjectNode read(byte[] body) {
        ObjectNode form = StrictJson.mapper().createObjectNode();
        int fields = 0;
        for (int start = 0; start <= body.length; ) {
            int end = find(body, '&', start, body.length);
            if (end > start) {
                if (++fields > MAX_FIELDS) {
                    throw refused("has more than " + MAX_FIELDS + " fields");
                }
                int equals = find(body, '=', start, end);
                put(form, text(body, start, equals), equals == end ? "" : text(body, equals + 1, end));
            }
            start = end + 1;
        }
        return form;
    }

    private static void put(ObjectNode form, String name, String value) {
        JsonNode before = form.get(name);
        if (before == null) {
            form.put(name, value);
        } else if (before instanceof ArrayNode list) {
            list.add(value);
        } else {
            form.putArray(name).add(before).add(value);
        }
    }

    private static String text(byte[] body, int start, int end) {
        byte[] decoded = new byte[end - start];
        int length = 0;
        for (int i = start; i < end; i++) {
            byte each = body[i];
            if (each == '%') {
                each = (byte) (digit(body, i + 1, end) << 4 | digit(body, i + 2, end));
                i += 2;
            }
            decoded[length++] = each == '+' && body[i] == '+' ? (byte) ' ' : each;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refused("is not UTF-8");
        }
    }

    private static int digit(byte[] body, int at, int end) {
        int digit = at < end ? Character.digit(body[at], 16) : -1;
        if (digit < 0) {
            throw refused("has a percent sign without two hexadecimal digits");
        }
        return digit;
    }

    private static int find(byte[] body, char wanted, int start, int end) {
        int at = start;
        while (at < end && body[at] != wanted) {
            at++;
        }
        return at;
    }

    private static Refusal refused(String problem) {
        return new Refusal(ErrorCode.MALFORMED_BODY, "The form " + problem + ".");
    }
}
