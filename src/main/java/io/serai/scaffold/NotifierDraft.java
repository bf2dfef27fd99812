package io.serai.scaffold;

import io.serai.golden.Folder;
import io.serai.golden.Golden;
import io.serai.golden.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Writes a notifier's folder: one JSON request to one address for each change, to be given the form that it should have. */
final class NotifierDraft {
    private static final String DESCRIPTOR =
            """
            name: NAME
            title: TITLE
            description: One JSON request to TITLE for each change of an alert.
            settings:
              url:
                type: url
                required: true
                sensitive: true
                description: Where the request goes.
            docs: https://NAME.example/
            """;
    private static final String SEND =
            """
            - routeTemplate:
                id: NAME-send
                parameters:
                  - name: destination
                  - name: url
                from:
                  uri: direct:notify-{{destination}}
                  steps:
                    - transform:
                        expression:
                          jq:
                            expression: "resource:file:{{serai.routes}}/notifiers/NAME/NAME.jq"
                            resultType: com.fasterxml.jackson.databind.JsonNode
                    - removeHeaders:
                        pattern: "*"
                    - to:
                        uri: kamelet:serai-http-sink
                        parameters:
                          destination: "{{destination}}"
                          url: "RAW({{url}})"
            """;
    private static final String JQ =
            """
            # One change of an alert -> the body of the request to TITLE.
            {
              text: (([(if .alert.test == true then "TEST" else null end), .change.verdict, .alert.severity] | map(select(. != null)) | join(" ")) + ": " + .alert.title),
              status: .alert.status,
              service: .alert.service,
              url: .alert.url,
              key: .delivery.idempotency_key
            }
            | with_entries(select(.value != null))
            """;
    private static final String README =
            """
            # TITLE

            1. `serai.destination.ops-NAME.notifier=NAME`
            2. `serai.destination.ops-NAME.url={{env:OPS_NAME_URL}}`
            3. `serai.destination.ops-NAME.severities=critical,high`
            """;
    private static final String SAMPLE =
            """
            {
              "alert": {
                "id": "57",
                "fingerprint": "4b1d8f0c2a6e4d7f9b3c5a1e8d2f6047",
                "provider": "prometheus",
                "instance": "default",
                "source_id": "7c2e",
                "title": "Mail queue is growing",
                "description": "4100 messages wait on mx-3",
                "status": "STATUS",
                "severity": "high",
                "service": "mail",
                "environment": "production",
                "count": 2,
                "first_received": "2031-05-06T07:08:09Z",
                "last_received": "2031-05-06T07:18:09Z",
                "starts_at": "2031-05-06T07:08:00Z",
                "ends_at": null,
                "labels": {"host": "mx-3"},
                "annotations": {},
                "tags": [],
                "url": "https://prometheus.example/graph",
                "test": false,
                "entities": [],
                "original": {"status": "STATUS", "severity": "major"},
                "notes": []
              },
              "incident": {"id": "9", "key": "service=mail", "title": "mail: 1 alert"},
              "change": {"verdict": "VERDICT", "version": 1},
              "delivery": {"id": "31", "idempotency_key": "57.1.ops", "attempt": 1, "reason": "high goes to ops"},
              "destination": {"name": "ops"},
              "thread": {"opened": 1},
              "reference": null,
              "report": null
            }
            """;

    private final Path routes;
    private final String name;

    NotifierDraft(Path routes, String name) {
        this.routes = routes;
        this.name = name;
    }

    /** @throws Draft.Refused when the name cannot be used */
    Draft write() throws Draft.Refused, IOException {
        Draft draft = Draft.of(routes, Folder.Kind.NOTIFIER, name);
        try {
            draft.write(
                    "samples/firing.json", SAMPLE.replace("STATUS", "firing").replace("VERDICT", "new"));
            draft.write(
                    "samples/resolved.json",
                    SAMPLE.replace("STATUS", "resolved").replace("VERDICT", "resolved"));
            draft.write("notifier.yaml", named(DESCRIPTOR));
            draft.write(name + ".jq", named(JQ));
            draft.write(name + "-send.camel.yaml", named(SEND));
            draft.write("README.md", named(README));
            try (Golden golden = new Golden(routes, true)) {
                for (Result result : golden.run(draft.folder())) {
                    draft.wrote("expected/" + result.sample());
                }
            }
            return draft;
        } catch (IOException | RuntimeException e) {
            draft.drop();
            throw e;
        }
    }

    private String named(String text) {
        return text.replace("OPS_NAME", "OPS_" + name.toUpperCase(Locale.ROOT).replace('-', '_'))
                .replace("TITLE", Draft.title(name))
                .replace("NAME", name);
    }
}
