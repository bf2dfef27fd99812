package io.serai.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule fires on what it is for, and stays silent on what looks like it. */
class RulesTest {
    private static final String PARSE = "routes/providers/acme/acme-parse.camel.yaml";
    private static final String WEBHOOK = "routes/providers/acme/acme-webhook.camel.yaml";
    private static final String PROVIDER = "routes/providers/acme/provider.yaml";
    private static final String JQ = "routes/providers/acme/acme.jq";
    private static final String SEND = "routes/notifiers/bell/bell-send.camel.yaml";
    private static final String BELL = "routes/notifiers/bell/notifier.yaml";
    private static final String PROPERTIES = "application.properties";
    private static final String CORE = "routes/core/alert-extra.camel.yaml";

    @TempDir
    private Path home;

    private TinyTree tree;

    @BeforeEach
    void aTreeWithoutFindings() {
        tree = new TinyTree(home);
    }

    private interface Change extends UnaryOperator<TinyTree> {}

    private static Arguments on(String rule, String word, Change change) {
        return arguments(rule, word, change);
    }

    static Stream<Arguments> fires() {
        return Stream.of(
                on("yaml", "not YAML", tree -> tree.replace(PARSE, "id: acme-parse", "id: [acme-parse")),
                on("yaml-language", "stps", tree -> tree.replace(PARSE, "steps:", "stps:")),
                on(
                        "yaml-language",
                        "object expected",
                        tree -> tree.replace(
                                WEBHOOK, "to:\n            uri: direct:acme-parse", "to: direct:acme-parse")),
                on("yaml-language", "simple", tree -> tree.parseWith("- setBody:\n    simple:\n      expression: x")),
                on(
                        "yaml-language",
                        "expression",
                        tree -> tree.parseWith("- setBody:\n    expression:\n      constant: x")),
                on(
                        "kamelet",
                        "metadata.name",
                        tree -> tree.replace(
                                "routes/kamelets/serai-http-sink.kamelet.yaml",
                                "name: serai-http-sink",
                                "name: other")),
                on(
                        "yaml-language",
                        "convertBdyTo",
                        tree -> tree.replace(
                                "routes/kamelets/serai-http-sink.kamelet.yaml", "convertBodyTo", "convertBdyTo")),
                on("endpoint", "no component smoke", tree -> core(tree, "- to:\n    uri: smoke:signal")),
                on("endpoint", "respnseTimeout", tree -> core(tree, http("respnseTimeout: 10"))),
                on("endpoint", "soTimeout", tree -> core(tree, http("soTimeout: soon"))),
                on(
                        "endpoint",
                        "needs the parameter url",
                        tree -> tree.replace(SEND, "url: \"RAW({{url}})\"", "method: PUT")),
                on(
                        "endpoint",
                        "no parameter colour",
                        tree -> tree.replace(
                                SEND, "url: \"RAW({{url}})\"", "url: \"{{url}}\"\n              colour: red")),
                on(
                        "endpoint",
                        "cannot be whatever",
                        tree -> tree.replace(WEBHOOK, "provider: acme", "provider: acme\n        answer: whatever")),
                on(
                        "endpoint",
                        "no Kamelet serai-fax-sink",
                        tree -> tree.replace(SEND, "serai-http-sink", "serai-fax-sink")),
                on("endpoint", "inside a Kamelet only", tree -> core(tree, "- to:\n    uri: kamelet:sink")),
                on("endpoint", "cannot be known", tree -> core(tree, "- to:\n    uri: \"{{somewhere}}\"")),
                on("dynamic-endpoint", "toD", tree -> tree.parseWith("- toD:\n    uri: \"direct:acme-${body}\"")),
                on(
                        "dynamic-endpoint",
                        "recipientList",
                        tree -> tree.parseWith(
                                "- recipientList:\n    expression:\n      simple:\n        expression: \"direct:${variable.provider}-parse\"")),
                on(
                        "dynamic-endpoint",
                        "recipientList",
                        tree -> tree.replace(
                                "routes/core/alert-detect.camel.yaml",
                                "direct:${variable.provider}-parse",
                                "direct:${body}")),
                on(
                        "dynamic-endpoint",
                        "routingSlip",
                        tree -> tree.parseWith(
                                "- routingSlip:\n    expression:\n      simple:\n        expression: x")),
                on(
                        "dynamic-endpoint",
                        "dynamicRouter",
                        tree -> tree.parseWith(
                                "- dynamicRouter:\n    expression:\n      simple:\n        expression: x")),
                on(
                        "dynamic-endpoint",
                        "enrich",
                        tree -> tree.parseWith(
                                "- enrich:\n    expression:\n      simple:\n        expression: \"direct:${body}\"")),
                on(
                        "dynamic-endpoint",
                        "pollEnrich",
                        tree -> tree.parseWith(
                                "- pollEnrich:\n    expression:\n      simple:\n        expression: \"direct:${body}\"")),
                on(
                        "script",
                        "groovy",
                        tree -> tree.parseWith("- setBody:\n    expression:\n      groovy:\n        expression: x")),
                on(
                        "script",
                        "language",
                        tree -> tree.parseWith(
                                "- setBody:\n    expression:\n      language:\n        language: joor\n        expression: x")),
                on("component", "language:", tree -> core(tree, "- to:\n    uri: language:simple")),
                on("component", "exec:", tree -> core(tree, "- to:\n    uri: exec:ls")),
                on("component", "class:", tree -> core(tree, "- to:\n    uri: class:java.lang.Runtime")),
                on(
                        "bean",
                        "java.lang.Runtime",
                        tree -> tree.parseWith("- bean:\n    beanType: java.lang.Runtime\n    method: getRuntime")),
                on("bean", "anything", tree -> tree.parseWith("- bean:\n    ref: anything\n    method: run")),
                on(
                        "bean",
                        "anything",
                        tree -> tree.parseWith(
                                "- setBody:\n    expression:\n      method:\n        ref: anything\n        method: run")),
                on("bean", "anything", tree -> core(tree, "- to:\n    uri: bean:anything")),
                on(
                        "bean",
                        "java.io.File",
                        tree -> tree.replace(
                                SEND,
                                "    parameters:\n      - name: destination",
                                "    beans:\n      - name: f\n        type: \"#class:java.io.File\"\n    parameters:\n      - name: destination")),
                on(
                        "option",
                        "useMessageBodyForSql",
                        tree -> core(
                                tree, "- to:\n    uri: sql:select\n    parameters:\n      useMessageBodyForSql: true")),
                on("option", "trustAllCertificates", tree -> core(tree, http("trustAllCertificates: true"))),
                on("dynamic-endpoint", "saga", tree -> core(tree, "- saga:\n    propagation: REQUIRED")),
                on("component", "imaps", tree -> tree.write(CORE, from("imaps://mail.example.org", "delete: true"))),
                on("option", "followRedirects", tree -> core(tree, http("followRedirects: \"true\""))),
                on("option", "transferException", tree -> core(tree, http("transferException: true"))),
                on("option", "allowJavaSerializedObject", tree -> core(tree, http("allowJavaSerializedObject: true"))),
                on(
                        "option",
                        "muteException",
                        tree -> tree.write(CORE, from("platform-http:/extra", "muteException: false"))),
                on(
                        "option",
                        "matchOnUriPrefix",
                        tree -> tree.write(CORE, from("platform-http:/extra", "matchOnUriPrefix: true"))),
                on(
                        "path",
                        "open proxy",
                        tree -> tree.write(CORE, from("platform-http:proxy", "httpMethodRestrict: POST"))),
                on("option", "#class:", tree -> core(tree, http("httpClientConfigurer: \"#class:java.lang.Runtime\""))),
                on(
                        "option",
                        "showBody",
                        tree -> core(tree, "- to:\n    uri: log:x\n    parameters:\n      showBody: true")),
                on(
                        "option",
                        "bulkheadEnabled",
                        tree -> tree.parseWith(
                                "- circuitBreaker:\n    faultToleranceConfiguration:\n      bulkheadEnabled: true\n    steps: []")),
                on("log", "must not be in a log", tree -> tree.parseWith("- log:\n    message: \"got ${body}\"")),
                on("sql", "bound parameters", tree -> core(tree, "- to:\n    uri: jdbc:ledger")),
                on(
                        "idempotent-repository",
                        "Caffeine",
                        tree -> tree.replace(
                                SEND,
                                "    parameters:\n      - name: destination",
                                "    beans:\n      - name: f\n        type: org.apache.camel.component.caffeine.processor.idempotent.CaffeineIdempotentRepository\n    parameters:\n      - name: destination")),
                on(
                        "http",
                        "bridgeEndpoint",
                        tree -> core(
                                tree,
                                "- to:\n    uri: https://acme.example\n    parameters:\n      skipControlHeaders: true")),
                on(
                        "http",
                        "control headers",
                        tree -> core(
                                tree,
                                "- to:\n    uri: https://acme.example\n    parameters:\n      bridgeEndpoint: true")),
                on(
                        "http",
                        "control headers",
                        tree -> tree.replace(
                                "routes/kamelets/serai-http-sink.kamelet.yaml",
                                "skipControlHeaders: true",
                                "skipControlHeaders: false")),
                on(
                        "http",
                        "does not send by itself",
                        tree -> tree.replace(
                                SEND,
                                "- removeHeaders:",
                                "- to:\n            uri: \"{{url}}\"\n            parameters:\n              bridgeEndpoint: true\n              skipControlHeaders: true\n        - removeHeaders:")),
                on("one-route", "one route", tree -> tree.write(PARSE, TinyTree.PARSE + TinyTree.PARSE)),
                on("route-id", "the id is", tree -> tree.replace(PARSE, "id: acme-parse", "id: acme-purse")),
                on(
                        "route-id",
                        "carry its name",
                        tree -> tree.write(
                                "routes/providers/acme/other.camel.yaml",
                                TinyTree.PARSE.replace("acme-parse", "other"))),
                on(
                        "unique-name",
                        "another file",
                        tree -> tree.write("routes/core/acme-parse.camel.yaml", TinyTree.PARSE)),
                on(
                        "provider-end",
                        "may end in",
                        tree -> tree.replace(PARSE, "direct:alert-record", "direct:alert-route")),
                on(
                        "provider-end",
                        "nothing is recorded",
                        tree -> tree.replace(
                                WEBHOOK,
                                "- to:\n            uri: direct:acme-parse",
                                "- setBody:\n            expression:\n              constant:\n                expression: x")),
                on(
                        "webhook-source",
                        "not authenticated",
                        tree -> tree.replace(PARSE, "uri: direct:acme-parse", "uri: platform-http:/acme")),
                on("webhook-source", "another's", tree -> tree.replace(WEBHOOK, "provider: acme", "provider: other")),
                on("webhook-source", "no route begins", tree -> tree.delete(WEBHOOK)),
                on("folder", "acme-parse.camel.yaml", tree -> tree.delete(PARSE)),
                on(
                        "notifier-start",
                        "begins at direct:notify-",
                        tree -> tree.replace(SEND, "direct:notify-{{destination}}", "direct:alert-route")),
                on(
                        "notifier-end",
                        "may not go on",
                        tree -> tree.replace(SEND, "kamelet:serai-http-sink", "direct:alert-record")),
                on("descriptor", "is missing", tree -> tree.delete(PROVIDER)),
                on("descriptor", "/severity/default", tree -> tree.replace(PROVIDER, "default: low", "default: loud")),
                on("descriptor", "colour", tree -> tree.replace(PROVIDER, "title: Acme", "title: Acme\ncolour: red")),
                on("descriptor", "Name it like", tree -> tree.replace(PROVIDER, "name: acme", "name: acne")),
                on(
                        "descriptor",
                        "needs a secret",
                        tree -> tree.replace(PROVIDER, "kind: [webhook]", "kind: [webhook]\nauth: [hmac]")),
                on("descriptor", "values", tree -> tree.replace(BELL, "type: url", "type: enum")),
                on("samples", "is empty", tree -> tree.delete("routes/notifiers/bell/samples/firing.json")),
                on("yaml-language", "none of the forms", tree -> tree.parseWith("- setBody:\n    expression: {}")),
                on("readme", "is missing", tree -> tree.delete("routes/providers/acme/README.md")),
                on("readme", "21 lines", tree -> tree.write("routes/providers/acme/README.md", "a line\n".repeat(21))),
                on(
                        "samples",
                        "name of another sample",
                        tree -> tree.write("routes/providers/acme/samples/firing.form", "acme=1")),
                on(
                        "samples",
                        "belongs to no sample",
                        tree -> tree.write("routes/providers/acme/samples/gone.headers.json", "{}")),
                on("samples", "has no expected", tree -> tree.delete("routes/providers/acme/expected/firing.json")),
                on(
                        "samples",
                        "belongs to no sample",
                        tree -> tree.write("routes/providers/acme/expected/more.json", "[]")),
                on("samples", "missing-severity", tree -> tree.delete(
                                "routes/providers/acme/samples/missing-severity.json")
                        .delete("routes/providers/acme/expected/missing-severity.json")),
                on("samples", "resolved", tree -> tree.delete("routes/providers/acme/samples/resolved.json")
                        .delete("routes/providers/acme/expected/resolved.json")),
                on(
                        "jq-predicate",
                        "java.lang.Boolean",
                        tree -> tree.parseWith(when("\n        resultType: java.lang.Boolean"))),
                on(
                        "jq-predicate",
                        "java.lang.String",
                        tree -> tree.parseWith(
                                "- filter:\n    expression:\n      jq:\n        expression: .a\n        resultType: java.lang.String\n    steps: []")),
                on(
                        "jq-predicate",
                        "Boolean",
                        tree -> tree.parseWith(
                                "- loop:\n    doWhile: \"true\"\n    expression:\n      jq:\n        expression: .a\n        resultType: Boolean\n    steps: []")),
                on("jq", "is missing", tree -> tree.delete(JQ)),
                on("jq", "bell-next.jq", tree -> tree.replace(
                                SEND, "kamelet:serai-http-sink", "kamelet:serai-dialogue-sink")
                        .replace(SEND, "url: \"RAW", "notifier: bell\n              url: \"RAW")),
                on("jq", "another's", tree -> tree.replace(
                                SEND, "kamelet:serai-http-sink", "kamelet:serai-dialogue-sink")
                        .replace(SEND, "url: \"RAW", "notifier: gong\n              url: \"RAW")),
                on(
                        "descriptor",
                        "mode is never bot",
                        tree -> tree.replace(BELL, "required: true,", "required_when: {mode: bot},")),
                on(
                        "descriptor",
                        "is no pattern",
                        tree -> tree.replace(BELL, "required: true,", "pattern: \"[a\", wrong: is wrong,")),
                on("descriptor", "wrong", tree -> tree.replace(BELL, "required: true,", "pattern: a,")),
                on("jq", "is not jq", tree -> tree.write(JQ, "[.a | ]")),
                on("jq", "is not jq", tree -> tree.write(JQ, "if .a then .b end")),
                on("jq", "detect: trim", tree -> tree.replace(PROVIDER, "has(\"acme\")", "(.acme | trim) == \"x\"")),
                on("jq", "trim", tree -> tree.write(JQ, "\"a \\(.b | trim) c\"")),
                on("jq", "todate", tree -> tree.write(JQ, ".a | todate")),
                on("jq", "$ENV", tree -> tree.write(JQ, "$ENV.HOME")),
                on("jq", "env", tree -> tree.write(JQ, "{home: env.HOME}")),
                on("jq", "input", tree -> tree.write(JQ, "[., input]")),
                on(
                        "jq",
                        "strptime",
                        tree -> tree.parseWith(
                                "- setBody:\n    expression:\n      jq:\n        expression: .a | strptime(\"%Y\")")),
                on("setting", "Did you mean serai.port?", tree -> tree.replace(PROPERTIES, "serai.port", "serai.prot")),
                on("setting", "no notifier gong", tree -> tree.replace(PROPERTIES, "notifier=bell", "notifier=gong")),
                on(
                        "setting",
                        "no provider acne",
                        tree -> tree.replace(PROPERTIES, "serai.port=8081", "serai.provider.acne.poll=x")),
                on(
                        "setting",
                        "exchange-factory",
                        tree -> tree.replace(
                                PROPERTIES, "camel.main.name=serai", "camel.main.exchange-factory=pooled")),
                on(
                        "setting",
                        "no setting of Camel",
                        tree -> tree.replace(PROPERTIES, "camel.main.name", "camel.main.nmae")),
                on(
                        "secret",
                        "in clear",
                        tree -> tree.replace(PROPERTIES, "serai.port=8081", "serai.destination.ops.token=hunter2")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void fires(String rule, String word, Change change) {
        assertThat(change.apply(tree).lint()).anySatisfy(finding -> {
            assertThat(finding.rule()).isEqualTo(rule);
            assertThat(finding.toString()).contains(word);
        });
    }

    static Stream<Arguments> staysSilent() {
        return Stream.of(
                on(
                        "yaml-language",
                        "",
                        tree -> tree.parseWith("- setBody:\n    expression:\n      constant:\n        expression: x")),
                on(
                        "yaml-language",
                        "",
                        tree -> tree.parseWith(
                                "- circuitBreaker:\n    faultToleranceConfiguration:\n      failureRatio: \"50\"\n      timeoutEnabled: \"{{t}}\"\n    steps: []")),
                on(
                        "endpoint",
                        "",
                        tree -> core(
                                tree,
                                "- to:\n    uri: jdbc:ledger\n    parameters:\n      useHeadersAsParameters: true\n      statement.queryTimeout: \"{{t}}\"")),
                on(
                        "endpoint",
                        "",
                        tree -> tree.write(
                                "routes/core/alert-schedule.camel.yaml",
                                from("quartz:poll/{{p}}", "cron: \"{{cron}}\"\n        trigger.timeZone: UTC")
                                        .replace("alert-extra", "alert-schedule"))),
                on(
                        "dynamic-endpoint",
                        "",
                        tree -> tree.parseWith(
                                "- enrich:\n    expression:\n      constant:\n        expression: direct:acme-more")),
                on(
                        "script",
                        "",
                        tree -> tree.parseWith(
                                "- setVariable:\n    name: groovy\n    expression:\n      simple:\n        expression: \"${variable.language}\"")),
                on(
                        "bean",
                        "",
                        tree -> tree.replace(
                                        SEND,
                                        "    parameters:\n      - name: destination",
                                        "    beans:\n      - name: mine\n        type: io.serai.notify.Mine\n    parameters:\n      - name: destination")
                                .replace(
                                        SEND,
                                        "- removeHeaders:",
                                        "- bean:\n            ref: \"{{mine}}\"\n            method: run\n        - removeHeaders:")),
                on("option", "", tree -> core(tree, http("followRedirects: false"))),
                on(
                        "http",
                        "",
                        tree -> core(
                                tree,
                                "- removeHeaders:\n    pattern: \"*\"\n- to:\n    uri: https://acme.example\n    parameters:\n      bridgeEndpoint: true\n      httpClientConfigurer: \"#bean:readingClient\"")),
                on("log", "", tree -> tree.parseWith("- log:\n    message: \"alert ${variable.provider} accepted\"")),
                on("provider-end", "", tree -> tree.parseWith("- to:\n    uri: direct:acme-more")),
                on("samples", "", tree -> tree.write("routes/providers/acme/samples/firing.headers.json", "{}")),
                on("samples", "", tree -> tree.replace(PROVIDER, "ok: resolved, ", "")
                        .delete("routes/providers/acme/samples/resolved.json")
                        .delete("routes/providers/acme/expected/resolved.json")),
                on(
                        "jq",
                        "",
                        tree -> tree.write(
                                JQ,
                                "def trim: sub(\"^ \"; \"\"); {env: .env, input: (.a | trim), t: \"todate \\(.abs)\"}")),
                on(
                        "jq",
                        "",
                        tree -> tree.write(JQ, "# an if without else: if . then . end\nif .a then .b else .c end")),
                on("jq-predicate", "", tree -> tree.parseWith(when(""))),
                on(
                        "jq-predicate",
                        "",
                        tree -> tree.parseWith(when("\n        resultType: com.fasterxml.jackson.databind.JsonNode"))),
                on(
                        "jq-predicate",
                        "",
                        tree -> tree.parseWith(
                                "- setVariable:\n    name: hot\n    expression:\n      jq:\n        expression: .a == 1\n        resultType: java.lang.Boolean")),
                on(
                        "setting",
                        "",
                        tree -> tree.replace(
                                PROPERTIES, "serai.port=8081", "#serai.prot=1\nserai.provider.acme.poll=x")),
                on(
                        "secret",
                        "",
                        tree -> tree.replace(
                                PROPERTIES, "serai.port=8081", "serai.destination.ops.token={{env:TOKEN}}")));
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource
    void staysSilent(String rule, String unused, Change change) {
        assertThat(change.apply(tree).lint()).isEmpty();
    }

    @Test
    void theTinyTreeHasNoFindings() {
        assertThat(tree.lint()).isEmpty();
    }

    @Test
    void aFindingKnowsItsLine() {
        tree.replace(PARSE, "uri: direct:alert-record", "uri: direct:alert-route");
        assertThat(tree.lint()).singleElement().satisfies(finding -> {
            assertThat(finding.line()).isEqualTo(12);
            assertThat(finding.file()).isEqualTo(PARSE);
        });
    }

    private static TinyTree core(TinyTree tree, String steps) {
        return tree.write(
                CORE,
                "- route:\n    id: alert-extra\n    from:\n      uri: direct:alert-extra\n      steps:\n"
                        + steps.indent(8));
    }

    private static String when(String type) {
        return "- choice:\n    when:\n    - expression:\n        jq:\n          expression: .a == 1"
                + type.replace("\n", "\n  ") + "\n      steps: []";
    }

    private static String from(String uri, String parameters) {
        return "- route:\n    id: alert-extra\n    from:\n      uri: " + uri + "\n      parameters:\n        "
                + parameters + "\n      steps:\n        - to:\n            uri: direct:alert-record\n";
    }

    private static String http(String parameter) {
        return "- to:\n    uri: https://acme.example\n    parameters:\n      bridgeEndpoint: true\n"
                + "      skipControlHeaders: true\n      connectTimeout: 1000\n      responseTimeout: 1000\n      "
                + parameter;
    }
}
