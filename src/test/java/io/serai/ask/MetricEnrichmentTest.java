package io.serai.ask;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.serai.enrich.MetricQueries;
import io.serai.poll.ReadingClient;
import io.serai.provider.Provider;
import io.serai.provider.ProviderCatalog;
import io.serai.record.Verdict;
import io.serai.route.StageContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** O9: the Kamelet that looks up a metric, in a route, against a system over HTTP. */
class MetricEnrichmentTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ProviderCatalog CATALOG = ProviderCatalog.load(Path.of("routes"));
    private static final String QUERY =
            "sum(rate(http_errors_total{code=~\"5..\",service=:?service}[5m])) + 100 * (1 - up{host=:?labels.host})";
    private static final String PROMETHEUS =
            """
            {"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1763712902.5,"0.173"]}]}}""";

    @RegisterExtension
    private final WireMockExtension system =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    private final CamelContext client = new DefaultCamelContext();
    private final MetricQueries queries = new MetricQueries(CATALOG);

    @BeforeEach
    void open() {
        client.getRegistry().bind("readingClient", new ReadingClient());
        client.start();
        Measuring measuring = new Measuring(new Asker(client, Path.of("routes"), "Serai/test"));
        queries.connect((name, instance, query, before) -> {
            Provider provider = CATALOG.find(name).orElseThrow();
            ObjectNode settings = JSON.createObjectNode()
                    .put("api-key", "not-a-key")
                    .put("app-key", "nor-this")
                    .put("account-id", "1234567")
                    .put("region", "eu-central-1")
                    .put("access-key-id", "AKIDEXAMPLE")
                    .put("secret-access-key", "not-a-key");
            Access access = new Access(provider, instance, system.baseUrl(), null, settings);
            return measuring.of(access, provider.asks().get("metrics"), query, before);
        });
    }

    @AfterEach
    void close() {
        queries.close();
        client.stop();
    }

    private StageContext stages(String provider, String query) throws Exception {
        return stages(provider, query, 600_000);
    }

    private StageContext stages(String provider, String query, int timeout) throws Exception {
        String route =
                """
                - route:
                    id: alert-enrich
                    from:
                      uri: direct:alert-enrich
                      steps:
                        - to:
                            uri: kamelet:serai-lookup-metric-action
                            parameters:
                              provider: %s
                              query: '%s'
                              add: annotations.errors
                              waitFor: %d
                """
                        .formatted(provider, query, timeout);
        return new StageContext(List.of(), Path.of("tables"), Map.of("metricQueries", queries))
                .route("alert-enrich", route)
                .start();
    }

    private static StageContext.Passed pass(StageContext stages, String service) throws Exception {
        String alert = JSON.createObjectNode()
                .put("title", "t")
                .put("service", service)
                .set("labels", JSON.createObjectNode().put("host", "web-1"))
                .toString();
        StageContext.Passed passed = stages.pass("direct:alert-enrich", alert, Verdict.NEW);
        assertThat(passed.alert().path("title").asText()).isEqualTo("t");
        return passed;
    }

    private void prometheus(ResponseDefinitionBuilder answer) {
        system.stubFor(get(urlPathEqualTo("/api/v1/query")).willReturn(answer));
    }

    private String asked() {
        return system.findAll(getRequestedFor(anyUrl()))
                .get(0)
                .queryParameter("query")
                .firstValue();
    }

    @Test
    void theValueIsAddedAndExplained() throws Exception {
        prometheus(okJson(PROMETHEUS));
        try (StageContext stages = stages("prometheus", QUERY)) {
            StageContext.Passed passed = pass(stages, "checkout");

            assertThat(passed.alert().at("/annotations/errors").asText()).isEqualTo("0.173");
            assertThat(passed.decisions())
                    .contains("added annotations.errors=0.173")
                    .contains("prometheus metric for service=checkout, labels.host=web-1");
            assertThat(asked())
                    .isEqualTo("sum(rate(http_errors_total{code=~\"5..\",service=\"checkout\"}[5m]))"
                            + " + 100 * (1 - up{host=\"web-1\"})");
            pass(stages, "checkout");
            assertThat(system.findAll(getRequestedFor(anyUrl())))
                    .as("a storm of the same asks once")
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\"} or vector(1) or up{a=\"",
                "x\\",
                "x\\\"}",
                "two\nlines\t\u0007",
                ":?service :?labels.host {query} $1 ${body}",
                "🔥 ünï"
            })
    void aSendersTextStaysAValue(String hostile) throws Exception {
        prometheus(okJson(PROMETHEUS));
        try (StageContext stages = stages("prometheus", "up{service=:?service}")) {
            pass(stages, hostile);

            String asked = asked();
            assertThat(asked).startsWith("up{service=\"").endsWith("\"}");
            String literal = asked.substring("up{service=".length(), asked.length() - 1);
            JsonNode read = JSON.readTree(literal);
            assertThat(read.textValue()).as("one literal, and nothing after it").isEqualTo(hostile);
            assertThat(JSON.writeValueAsString(read)).isEqualTo(literal);
        }
    }

    @Test
    void whereNothingCanBeQuotedOnlyPlainWordsAreAsked() throws Exception {
        system.stubFor(
                post("/api/v1/metrics/query")
                        .willReturn(
                                okJson(
                                        """
                        {"series":[{"metric_name":"e","value":1,"timestamp":"2026-11-21T08:00:00Z"},
                                   {"metric_name":"e","value":3,"timestamp":"2026-11-21T08:02:00Z"},
                                   {"metric_name":"e","value":2,"timestamp":"2026-11-21T08:01:00Z"}]}""")));
        try (StageContext stages = stages("overwatch", "errors{service::?service}")) {
            assertThat(pass(stages, "shop} or {x").decisions()).contains("the value is no plain word");
            assertThat(system.findAll(postRequestedFor(anyUrl()))).isEmpty();

            StageContext.Passed passed = pass(stages, "check-out.v2");
            assertThat(passed.alert().at("/annotations/errors").asText()).isEqualTo("3");
            assertThat(passed.decisions()).contains("the newest of 3 values");
            assertThat(JSON.readTree(system.findAll(postRequestedFor(anyUrl()))
                                    .get(0)
                                    .getBody())
                            .get("query")
                            .asText())
                    .isEqualTo("errors{service:check-out.v2}");
        }
    }

    @Test
    void datadogGivesItsNewestPointAndTakesPlainWordsOnly() throws Exception {
        system.stubFor(
                get(urlPathEqualTo("/api/v1/query"))
                        .withHeader("DD-API-KEY", equalTo("not-a-key"))
                        .withQueryParam("from", matching("[0-9]{10}"))
                        .willReturn(
                                okJson(
                                        """
                        {"status": "ok", "series": [
                          {"metric": "errors", "tag_set": ["service:shop", "url:http://x"], "unit": [{"short_name": "req"}, null],
                           "pointlist": [[1763712840000, 7], [1763712900000, 4.5], [1763712960000, null]]},
                          {"metric": "errors", "tag_set": [], "unit": null, "pointlist": []}]}""")));
        try (StageContext stages = stages("datadog", "sum:errors{service::?service}")) {
            assertThat(pass(stages, "shop} by {host").decisions()).contains("the value is no plain word");
            StageContext.Passed passed = pass(stages, "shop");
            assertThat(passed.alert().at("/annotations/errors").asText()).isEqualTo("4.5");
            assertThat(asked()).isEqualTo("sum:errors{service:shop}");
        }
        system.stubFor(get(anyUrl()).willReturn(okJson("{\"status\": \"error\", \"error\": \"their words\"}")));
        try (StageContext stages = stages("datadog", "sum:wrong{service::?service}")) {
            assertThat(pass(stages, "shop").decisions())
                    .contains("datadog gave no answer: ")
                    .doesNotContain("their words");
        }
    }

    @Test
    void newRelicIsAskedInNrqlForTheSpan() throws Exception {
        system.stubFor(
                post(urlPathEqualTo("/graphql"))
                        .withHeader("API-Key", equalTo("not-a-key"))
                        .willReturn(
                                okJson(
                                        """
                        {"data": {"actor": {"account": {"nrql": {"results": [
                          {"facet": ["shop", "GET"], "name": "shop", "percentile.duration": {"95": 0.25}, "endTimeSeconds": 1763712900},
                          {"facet": ["shop", "PUT"], "percentile.duration": {"95": null}, "endTimeSeconds": 1763712960}]}}}}}""")));
        String query = "SELECT percentile(duration, 95) FROM Transaction WHERE appName = :?service FACET method";
        try (StageContext stages = stages("newrelic", query)) {
            assertThat(pass(stages, "x' OR appName LIKE '%").decisions())
                    .contains("the value cannot be written in this query language");
            assertThat(pass(stages, "x\\").decisions()).contains("cannot be written");
            assertThat(system.findAll(postRequestedFor(anyUrl()))).isEmpty();

            StageContext.Passed passed = pass(stages, "Shop {front} \"1\"");
            assertThat(passed.alert().at("/annotations/errors").asText()).isEqualTo("0.25");
            JsonNode variables = sent().path("variables");
            assertThat(variables.path("a").asInt()).isEqualTo(1234567);
            assertThat(variables.path("q").asText())
                    .matches(
                            "SELECT percentile\\(duration, 95\\) FROM Transaction WHERE appName = 'Shop \\{front} \"1\"'"
                                    + " FACET method SINCE [0-9]{13} UNTIL [0-9]{13}");
        }
        system.resetRequests();
        try (StageContext stages =
                stages("newrelic", "SELECT count(*) FROM Log WHERE service = :?service since 5 minutes ago")) {
            pass(stages, "shop");
            assertThat(sent().at("/variables/q").asText()).endsWith("'shop' since 5 minutes ago");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "x\" OR true OR \"\" == \"", "x\\", "🔥 ünï"})
    void elasticIsAskedInEsqlAndAQuotedTextStaysAValue(String service) throws Exception {
        system.stubFor(
                post(urlPathEqualTo("/_query"))
                        .withHeader("Authorization", equalTo("ApiKey not-a-key"))
                        .willReturn(
                                okJson(
                                        """
                        {"is_partial": false, "columns": [{"name": "load", "type": "double"}, {"name": "at", "type": "date"}, {"name": "host", "type": "keyword"}],
                         "values": [[0.5, "2026-11-21T08:00:00.000Z", "web-1"], [1.75, "2026-11-21T08:05:00.000Z", "web-2"], [null, null, "web-3"]]}""")));
        String query = "FROM metrics-* | WHERE service.name == :?service | STATS load = AVG(l), at = MAX(t) BY host";
        try (StageContext stages = stages("elastic", query)) {
            StageContext.Passed passed = pass(stages, service);
            assertThat(passed.alert().at("/annotations/errors").asText()).isEqualTo("1.75");
            assertThat(passed.decisions()).contains("the newest of 2 values");
            String literal = sent().path("query")
                    .asText()
                    .replace("FROM metrics-* | WHERE service.name == ", "")
                    .replace(" | STATS load = AVG(l), at = MAX(t) BY host", "");
            assertThat(JSON.readTree(literal).textValue()).isEqualTo(service);
            assertThat(sent().at("/filter/range/@timestamp/gte").asLong()).isPositive();
        }
    }

    @Test
    void cloudWatchIsAskedInMetricsInsightsWithASignature() throws Exception {
        system.stubFor(
                post(urlPathEqualTo("/"))
                        .withHeader("X-Amz-Target", equalTo("GraniteServiceVersion20100801.GetMetricData"))
                        .withHeader(
                                "Authorization",
                                matching("AWS4-HMAC-SHA256 .*/eu-central-1/monitoring/aws4_request, .*"))
                        .willReturn(
                                okJson(
                                        """
                        {"MetricDataResults": [{"Id": "q", "Label": "CPU", "Timestamps": [1763712900, 1763712840], "Values": [81.5, 12]}]}""")));
        String query = "SELECT AVG(CPUUtilization) FROM \"AWS/EC2\" WHERE InstanceId = :?service";
        try (StageContext stages = stages("cloudwatch", query)) {
            assertThat(pass(stages, "i-1' OR 'a' = 'a").decisions()).contains("cannot be written");
            assertThat(pass(stages, "i-1").alert().at("/annotations/errors").asText())
                    .isEqualTo("81.5");
            assertThat(sent().at("/MetricDataQueries/0/Expression").asText())
                    .isEqualTo("SELECT AVG(CPUUtilization) FROM \"AWS/EC2\" WHERE InstanceId = 'i-1'");
        }
    }

    private JsonNode sent() throws Exception {
        return JSON.readTree(system.findAll(postRequestedFor(anyUrl())).get(0).getBody());
    }

    @Test
    void aSystemThatFailsHoldsNothingUp() throws Exception {
        prometheus(serverError().withBody("secret of theirs"));
        try (StageContext stages = stages("prometheus", "up{service=:?service}")) {
            for (String service : List.of("a", "b", "c", "d")) {
                StageContext.Passed passed = pass(stages, service);
                assertThat(passed.decisions())
                        .contains("prometheus gave no answer: ")
                        .doesNotContain("secret");
                assertThat(passed.alert().has("annotations")).isFalse();
            }
            assertThat(pass(stages, "e").decisions())
                    .contains("prometheus not asked: it has failed too often just now");
        }
    }

    @Test
    void aSilentSystemIsNotWaitedFor() throws Exception {
        prometheus(okJson(PROMETHEUS).withFixedDelay(60_000));
        try (StageContext stages = stages("prometheus", "up{service=:?service}", 200)) {
            assertThat(pass(stages, "a").decisions()).contains("prometheus did not answer in time");
        }
    }

    @Test
    void noValueIsSaid() throws Exception {
        prometheus(okJson("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}"));
        try (StageContext stages = stages("prometheus", "up{service=:?service}")) {
            assertThat(pass(stages, "checkout").decisions()).contains("prometheus has no value for service=checkout");
            assertThat(stages.pass("direct:alert-enrich", "{\"title\":\"t\"}", Verdict.NEW)
                            .decisions())
                    .contains("prometheus not asked: the alert has no service");
        }
    }

    @Test
    void aProviderWithoutMetricsStopsTheStart() {
        assertThatThrownBy(() -> stages("nagios", "up{service=:?service}"))
                .hasStackTraceContaining("the provider nagios cannot be asked for metrics");
        assertThatThrownBy(() -> stages("prometheus", "up"))
                .hasStackTraceContaining("the query asks the same for every alert");
    }
}
