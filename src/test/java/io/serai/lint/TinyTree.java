package io.serai.lint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A whole tree, as small as it can be, in which lint finds nothing: one provider, one notifier, the shipped Kamelets. */
final class TinyTree {
    static final String PARSE =
            """
            - route:
                id: acme-parse
                from:
                  uri: direct:acme-parse
                  steps:
                    - transform:
                        expression:
                          jq:
                            expression: "resource:file:{{serai.routes}}/providers/acme/acme.jq"
                            resultType: com.fasterxml.jackson.databind.JsonNode
                    - to:
                        uri: direct:alert-record
            """;
    static final String SEND =
            """
            - routeTemplate:
                id: bell-send
                parameters:
                  - name: destination
                  - name: url
                from:
                  uri: direct:notify-{{destination}}
                  steps:
                    - removeHeaders:
                        pattern: "*"
                    - to:
                        uri: kamelet:serai-http-sink
                        parameters:
                          destination: "{{destination}}"
                          url: "RAW({{url}})"
            """;
    private final Path home;

    TinyTree(Path home) {
        this.home = home;
        kamelets();
        write(
                "application.properties",
                "serai.port=8081\nserai.destination.ops.notifier=bell\ncamel.main.name=serai\n");
        write("routes/core/alert-detect.camel.yaml", read(Path.of("routes/core/alert-detect.camel.yaml")));
        write(
                "routes/providers/acme/provider.yaml",
                """
                name: acme
                title: Acme
                description: Acme's alerts.
                kind: [webhook]
                detect: has("acme")
                key: [source_id]
                status: {ok: resolved, default: firing}
                severity: {default: low}
                docs: https://acme.example/
                """);
        write(
                "routes/providers/acme/acme.jq",
                "# trim and todate stand in a comment\n[{title: .input, source_id: \"env\"}]\n");
        write("routes/providers/acme/README.md", "# Acme\n\n1. Point it here.\n");
        for (String sample : List.of("firing", "resolved", "missing-severity", "unknown-field")) {
            write("routes/providers/acme/samples/" + sample + ".json", "{}");
            write("routes/providers/acme/expected/" + sample + ".json", "[]");
        }
        write("routes/providers/acme/acme-parse.camel.yaml", PARSE);
        write(
                "routes/providers/acme/acme-webhook.camel.yaml",
                """
                - route:
                    id: acme-webhook
                    from:
                      uri: kamelet:serai-webhook-source
                      parameters:
                        provider: acme
                      steps:
                        - to:
                            uri: direct:acme-parse
                """);
        write(
                "routes/notifiers/bell/notifier.yaml",
                """
                name: bell
                title: Bell
                description: Rings.
                settings:
                  url: {type: url, required: true, description: Where to ring.}
                docs: https://bell.example/
                """);
        write("routes/notifiers/bell/bell.jq", ".alert\n");
        write("routes/notifiers/bell/README.md", "# Bell\n");
        write("routes/notifiers/bell/samples/firing.json", "{}");
        write("routes/notifiers/bell/expected/firing.json", "{}");
        write("routes/notifiers/bell/bell-send.camel.yaml", SEND);
    }

    private void kamelets() {
        Path folder = Path.of("routes/kamelets");
        for (String name : List.of("serai-webhook-source", "serai-http-sink", "serai-dialogue-sink")) {
            String file = name + ".kamelet.yaml";
            write("routes/kamelets/" + file, read(folder.resolve(file)));
        }
    }

    List<Finding> lint() {
        return Lint.check(home.resolve("routes"));
    }

    TinyTree write(String file, String text) {
        try {
            Path path = home.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalArgumentException when the old text is not there: the test would test nothing */
    TinyTree replace(String file, String old, String text) {
        String before = read(home.resolve(file));
        if (!before.contains(old)) {
            throw new IllegalArgumentException(file + " does not contain " + old);
        }
        return write(file, before.replace(old, text));
    }

    TinyTree delete(String file) {
        try {
            Files.delete(home.resolve(file));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The parse route with further steps before the last one, each line indented for its place. */
    TinyTree parseWith(String steps) {
        return write(
                "routes/providers/acme/acme-parse.camel.yaml",
                PARSE.replace("        - to:\n", steps.indent(8).stripTrailing() + "\n        - to:\n"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
