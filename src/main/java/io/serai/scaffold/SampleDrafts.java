package io.serai.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.golden.Canonical;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes the samples of a provider's draft: the body that was given, and what is made of it. */
final class SampleDrafts {
    private SampleDrafts() {}

    /** An alert that fires, the same resolved, one without a severity, and one with a field that nobody knows. */
    static void write(Draft draft, JsonNode body, Guess guess) throws IOException {
        draft.write("samples/firing.json", Canonical.written(body));
        if (guess.fields().containsKey("status")) {
            String over = Words.opposite(guess.word("status"));
            draft.write(
                    "samples/resolved.json",
                    Canonical.written(changed(
                            body, guess, member -> put(member, guess.fields().get("status"), over))));
        }
        draft.write("samples/missing-severity.json", Canonical.written(changed(body, guess, member -> {
            List<String> path = guess.fields().get("severity");
            if (path != null && parent(member, path) instanceof ObjectNode object) {
                object.remove(path.get(path.size() - 1));
            }
        })));
        draft.write("samples/unknown-field.json", Canonical.written(changed(body, guess, member -> member.putObject(
                        "something_new")
                .put("seen", true))));
    }

    private interface Change {
        void on(ObjectNode member);
    }

    /** A copy of the body in which each alert is changed. */
    private static JsonNode changed(JsonNode body, Guess guess, Change change) {
        JsonNode copy = body.deepCopy();
        JsonNode members = guess.list() == null ? copy : guess.list().isEmpty() ? copy : copy.get(guess.list());
        List<JsonNode> all = new ArrayList<>();
        if (members instanceof ArrayNode list) {
            list.forEach(all::add);
        } else {
            all.add(members);
        }
        for (JsonNode member : all) {
            if (member instanceof ObjectNode object) {
                change.on(object);
            }
        }
        return copy;
    }

    private static void put(ObjectNode member, List<String> path, String value) {
        if (parent(member, path) instanceof ObjectNode object) {
            object.put(path.get(path.size() - 1), value);
        }
    }

    private static JsonNode parent(JsonNode member, List<String> path) {
        return Guess.at(member, path.subList(0, path.size() - 1));
    }
}
