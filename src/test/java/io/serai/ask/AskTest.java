package io.serai.ask;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static io.serai.Hub.json;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.serai.Hub;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** K4, K18, O7, O8, O27, O28: a provider's system is asked through the door of a whole Serai. */
class AskTest {
    private static final String KEY = "ow-key-canary-1";
    private static final String TEST = "/api/integrations/overwatch/test";
    private static final String ALERTS = "/api/integrations/overwatch/default/alerts";

    @RegisterExtension
    static final WireMockExtension OVERWATCH =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    /** Stands where only serai.egress.hosts could lead. */
    @RegisterExtension
    static final WireMockExtension ELSEWHERE =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    @TempDir
    static Path folder;

    private static Hub hub;

    @BeforeAll
    static void open() throws Exception {
        hub = new Hub(
                folder,
                Map.of(
                        "serai.provider.overwatch.api-url",
                        OVERWATCH.baseUrl() + "/ow/",
                        "serai.provider.overwatch.api-key",
                        KEY,
                        "serai.provider.overwatch.closed.api-url",
                        "http://127.0.0.1:1",
                        "serai.provider.overwatch.closed.api-key",
                        KEY,
                        "serai.provider.sentry.webhook-secret",
                        "sentry-1",
                        "serai.egress.hosts",
                        "localhost:" + ELSEWHERE.getPort()));
    }

    @AfterAll
    static void close() {
        hub.close();
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return hub.post(path, body, "X-API-KEY", hub.operatorKey());
    }

    @Test
    void eachScopeIsGrantedOrSaysWhyNot() throws Exception {
        OVERWATCH.stubFor(get(urlPathEqualTo("/ow/api/v1/health")).willReturn(ok("fine")));
        OVERWATCH.stubFor(
                get(urlPathEqualTo("/ow/api/v1/alerts")).willReturn(aResponse().withStatus(403)));

        JsonNode data = json(post("/api/providers/overwatch/check", "{}")).path("data");

        assertThat(data.path("ok").asBoolean()).isTrue();
        assertThat(data.path("scopes"))
                .extracting(scope -> scope.path("name").asText() + " "
                        + scope.path("granted").asText() + " "
                        + scope.path("failure").asText())
                .startsWith("health true ", "alerts.read false auth");
        OVERWATCH.verify(getRequestedFor(urlPathEqualTo("/ow/api/v1/health"))
                .withHeader("Authorization", equalTo("Bearer " + KEY))
                .withHeader("User-Agent", equalTo("Serai/development")));
    }

    @Test
    void aSystemThatIsNotThereIsAskedOnceAndFailsEveryScope() throws Exception {
        JsonNode data = json(post("/api/providers/overwatch/check", "{\"instance\":\"closed\"}"))
                .path("data");
        assertThat(data.path("ok").asBoolean()).isFalse();
        assertThat(data.path("scopes"))
                .extracting(scope -> scope.path("failure").asText())
                .containsOnly("connection");
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        HttpResponse<String> response = post("/api/providers/dynatrace/check", "{}");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/details").findValuesAsText("field"))
                .containsExactly("tenant", "api-token");
        assertThat(post("/api/providers/nobody/check", "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void aGoodConnectionIsCalledSuccessful() throws Exception {
        OVERWATCH.stubFor(get(anyUrl()).willReturn(okJson("{\"alerts\": []}")));
        JsonNode data = json(post(TEST, "{}")).path("data");
        assertThat(data.path("success").asBoolean()).isTrue();
        assertThat(data.path("message").asText()).isEqualTo("Connection successful");
    }

    @ParameterizedTest
    @CsvSource({"401, auth", "403, auth", "429, rate_limit", "500, api", "302, api"})
    void aFailedTestSaysWhatSortOfFailureItIs(int status, String sort) throws Exception {
        OVERWATCH.stubFor(get(anyUrl())
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Retry-After", "17")
                        .withHeader("Location", ELSEWHERE.baseUrl())
                        .withBody("the vendor's own words " + KEY)));

        HttpResponse<String> response = post(TEST, "{}");

        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode error = json(response).path("error");
        assertThat(error.path("code").asText()).isEqualTo("CONNECTION_FAILED");
        assertThat(error.path("message").asText()).startsWith("Connection test failed: ");
        assertThat(error.at("/details/0/problem").asText()).isEqualTo(sort);
        assertThat(error.path("retry_after").asInt()).isEqualTo(status == 429 ? 17 : 0);
        assertThat(response.body()).doesNotContain("own words", KEY);
        ELSEWHERE.verify(0, getRequestedFor(anyUrl()));
    }

    @Test
    void aCutConnectionIsAConnectionFailure() throws Exception {
        OVERWATCH.stubFor(get(anyUrl()).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        assertThat(json(post(TEST, "{}")).at("/error/details/0/problem").asText())
                .isEqualTo("connection");
    }

    @Test
    void anAddressOfTheBodyMustBeAllowedAndGetsNoStoredKey() throws Exception {
        HttpResponse<String> refused = post(TEST, "{\"api_url\":\"" + OVERWATCH.baseUrl() + "\",\"api_key\":\"k\"}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).at("/error/details/0/field").asText()).isEqualTo("api-url");
        OVERWATCH.verify(0, getRequestedFor(anyUrl()));

        ELSEWHERE.stubFor(get(anyUrl()).willReturn(okJson("{\"alerts\": []}")));
        HttpResponse<String> keyless = post(TEST, "{\"api_url\":\"" + ELSEWHERE.baseUrl() + "\"}");
        assertThat(json(keyless).at("/error/details/0/field").asText()).isEqualTo("api-key");
        ELSEWHERE.verify(0, getRequestedFor(anyUrl()));

        String tried = "{\"api_url\":\"" + ELSEWHERE.baseUrl() + "\",\"api_key\":\"tried-key\"}";
        assertThat(post(TEST, tried).statusCode()).isEqualTo(200);
        ELSEWHERE.verify(getRequestedFor(urlPathEqualTo("/api/v1/health"))
                .withHeader("Authorization", equalTo("Bearer tried-key")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"api_url\":\"file:///etc/passwd\",\"api_key\":\"k\"}",
                "{\"api_url\":\"http://{{serai.provider.overwatch.api-key}}/\",\"api_key\":\"k\"}",
                "{\"api_url\":\"http://127.0.0.1@evil.example/\",\"api_key\":\"k\"}",
                "{\"api_url\":\"http://127.0.0.1/?x=#y\",\"api_key\":\"k\"}",
                "{\"ca_file\":\"/etc/passwd\"}",
                "{\"api_key\":17}",
                "{\"made_up\":\"x\"}",
                "[]"
            })
    void whatCannotBeTriedIsRefusedWithoutARequest(String body) throws Exception {
        assertThat(post(TEST, body).statusCode()).isEqualTo(400);
        OVERWATCH.verify(0, getRequestedFor(anyUrl()));
    }

    @Test
    void valuesAreTakenFromTheBodyOnlyAndByAnOperatorOnly() throws Exception {
        assertThat(post(TEST + "?api_key=leaked", "{}").statusCode()).isEqualTo(400);
        assertThat(hub.post(TEST, "{}", "X-API-KEY", hub.key()).statusCode()).isEqualTo(403);
        assertThat(hub.post(TEST, "{}").statusCode()).isEqualTo(401);
        OVERWATCH.verify(0, getRequestedFor(anyUrl()));
    }

    @Test
    void aTriedKeyIsInNoLog() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        try {
            OVERWATCH.stubFor(get(anyUrl()).willReturn(aResponse().withStatus(401)));
            post(TEST, "{\"api_key\":\"tried-canary-77\"}");
        } finally {
            root.detachAppender(log);
        }
        OVERWATCH.verify(getRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Bearer tried-canary-77")));
        assertThat(log.list).extracting(ILoggingEvent::toString).noneMatch(line -> line.contains("canary"));
    }

    @Test
    void alertsAreReadPageByPageInOurFormAndNothingIsRecorded() throws Exception {
        OVERWATCH.stubFor(
                get(urlPathEqualTo("/ow/api/v1/alerts"))
                        .withQueryParam("severity", equalTo("critical,high"))
                        .withQueryParam("start_time", equalTo("2031-03-17T08:00:00Z"))
                        .willReturn(
                                okJson(
                                        """
                        {"alerts": [{"id": "a-1", "title": "Queue is full", "severity": "critical", "status": "firing"},
                                    {"id": "a-2", "title": "Other", "severity": "low", "status": "firing"}],
                         "next_cursor": "p/2&x"}""")));
        OVERWATCH.stubFor(
                get(urlPathEqualTo("/ow/api/v1/alerts"))
                        .withQueryParam("cursor", equalTo("p/2&x"))
                        .atPriority(1)
                        .willReturn(
                                okJson(
                                        """
                        {"alerts": [{"id": "a-3", "title": "Disk", "severity": "high", "status": "resolved"}]}""")));

        JsonNode data = json(hub.get(
                        ALERTS
                                + "?severity=critical,HIGH&start_time=2031-03-17T08:00:00Z&end_time=2031-03-17T09:00:00Z",
                        "X-API-KEY",
                        hub.operatorKey()))
                .path("data");

        assertThat(data.path("count").asInt()).isEqualTo(2);
        assertThat(data.path("alerts"))
                .extracting(alert -> alert.path("source_id").asText() + " "
                        + alert.path("severity").asText() + " "
                        + alert.path("status").asText())
                .containsExactly("a-1 critical firing", "a-3 high resolved");
        JsonNode listed = json(hub.get("/api/alerts", "X-API-KEY", hub.operatorKey()));
        assertThat(listed.at("/data/alerts")).isEmpty();
    }

    @Test
    void alertsThatCannotBeReadAreNoEmptyList() throws Exception {
        OVERWATCH.stubFor(get(anyUrl()).willReturn(okJson("{\"something\": \"else\"}")));
        HttpResponse<String> response = hub.get(ALERTS, "X-API-KEY", hub.operatorKey());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/message").asText()).startsWith("Failed to fetch alerts: ");

        OVERWATCH.stubFor(get(anyUrl()).willReturn(aResponse().withStatus(429).withHeader("Retry-After", "9")));
        HttpResponse<String> quota = hub.get(ALERTS, "X-API-KEY", hub.operatorKey());
        assertThat(quota.statusCode()).isEqualTo(429);
        assertThat(quota.headers().firstValue("Retry-After")).contains("9");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/integrations/overwatch/none/alerts, 404, Integration not found.",
        "/api/integrations/nobody/default/alerts, 404, Integration not found.",
        "/api/integrations/overwatch/default/alerts?severity=worst, 400, The parameter severity is not valid.",
        "/api/integrations/overwatch/default/alerts?start_time=never, 400, The parameter start_time is not valid."
    })
    void whatIsNotThereOrNotValidIsSaid(String path, int status, String message) throws Exception {
        HttpResponse<String> response = hub.get(path, "X-API-KEY", hub.operatorKey());
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).at("/error/message").asText()).isEqualTo(message);
    }

    @Test
    void aProviderThatIsNotAskedForSomethingIsAnInvalidType() throws Exception {
        HttpResponse<String> response =
                hub.get("/api/integrations/sentry/default/alerts", "X-API-KEY", hub.operatorKey());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/message").asText()).startsWith("Invalid integration type");
    }

    @Test
    void metricsAreNormalisedAndNothingIsLostOnTheWay() throws Exception {
        OVERWATCH.stubFor(
                WireMock.post(urlPathEqualTo("/ow/api/v1/metrics/query"))
                        .withRequestBody(
                                equalToJson(
                                        """
                        {"query": "avg(cpu)", "start": "2031-03-17T08:00:00Z", "end": "2031-03-17T09:00:00Z"}"""))
                        .willReturn(
                                okJson(
                                        """
                        {"series": [
                          {"metric": "cpu", "value": 0.30000000000000004, "timestamp": "2031-03-17T08:30:00Z", "unit": "cores",
                           "tags": {"Host Name": "db 1", "Zone": "b"}},
                          {"metric": "cpu", "value": 12345678901234567890, "tags": {"A b": "1", "a_b": "2", "C": 3}}]}""")));

        JsonNode data = json(hub.get(
                        "/api/integrations/overwatch/default/metrics?query=avg(cpu)"
                                + "&start_time=2031-03-17T08:00:00Z&end_time=2031-03-17T09:00:00Z",
                        "X-API-KEY",
                        hub.operatorKey()))
                .path("data");

        assertThat(data.path("count").asInt()).isEqualTo(2);
        JsonNode plain = data.at("/metrics/0");
        assertThat(plain.path("metric_name").asText()).isEqualTo("cpu");
        assertThat(plain.path("value").decimalValue()).isEqualByComparingTo("0.30000000000000004");
        assertThat(plain.path("tags").toString()).isEqualTo("{\"host_name\":\"db 1\",\"zone\":\"b\"}");
        assertThat(plain.has("warnings")).isFalse();
        JsonNode alike = data.at("/metrics/1");
        assertThat(alike.path("value").asText()).isEqualTo("12345678901234567890");
        assertThat(alike.path("tags").toString()).isEqualTo("{\"A b\":\"1\",\"a_b\":\"2\",\"c\":\"3\"}");
        assertThat(alike.path("timestamp").asText()).isEqualTo("2031-03-17T09:00:00Z");
        assertThat(alike.path("warnings")).hasSize(2);
    }

    @Test
    void aFailedMetricsQuerySaysSo() throws Exception {
        OVERWATCH.stubFor(WireMock.post(anyUrl()).willReturn(aResponse().withStatus(500)));
        HttpResponse<String> response =
                hub.get("/api/integrations/overwatch/default/metrics?query=x", "X-API-KEY", hub.operatorKey());
        assertThat(json(response).at("/error/message").asText()).startsWith("Metrics query failed: ");
    }

    @Test
    void logLevelsAreWords() throws Exception {
        OVERWATCH.stubFor(
                get(urlPathEqualTo("/ow/api/v1/logs"))
                        .willReturn(
                                okJson(
                                        """
                        {"logs": [{"level": 1}, {"level": "2"}, {"level": 3, "attributes": {"A b": 1}}, {"level": "4"}, {"level": 5},
                                  {"level": "warn"}, {"level": "loud"}, {"message": "no level", "service": "shop"}]}""")));
        JsonNode data = json(hub.get("/api/integrations/overwatch/default/logs", "X-API-KEY", hub.operatorKey()))
                .path("data");
        assertThat(data.path("logs").findValuesAsText("level"))
                .containsExactly("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "WARNING", "INFO", "INFO");
        assertThat(data.at("/logs/2/attributes").toString()).isEqualTo("{\"A b\":1}");
        assertThat(data.at("/logs/7/service").asText()).isEqualTo("shop");
    }

    @Test
    void aRuleIsMadeOnceHoweverOftenItIsAskedFor() throws Exception {
        try (VendorStub vendor =
                        new VendorStub(new VendorStub.Form("/api/v1/alert-rules", "rules", null, "id", false));
                Hub own = new Hub(
                        Files.createDirectory(folder.resolve("rules")),
                        Map.of(
                                "serai.provider.overwatch.api-url",
                                vendor.url(),
                                "serai.provider.overwatch.api-key",
                                KEY))) {
            String rule =
                    "{\"name\": \"Queue is full\", \"condition\": \"queue > 9\", \"actions\": [{\"notify\": \"ops\"}]}";
            vendor.next(VendorStub.Trouble.LOST);
            for (String created : new String[] {"true", "false"}) {
                HttpResponse<String> response =
                        own.post("/api/providers/overwatch/rules", rule, "X-API-KEY", own.operatorKey());
                JsonNode data = json(response).path("data");
                assertThat(data.path("created").asText()).as(response.body()).isEqualTo(created);
                assertThat(data.path("id").asText()).isEqualTo("id-1");
            }
            assertThat(vendor.things()).hasSize(1);
            assertThat(vendor.things().get("id-1").path("condition").asText()).isEqualTo("queue > 9");
            vendor.clear();
            vendor.next(VendorStub.Trouble.BROKEN);
            HttpResponse<String> failed =
                    own.post("/api/providers/overwatch/rules", rule, "X-API-KEY", own.operatorKey());
            assertThat(json(failed).at("/error/message").asText()).startsWith("Failed to create alert rule: ");
        }
    }
}
