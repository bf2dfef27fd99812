package io.serai.poll;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** A pushed alert and its details become one: what the details know wins, what was pushed stays where they are silent. */
final class Completion {
    private Completion() {}

    /** The status stays the pushed word: a newer one comes by its own push or poll. */
    static ObjectNode of(ObjectNode pushed, ObjectNode details) {
        ObjectNode whole = pushed.deepCopy();
        for (Map.Entry<String, JsonNode> field : details.properties()) {
            JsonNode value = field.getValue();
            if (!value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
                switch (field.getKey()) {
                    case "status", "test", "notes" -> {}
                    case "labels", "annotations" ->
                        whole.withObject("/" + field.getKey()).setAll((ObjectNode) value);
                    case "tags" -> whole.set("tags", union(whole.path("tags"), value));
                    case "original" -> whole.withObject("/original").set("severity", value.get("severity"));
                    default -> whole.set(field.getKey(), value);
                }
            }
        }
        whole.set("notes", details.path("notes").deepCopy());
        return whole;
    }

    /** The pushed alert with a reason why it is not more. */
    static ObjectNode noted(ObjectNode pushed, String note) {
        ObjectNode whole = pushed.deepCopy();
        whole.withArray("/notes").add(note);
        return whole;
    }

    private static ArrayNode union(JsonNode first, JsonNode second) {
        Set<String> words = new LinkedHashSet<>();
        first.forEach(word -> words.add(word.asText()));
        second.forEach(word -> words.add(word.asText()));
        ArrayNode union = ((ArrayNode) second).arrayNode();
        words.forEach(union::add);
        return union;
    }
}
