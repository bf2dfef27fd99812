package io.serai.poll;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.serai.json.StrictJson;
import io.serai.record.FreshStore;
import io.serai.record.Recorded;
import io.serai.record.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** D7, D11: a push that carries an identity only is durable first and completed then. */
class FetchTest {
    private static final String DETAILS = "/e/acme/api/v2/problems/-8804_V2";
    private static final String OPEN = "{\"State\": \"OPEN\", \"ProblemID\": \"P-8804\", \"PID\": \"-8804_V2\"}";
    private static final String ATTEMPTS = "select attempts from inbox";
    private static final String ROUTABLE = "select count(*) from inbox where lane = 1";

    @RegisterExtension
    static final WireMockExtension TENANT =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    @TempDir
    Path data;

    private PollScene scene;

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void detailsThatFailTwiceComeTheThirdTimeAndCompleteTheAlert() throws Exception {
        failing(Scenario.STARTED, "once");
        failing("once", "well");
        TENANT.stubFor(get(urlPathEqualTo(DETAILS))
                .inScenario("tenant")
                .whenScenarioStateIs("well")
                .willReturn(okJson(problem("OPEN"))));
        open("v2");

        Recorded recorded = scene.push(OPEN);

        assertThat(recorded.results().get(0).verdict()).isEqualTo(Verdict.NEW);
        assertThat(FreshStore.number(scene.store, "select lane from inbox")).isEqualTo(2);
        scene.fetcher.start();
        until(ATTEMPTS, 1);
        assertThat(FreshStore.text(scene.store, "select last_error from inbox"))
                .isEqualTo("the system is not available (HTTP 503)");
        scene.clock.forward(Duration.ofSeconds(3));
        until(ATTEMPTS, 2);
        scene.clock.forward(Duration.ofSeconds(5));
        until(ROUTABLE, 1);

        JsonNode alert = alert();
        assertThat(alert.path("title").asText()).isEqualTo("Failure rate increase");
        assertThat(alert.path("severity").asText()).isEqualTo("high");
        assertThat(alert.path("entities").path(0).path("name").asText()).isEqualTo("booking-api");
        assertThat(alert.path("notes")).isEmpty();
        assertThat(FreshStore.number(scene.store, "select severity from alert")).isEqualTo(4);
        assertThat(FreshStore.text(scene.store, "select items from receipt where source = 1"))
                .contains("booking-api");
        assertThat(FreshStore.number(scene.store, "select parent from receipt where source = 3"))
                .isEqualTo(recorded.receipt());
        TENANT.verify(
                3, getRequestedFor(urlPathEqualTo(DETAILS)).withHeader("Authorization", equalTo("Api-Token dt0c01.T")));
    }

    @Test
    void theOldApiIsAskedForItsDetails() throws Exception {
        TENANT.stubFor(
                get(urlPathEqualTo("/e/acme/api/v1/problem/details/-8804_V2"))
                        .willReturn(
                                okJson(
                                        """
                        {"result": {"id": "-8804_V2", "displayName": "8804", "status": "OPEN", "severityLevel": "AVAILABILITY",
                          "impactLevel": "INFRASTRUCTURE", "startTime": 1931502300000, "endTime": -1, "rankedImpacts": [],
                          "rankedEvents": [{"entityId": "HOST-7", "entityName": "fra-db-1", "severityLevel": "AVAILABILITY",
                            "impactLevel": "INFRASTRUCTURE", "eventType": "HOST_OFFLINE"}]}}""")));
        open("v1");

        scene.push(OPEN);
        scene.fetcher.start();
        until(ROUTABLE, 1);

        assertThat(alert().path("severity").asText()).isEqualTo("critical");
        assertThat(alert().path("entities").path(0).path("event_type").asText()).isEqualTo("HOST_OFFLINE");
    }

    @Test
    void whatCannotBeFetchedInFiveMinutesGoesOnAsItIs() throws Exception {
        TENANT.stubFor(get(urlPathEqualTo(DETAILS))
                .willReturn(aResponse().withStatus(500).withBody("secret")));
        open("v2");

        scene.push(OPEN);
        scene.fetcher.start();
        until(ATTEMPTS, 1);
        assertThat(FreshStore.number(scene.store, ROUTABLE)).isZero();
        scene.clock.forward(Details.PATIENCE);
        until(ROUTABLE, 1);

        assertThat(alert().path("title").asText()).isEqualTo("Dynatrace problem 8804");
        assertThat(alert().path("notes").toString())
                .contains("details not fetched: the system answers HTTP 500")
                .doesNotContain("secret");
    }

    @Test
    void aProblemThatTheTenantDoesNotKnowIsNotAskedForAgain() throws Exception {
        TENANT.stubFor(get(anyUrl()).willReturn(aResponse().withStatus(404)));
        open("v2");

        scene.push(OPEN);
        scene.fetcher.start();
        until(ROUTABLE, 1);

        assertThat(alert().path("notes").toString()).contains("details not fetched: the system answers HTTP 404");
        TENANT.verify(1, getRequestedFor(anyUrl()));
    }

    @Test
    void aPidThatIsNoneReachesNobody() throws Exception {
        open("v2");

        scene.push("{\"State\": \"OPEN\", \"ProblemID\": \"5\", \"PID\": \"../../v2/settings/objects?x=\"}");
        scene.fetcher.start();
        until(ROUTABLE, 1);

        assertThat(alert().path("notes").toString()).contains("details not fetched: the alert carries no PID");
        TENANT.verify(0, getRequestedFor(anyUrl()));
    }

    @Test
    void detailsOfAnotherProblemAreNotUsed() throws Exception {
        TENANT.stubFor(get(urlPathEqualTo(DETAILS)).willReturn(okJson(problem("OPEN"))));
        open("v2");

        scene.push("{\"State\": \"OPEN\", \"ProblemID\": \"P-5\", \"PID\": \"-8804_V2\"}");
        scene.fetcher.start();
        until(ROUTABLE, 1);

        assertThat(alert().path("title").asText()).isEqualTo("Dynatrace problem 5");
        assertThat(alert().path("notes").toString()).contains("details not used");
    }

    @Test
    void aTestMessageIsNotFetched() throws Exception {
        open("v2");

        scene.push("{\"State\": \"OPEN\", \"ProblemID\": \"999\", \"PID\": \"99999\"}");
        scene.fetcher.start();
        until(ROUTABLE, 1);

        assertThat(alert().path("test").asBoolean()).isTrue();
        TENANT.verify(0, getRequestedFor(anyUrl()));
    }

    @Test
    void thePushedStatusStaysAndARepetitionIsNotRouted() throws Exception {
        TENANT.stubFor(get(urlPathEqualTo(DETAILS)).willReturn(okJson(problem("CLOSED"))));
        TENANT.stubFor(get(urlPathEqualTo("/e/acme/api/v2/problems"))
                .willReturn(okJson("{\"problems\": [" + problem("OPEN") + "]}")));
        open("v2");

        scene.push(OPEN);
        scene.fetcher.start();
        until(ROUTABLE, 1);
        assertThat(alert().path("status").asText()).isEqualTo("firing");
        assertThat(alert().path("original").path("status").asText()).isEqualTo("OPEN");

        scene.clock.forward(Duration.ofSeconds(1));
        assertThat(scene.push(OPEN).results().get(0).verdict()).isEqualTo(Verdict.DUPLICATE);
        until("select count(*) from inbox", 1);
        assertThat(alert().path("title").asText()).isEqualTo("Failure rate increase");

        scene.clock.forward(Duration.ofSeconds(1));
        assertThat(scene.poller.pull("dynatrace", "default", Range.HOUR).verdicts())
                .containsOnly(Map.entry("duplicate", 1));
    }

    private void open(String api) throws Exception {
        scene = new PollScene(
                data,
                Map.of(
                        "serai.provider.dynatrace.tenant",
                        TENANT.baseUrl() + "/e/acme",
                        "serai.provider.dynatrace.api-token",
                        "dt0c01.T",
                        "serai.provider.dynatrace.api",
                        api));
    }

    private static void failing(String state, String next) {
        TENANT.stubFor(get(urlPathEqualTo(DETAILS))
                .inScenario("tenant")
                .whenScenarioStateIs(state)
                .willReturn(aResponse().withStatus(503))
                .willSetStateTo(next));
    }

    private void until(String sql, long expected) {
        Awaitility.await(sql).until(() -> FreshStore.number(scene.store, sql) == expected);
    }

    private JsonNode alert() throws Exception {
        return StrictJson.read(
                FreshStore.text(scene.store, "select content from alert_full").getBytes(StandardCharsets.UTF_8));
    }

    private static String problem(String status) {
        return """
                {"problemId": "-8804_V2", "displayId": "P-8804", "title": "Failure rate increase", "status": "%s",
                 "severityLevel": "ERROR", "impactLevel": "SERVICES", "startTime": 1931502300000, "endTime": -1,
                 "impactedEntities": [{"entityId": {"id": "SERVICE-4C", "type": "SERVICE"}, "name": "booking-api"}]}"""
                .formatted(status);
    }
}
