package io.serai.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import io.serai.parse.Normaliser.Unusable;
import java.util.Map;

/**
 * Reads the text fields of a mapped alert. Text is kept as it came; only what no store can hold is refused: U+0000 and
 * half a surrogate pair.
 */
final class Texts {
    private Texts() {}

    static String required(JsonNode from, String field) throws Unusable {
        String text = text(from.get(field), field);
        if (text == null || text.isBlank()) {
            throw new Unusable(field, "is missing");
        }
        return text;
    }

    static void copy(JsonNode from, ObjectNode to, String field) throws Unusable {
        String text = text(from.get(field), field);
        if (text != null) {
            to.put(field, text);
        }
    }

    static ObjectNode pairs(JsonNode from, String field) throws Unusable {
        ObjectNode pairs = StrictJson.mapper().createObjectNode();
        JsonNode node = from.get(field);
        if (node == null || node.isNull()) {
            return pairs;
        }
        if (!node.isObject()) {
            throw new Unusable(field, "must be an object of texts");
        }
        for (Map.Entry<String, JsonNode> pair : node.properties()) {
            String value = text(pair.getValue(), field + "." + storable(pair.getKey(), field));
            if (value != null) {
                pairs.put(pair.getKey(), value);
            }
        }
        return pairs;
    }

    static ArrayNode list(JsonNode from, String field) throws Unusable {
        ArrayNode list = StrictJson.mapper().createArrayNode();
        JsonNode node = from.get(field);
        if (node == null || node.isNull()) {
            return list;
        }
        if (!node.isArray()) {
            throw new Unusable(field, "must be a list of texts");
        }
        for (JsonNode member : node) {
            String value = text(member, field);
            if (value != null) {
                list.add(value);
            }
        }
        return list;
    }

    static ArrayNode objects(JsonNode from, String field) throws Unusable {
        ArrayNode list = StrictJson.mapper().createArrayNode();
        for (JsonNode member : from.path(field)) {
            if (!member.isObject()) {
                throw new Unusable(field, "must be a list of objects");
            }
            ObjectNode object = list.addObject();
            for (Map.Entry<String, JsonNode> pair : member.properties()) {
                String value = text(pair.getValue(), field + "." + storable(pair.getKey(), field));
                if (value != null) {
                    object.put(pair.getKey(), value);
                }
            }
        }
        return list;
    }

    /** A scalar as it is written, exact also beyond 2^53; a nested value as its JSON; null when absent. */
    private static String text(JsonNode node, String field) throws Unusable {
        if (node == null || node.isNull()) {
            return null;
        }
        if (node.isTextual()) {
            return storable(node.textValue(), field);
        }
        if (node.isBigDecimal()) {
            return node.decimalValue().toPlainString();
        }
        return storable(node.isContainerNode() ? node.toString() : node.asText(), field);
    }

    private static String storable(String text, String field) throws Unusable {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new Unusable(field, "contains U+0000");
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw new Unusable(field, "contains half a surrogate pair");
                }
                i++;
            }
        }
        return text;
    }
}
