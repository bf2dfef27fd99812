package io.serai.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.golden.Folder;
import io.serai.golden.Golden;
import io.serai.golden.Result;
import io.serai.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
            SampleDrafts.write(draft, body, guess);
            draft.write("provider.yaml", descriptor(guess, predicate));
            draft.write(name + ".jq", new MappingDraft(Draft.title(name), guess).text());
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

    private String descriptor(Guess guess, String predicate) {
        String key = guess.fields().containsKey("source_id")
                ? "source_id"
                : guess.fields().containsKey("service") ? "title, service" : "title";
        return "name: " + name + "\n"
                + "title: " + Draft.title(name) + "\n"
                + "description: Alerts of " + Draft.title(name) + ", one for each.\n"
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
                                : MappingDraft.quoted(each.getKey()))
                        + ": " + each.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private String readme(Guess guess) {
        return "# " + Draft.title(name) + "\n\n"
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
