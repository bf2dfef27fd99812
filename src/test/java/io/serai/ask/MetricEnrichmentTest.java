package io.serai.ask;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
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
            ObjectNode settings = JSON.createObjectNode().put("api-key", "not-a-key");
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
