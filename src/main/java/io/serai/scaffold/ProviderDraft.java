package io.serai.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.golden.Canonical;
import io.serai.golden.Folder;
import io.serai.golden.Golden;
import io.serai.golden.Result;
import io.serai.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes a provider's folder: a draft that passes lint and its own samples, to be corrected by somebody who knows. */
final class ProviderDraft {
    private static final String EXAMPLE =
            """
            {
              "NAME_alert": "n-1001",
              "title": "Disk /var is almost full",
              "description": "3 % left on mail-2",
              "state": "triggered",
              "severity": "major",
              "service": "mail",
              "environment": "production",
              "started_at": "2031-05-06T07:08:09Z",
              "host": "mail-2",
              "url": "https://NAME.example/alerts/n-1001"
            }
            """;

    private static final String WEBHOOK =
            """
            - route:
                id: NAME-webhook
                from:
                  uri: kamelet:serai-webhook-source
                  parameters:
                    provider: NAME
                  steps:
                    - to:
                        uri: direct:NAME-parse
            """;
    private static final String PARSE =
            """
            - route:
                id: NAME-parse
                from:
                  uri: direct:NAME-parse
                  steps:
                    - transform:
                        expression:
                          jq:
                            expression: "resource:file:{{serai.routes}}/providers/NAME/NAME.jq"
                            resultType: com.fasterxml.jackson.databind.JsonNode
                    - to:
                        uri: direct:alert-record
            """;

    private final Path routes;
    private final String name;

    ProviderDraft(Path routes, String name) {
        this.routes = routes;
        this.name = name;
    }

    /**
     * @param sample what the system sends while an alert is open; null for an invented one
     * @throws Draft.Refused when the name or the sample cannot be used
     */
    Draft write(byte[] sample) throws Draft.Refused, IOException {
        Draft draft = Draft.of(routes, Folder.Kind.PROVIDER, name);
        JsonNode body = body(sample);
        Guess guess = Guess.of(body);
        if (sample == null) {
            guess.fields().put("source_id", List.of(name + "_alert"));
            guess.labels().remove(name + "_alert");
        }
        Detector detector = new Detector(routes);
        String owner = detector.owner(body).orElse(null);
        if (owner != null) {
            throw new Draft.Refused("The provider " + owner + " recognises this body already: post it to its door.");
        }
        String predicate = detector.predicate(body, guess);
        try {
            samples(draft, body, guess);
            draft.write("provider.yaml", descriptor(guess, predicate));
            draft.write(name + ".jq", jq(guess));
            draft.write(name + "-webhook.camel.yaml", WEBHOOK.replace("NAME", name));
            draft.write(name + "-parse.camel.yaml", PARSE.replace("NAME", name));
            draft.write("README.md", readme(guess));
            expected(draft);
            draft.missing(guess.missing());
            return draft;
        } catch (IOException | RuntimeException | Draft.Refused e) {
            draft.drop();
            throw e;
        }
    }

    private JsonNode body(byte[] sample) throws Draft.Refused {
        byte[] bytes = sample == null ? EXAMPLE.replace("NAME", name).getBytes(StandardCharsets.UTF_8) : sample;
        try {
            JsonNode body = StrictJson.read(bytes);
            JsonNode first = body.isArray() ? body.path(0) : body;
            if (!first.isObject() || first.isEmpty()) {
                throw new Draft.Refused("The sample is neither a JSON object with fields nor a list of such.");
            }
            return body;
        } catch (IOException e) {
            throw new Draft.Refused("The sample is not strict JSON.");
        }
    }

    private static void samples(Draft draft, JsonNode body, Guess guess) throws IOException {
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

    private String descriptor(Guess guess, String predicate) {
        String key = guess.fields().containsKey("source_id")
                ? "source_id"
                : guess.fields().containsKey("service") ? "title, service" : "title";
        return "name: " + name + "\n"
                + "title: " + title() + "\n"
                + "description: Alerts of " + title() + ", one for each.\n"
                + "kind: [webhook]\n"
                + "auth: [key, basic]\n"
                + (predicate == null
                        ? "# No detect: other systems send the same fields. Post to this provider's own door.\n"
                        : "detect: '" + predicate.replace("'", "''") + "'\n")
                + "# What is the same while an alert lives, and of no other alert. Never the status.\n"
                + "key: [" + key + "]\n"
                + "status:\n" + table(Words.status(guess.word("status")))
                + "severity:\n" + table(Words.severity(guess.word("severity")))
                + "docs: https://" + name + ".example/\n";
    }

    private static String table(Map<String, String> table) {
        return table.entrySet().stream()
                .map(each -> "  "
                        + (each.getKey().matches("[a-z_][a-z0-9_]*")
                                        && !each.getKey().matches("ok|up|on|off|yes|no|y|n|true|false|null")
                                ? each.getKey()
                                : StrictJson.mapper()
                                        .getNodeFactory()
                                        .textNode(each.getKey())
                                        .toString())
                        + ": " + each.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private String jq(Guess guess) {
        List<String> title = guess.fields().getOrDefault("title", List.of());
        StringBuilder jq = new StringBuilder(
                "# " + title()
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
            jq.append("      title: " + quoted("Alert of " + title()) + ",\n");
        }
        String labels = guess.labels().entrySet().stream()
                .map(each -> quoted(each.getKey()) + ": " + at(each.getValue()))
                .collect(Collectors.joining(", "));
        jq.append("      labels: ({" + labels + "} | map_values(text) | clean)\n    } | clean\n  end;\n\n");
        return jq.append(calls(guess)).toString();
    }

    private static String calls(Guess guess) {
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

    private static String quoted(String text) {
        // A backslash and a bracket would be an interpolation.
        return StrictJson.mapper().getNodeFactory().textNode(text).toString();
    }

    private String readme(Guess guess) {
        return "# " + title() + "\n\n"
                + "1. Point its webhook at `https://SERAI/api/alerts/event/" + name
                + "`, with the header `X-API-KEY: INGEST_KEY`.\n"
                + "2. Identity: "
                + (guess.fields().containsKey("source_id")
                        ? "`" + String.join(".", guess.fields().get("source_id")) + "`"
                        : "the title")
                + (guess.fields().containsKey("status")
                        ? "; status: `" + String.join(".", guess.fields().get("status")) + "`.\n"
                        : "; it sends no status, so its alerts are never resolved.\n");
    }

    private String title() {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1).replace('-', ' ');
    }

    private void expected(Draft draft) throws IOException, Draft.Refused {
        try (Golden golden = new Golden(routes, true)) {
            for (Result result : golden.run(draft.folder())) {
                if (!result.passed()) {
                    throw new Draft.Refused("The draft does not fit its own sample " + result.sample() + ": "
                            + result.problems().get(0).lines().findFirst().orElse(""));
                }
                draft.wrote("expected/" + result.sample());
            }
        }
    }
}
