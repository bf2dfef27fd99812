package io.serai.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Traps of this version of Camel that can be seen in a file: each rule fires on its trap, and not on what looks like it. */
class TrapsTest {
    private static final String CORE = "routes/core/alert-extra.camel.yaml";
    private static final String JQ = "routes/providers/acme/acme.jq";
    private static final String PROPERTIES = "application.properties";
    private static final String PROVIDER = "routes/providers/acme/provider.yaml";
    private static final String ASKED =
            """
            settings:
              api-url: {type: url, required: false, description: Where it is.}
            connection: {url: api-url}
            scopes:
              - {name: reachable, description: It is there., mandatory: true, check: {path: "/PLACE"}}
            docs:""";

    @TempDir
    private Path home;

    private interface Change extends UnaryOperator<TinyTree> {}

    private static Arguments on(String rule, String word, Change change) {
        return arguments(rule, word, change);
    }

    private static Arguments steps(String rule, String word, String steps) {
        return on(rule, word, tree -> tree.parseWith(steps));
    }

    private static Arguments core(String rule, String word, String from, String steps) {
        return on(
                rule,
                word,
                tree -> tree.write(
                        CORE,
                        "- route:\n    id: alert-extra\n    from:\n" + from.indent(6) + "      steps:\n"
                                + steps.indent(8)));
    }

    private static Arguments property(String word, String line) {
        return on("setting", word, tree -> tree.replace(PROPERTIES, "camel.main.name=serai", line));
    }

    private static Arguments jq(String word, String mapping) {
        return on("jq", word, tree -> tree.write(JQ, mapping));
    }

    private static String to(String uri, String... parameters) {
        String all = String.join("\n      ", parameters);
        return "- to:\n    uri: " + uri + (all.isEmpty() ? "" : "\n    parameters:\n      " + all);
    }

    private static final String DIRECT = "uri: direct:alert-extra";
    private static final String WIPE = "- removeHeaders:\n    pattern: \"*\"\n";
    private static final String END = "- to:\n    uri: direct:alert-record\n";

    static Stream<Arguments> fires() {
        return Stream.of(
                on(
                        "request",
                        "nothing is called nowhere",
                        tree -> tree.replace(PROVIDER, "docs:", ASKED.replace("PLACE", "{nowhere}"))),
                steps("memory", "wireTap", "- wireTap:\n    uri: direct:acme-more"),
                steps(
                        "memory",
                        "aggregate",
                        "- aggregate:\n    completionSize: 3\n    correlationExpression:\n      constant:\n        expression: x\n    steps: []"),
                core("memory", "seda", DIRECT, to("seda:more")),
                core("memory", "seda", "uri: seda:alert-extra", END),
                steps(
                        "swallowed",
                        "split",
                        "- split:\n    expression:\n      simple:\n        expression: \"${body}\"\n    steps: []"),
                steps("swallowed", "multicast", "- multicast:\n    steps: []"),
                steps("unmarshal", "trailing", "- unmarshal:\n    json: {}"),
                steps("breaker", "success", "- circuitBreaker:\n    steps: []\n    onFallback:\n      steps: []"),
                steps(
                        "simple",
                        "calls code",
                        "- setBody:\n    expression:\n      simple:\n        expression: \"${bean:parse?method=json}\""),
                steps(
                        "simple",
                        "calls code",
                        "- setBody:\n    expression:\n      simple:\n        expression: \"${type:java.lang.Runtime}\""),
                steps(
                        "simple",
                        "calls code",
                        "- setBody:\n    expression:\n      simple:\n        expression: \"${sysenv.HOME}\""),
                steps(
                        "simple",
                        "calls code",
                        "- setBody:\n    expression:\n      simple:\n        expression: \"${camelContext.name}\""),
                steps(
                        "exception-text",
                        "words of your own",
                        "- setBody:\n    expression:\n      simple:\n        expression: \"${exception.message}\""),
                steps(
                        "placeholder",
                        "every secret",
                        "- setBody:\n    expression:\n      constant:\n        expression: \"{{env:HOME}}\""),
                steps("placeholder", "every secret", to("direct:acme-more", "x: \"{{file:/etc/passwd}}\"")),
                steps(
                        "global-variable",
                        "all alerts",
                        "- setVariable:\n    name: global:last\n    expression:\n      constant:\n        expression: x"),
                steps(
                        "global-variable",
                        "all alerts",
                        "- setBody:\n    expression:\n      simple:\n        expression: \"${variable.global:last}\""),
                core("schedule", "every node", "uri: timer:tick", END),
                core("schedule", "every node", "uri: quartz:tick\nparameters:\n  cron: \"0 * * * * ?\"", END),
                core("headers", "other side", "uri: file:inbox", END),
                core("headers", "somebody sent", DIRECT, to("file:outbox")),
                core(
                        "kafka",
                        "passed over",
                        "uri: kafka:alerts\nparameters:\n  autoOffsetReset: earliest\n  autoCommitEnable: false",
                        WIPE + END),
                core(
                        "kafka",
                        "what waits is lost",
                        "uri: kafka:alerts\nparameters:\n  breakOnFirstError: true\n  autoCommitEnable: false",
                        WIPE + END),
                core(
                        "kafka",
                        "before it is recorded",
                        "uri: kafka:alerts\nparameters:\n  autoOffsetReset: earliest\n  breakOnFirstError: true",
                        WIPE + END),
                core(
                        "http-limit",
                        "three minutes",
                        DIRECT,
                        to("https://acme.example", "bridgeEndpoint: true", "skipControlHeaders: true")),
                core("sql", "in the body before", DIRECT, to("\"sql:select 1 where name = :#name\"")),
                core("log", "prints the body", DIRECT, to("log:here")),
                core("path", "becomes a header", "uri: platform-http:/api/extra/{name}", END),
                core(
                        "option",
                        "limit of a body",
                        "uri: platform-http:/api/extra\nparameters:\n  useStreaming: true",
                        END),
                core("option", "anybody", DIRECT, to("https://acme.example", "x509HostnameVerifier: \"#any\"")),
                core("component", "runs code", DIRECT, to("controlbus:route")),
                property("not authenticated", "camel.server.port=9000"),
                property("console", "camel.main.profile=dev"),
                property("console", "camel.main.devConsoleEnabled=true"),
                property("in the log", "camel.main.tracing=true"),
                property("leaves no routes", "camel.main.routesReloadEnabled=true"),
                property("leaves no routes", "camel.main.routes-reload-directory=routes"),
                property("empty", "camel.main.streamCachingEnabled=false"),
                property("any class", "camel.beans.x=#class:java.lang.Object"),
                jq("until", "0 | until(. > 3; . + 1)"),
                jq("while", "[0 | while(. < 3; . + 1)]"),
                jq("split with flags", ".title | split(\", *\"; null)"));
    }

    @ParameterizedTest(name = "{0}: {1} {index}")
    @MethodSource
    void fires(String rule, String word, Change change) {
        assertThat(change.apply(new TinyTree(home)).lint()).anySatisfy(finding -> {
            assertThat(finding.rule()).isEqualTo(rule);
            assertThat(finding.toString()).contains(word);
            assertThat(finding.remedy()).isNotBlank();
        });
    }

    static Stream<Arguments> staysSilent() {
        return Stream.of(
                on("request", "", tree -> tree.replace(PROVIDER, "docs:", ASKED.replace("PLACE", "{api-url}"))),
                steps(
                        "memory",
                        "",
                        "- setVariable:\n    name: aggregate\n    expression:\n      constant:\n        expression: seda:x"),
                steps(
                        "swallowed",
                        "",
                        "- split:\n    stopOnException: \"true\"\n    expression:\n      simple:\n        expression: \"${body}\"\n    steps: []"),
                steps(
                        "unmarshal",
                        "",
                        "- setVariable:\n    name: unmarshal\n    expression:\n      constant:\n        expression: x"),
                steps("breaker", "", "- circuitBreaker:\n    steps: []"),
                steps(
                        "simple",
                        "",
                        "- setBody:\n    expression:\n      simple:\n        expression: \"${variable.bean} ${header.type} ${sys.user.name}\""),
                steps(
                        "exception-text",
                        "",
                        "- setBody:\n    expression:\n      simple:\n        expression: \"${variable.exception}\""),
                steps(
                        "placeholder",
                        "",
                        "- setBody:\n    expression:\n      constant:\n        expression: \"{{environment}} {{file}}\""),
                steps(
                        "global-variable",
                        "",
                        "- setVariable:\n    name: globally\n    expression:\n      constant:\n        expression: x"),
                core("headers", "", "uri: file:inbox", WIPE + END),
                core("headers", "", DIRECT, WIPE + to("file:outbox")),
                core("log", "", DIRECT, to("log:here", "showBody: false")),
                core("sql", "", DIRECT, to("\"sql:select 1 where name = :#${variable.name}\"")),
                core("path", "", "uri: \"platform-http:/api/extra/{{name}}\"", END),
                property("", "camel.main.tracing=false"),
                property("", "camel.main.streamCachingEnabled=true"),
                jq("", "{until: .while, repeat: (.title // \"\" | split(\",\"))} | .until"));
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource
    void staysSilent(String rule, String unused, Change change) {
        assertThat(change.apply(new TinyTree(home)).lint()).isEmpty();
    }
}
