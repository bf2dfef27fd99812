package io.serai.scaffold;

import io.serai.json.StrictJson;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the draft of a provider's mapping, {@code <name>.jq}, by what was guessed of the fields of a sample. */
final class MappingDraft {
    private final String system;
    private final Guess guess;

    /** @param system what people call the system that sends */
    MappingDraft(String system, Guess guess) {
        this.system = system;
        this.guess = guess;
    }

    String text() {
        List<String> title = guess.fields().getOrDefault("title", List.of());
        StringBuilder jq = new StringBuilder(
                "# " + system
                        + " -> canonical alerts. status and severity stay the sender's own words: provider.yaml\n"
                        + "# has the tables. Times go out as they came in.\n\n"
                        + "def text: if . == null or type == \"object\" or type == \"array\" then null else tostring | if . == \"\" then null else . end end;\n"
                        + "def clean: with_entries(select(.value != null and .value != [] and .value != {}));\n\n"
                        + "def mapped($path):\n"
                        + "  if type != \"object\" then {error: \"an alert must be an object\", field: ($path | rtrimstr(\".\"))}\n");
        for (String needed : List.of("source_id", "title")) {
            List<String> path = guess.fields().get(needed);
            if (path != null) {
                String field = String.join(".", path);
                jq.append("  elif (" + at(path) + " | text) == null then {error: " + quoted("an alert needs " + field)
                        + ", field: ($path + " + quoted(field) + ")}\n");
            }
        }
        jq.append("  else {\n");
        guess.fields().forEach((field, path) -> jq.append("      " + field + ": " + value(field, path) + ",\n"));
        if (title.isEmpty()) {
            jq.append("      title: " + quoted("Alert of " + system) + ",\n");
        }
        String labels = guess.labels().entrySet().stream()
                .map(each -> quoted(each.getKey()) + ": " + at(each.getValue()))
                .collect(Collectors.joining(", "));
        jq.append("      labels: ({" + labels + "} | map_values(text) | clean)\n    } | clean\n  end;\n\n");
        return jq.append(calls()).toString();
    }

    private String calls() {
        if (guess.list() == null) {
            return "[mapped(\"\")]\n";
        }
        String each = "to_entries[] | .key as $i | .value | mapped(\"" + guess.list() + "[\\($i)].\")";
        if (guess.list().isEmpty()) {
            return "if type == \"array\" then [" + each + "] else [mapped(\"\")] end\n";
        }
        return "if (." + guess.list() + " | type) == \"array\" then [." + guess.list() + " | " + each + "]\n"
                + "else [{error: \"" + guess.list() + " must be a list\", field: \"" + guess.list() + "\"}] end\n";
    }

    private static String value(String field, List<String> path) {
        return switch (field) {
            case "status", "severity", "starts_at", "ends_at", "event_time" -> at(path);
            case "tags" -> "(" + at(path) + " | if type == \"array\" then map(text | select(. != null)) else [] end)";
            default -> "(" + at(path) + " | text)";
        };
    }

    /** A path that gives null, and no error, where the body is built otherwise. */
    private static String at(List<String> path) {
        String steps = path.stream()
                .map(name -> name.matches("[A-Za-z_][A-Za-z0-9_]*") ? "." + name : "." + quoted(name))
                .collect(Collectors.joining());
        return path.size() == 1 ? steps : "(" + steps + "? // null)";
    }

    /** As jq and YAML write a string. */
    static String quoted(String text) {
        // A backslash and a bracket would be an interpolation.
        return StrictJson.mapper().getNodeFactory().textNode(text).toString();
    }
}
