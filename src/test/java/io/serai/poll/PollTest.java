package io.serai.poll;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.serai.config.ConfigurationError;
import io.serai.record.FreshStore;
import io.serai.record.Lease;
import io.serai.record.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** D4, D6, D8, D16, K7: polling a Dynatrace tenant, both versions of its API. */
class PollTest {
    private static final String V1 = "/e/acme/api/v1/problem/feed";
    private static final String V2 = "/e/acme/api/v2/problems";
    private static final String CURSOR = "select count(*) from poll_cursor where name = 'poll/dynatrace/default'";

    @RegisterExtension
    static final WireMockExtension TENANT =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    @TempDir
    Path data;

    private PollScene scene;

    @AfterEach
    void close() {
        if (scene != null) {
            scene.close();
        }
    }

    @Test
    void allPagesOfARangeAreRead() throws Exception {
        TENANT.stubFor(get(urlPathEqualTo(V2))
                .withQueryParam("from", equalTo("now-1d"))
                .willReturn(okJson(page(problem("1", "OPEN") + "," + problem("2", "CLOSED"), "AQ+/=&x"))));
        TENANT.stubFor(get(urlPathEqualTo(V2))
                .withQueryParam("nextPageKey", equalTo("AQ+/=&x"))
                .willReturn(okJson(page(problem("3", "OPEN"), null))));
        open("v2");

        PollReport report = scene.poller.pull("dynatrace", "default", Range.DAY);

        assertThat(report.problem()).isNull();
        assertThat(report.seen()).isEqualTo(3);
        assertThat(report.verdicts()).containsOnly(Map.entry("new", 2), Map.entry("late-resolve", 1));
        TENANT.verify(
                2, getRequestedFor(urlPathEqualTo(V2)).withHeader("Authorization", equalTo("Api-Token dt0c01.T")));
        assertThat(FreshStore.number(
                        scene.store, "select count(*) from receipt where source = 2 and as_of is not null"))
                .isEqualTo(3);
        assertThat(FreshStore.number(scene.store, CURSOR)).isZero();
    }

    @Test
    void theOldFeedIsReadByItsOwnWordsAndTellsWhatIsMonitored() throws Exception {
        TENANT.stubFor(
                get(urlPathEqualTo(V1))
                        .withQueryParam("relativeTime", equalTo("2hours"))
                        .willReturn(
                                okJson(
                                        """
                        {"result": {"problems": [{"id": "77", "displayName": "310", "status": "OPEN", "startTime": 1931502300000,
                          "endTime": -1, "severityLevel": "ERROR", "impactLevel": "SERVICE", "rankedImpacts": []}],
                          "monitored": {"APPLICATION": 3, "SERVICE": 40, "INFRASTRUCTURE": 12}}}""")));
        open("v1");

        PollReport report = scene.poller.pull("dynatrace", "default", Range.TWO_HOURS);

        assertThat(report.problem()).isNull();
        assertThat(report.seen()).isEqualTo(1);
        assertThat(report.monitored())
                .containsOnly(
                        Map.entry("APPLICATION", 3L), Map.entry("SERVICE", 40L), Map.entry("INFRASTRUCTURE", 12L));
    }

    @Test
    void whatWasPushedAlreadyIsADuplicateAndWhatWasPolledAlreadyIsNotRecordedAgain() throws Exception {
        TENANT.stubFor(get(urlPathEqualTo(V2)).willReturn(okJson(page(problem("1", "OPEN"), null))));
        open("v2");
        scene.push(
                """
                {"State": "OPEN", "ProblemID": "P-1", "PID": "-1_V2", "ProblemSeverity": "ERROR", "ProblemTitle": "said before"}""");
        scene.clock.forward(Duration.ofSeconds(5));

        PollReport first = scene.poller.pull("dynatrace", "default", Range.HOUR);
        PollReport second = scene.poller.pull("dynatrace", "default", Range.HOUR);

        assertThat(first.verdicts()).containsOnly(Map.entry(Verdict.DUPLICATE.word(), 1));
        assertThat(second.seen()).isEqualTo(1);
        assertThat(second.recorded()).isZero();
        assertThat(FreshStore.number(scene.store, "select count(*) from alert")).isEqualTo(1);
        assertThat(FreshStore.number(scene.store, "select count(*) from receipt"))
                .isEqualTo(2);
    }

    @Test
    void aClosedProblemResolvesWhatWasPushed() throws Exception {
        TENANT.stubFor(get(urlPathEqualTo(V2)).willReturn(okJson(page(problem("1", "CLOSED"), null))));
        open("v2");
        scene.push("""
                {"State": "OPEN", "ProblemID": "1", "PID": "-1_V2"}""");
        scene.clock.forward(Duration.ofSeconds(5));

        assertThat(scene.poller.pull("dynatrace", "default", Range.HOUR).verdicts())
                .containsOnly(Map.entry("resolved", 1));
    }

    @Test
    void aUsedUpQuotaStopsAskingUntilTheTenantAllows() throws Exception {
        TENANT.stubFor(get(urlPathEqualTo(V2))
                .willReturn(aResponse()
                        .withStatus(429)
                        .withHeader("Retry-After", "90")
                        .withBody("secret of the tenant")));
        open("v2");

        PollReport refused = scene.poller.pull("dynatrace", "default", Range.HOUR);
        PollReport waiting = scene.poller.pull("dynatrace", "default", Range.HOUR);

        assertThat(refused.problem()).contains("429").doesNotContain("secret").doesNotContain("dt0c01");
        assertThat(waiting.problem()).contains("2031-03-17T08:31:30Z");
        TENANT.verify(1, getRequestedFor(urlPathEqualTo(V2)));

        TENANT.stubFor(get(urlPathEqualTo(V2)).willReturn(okJson(page(problem("1", "OPEN"), null))));
        scene.clock.forward(Duration.ofSeconds(90));

        assertThat(scene.poller.pull("dynatrace", "default", Range.HOUR).verdicts())
                .containsKey("new");
    }

    @Test
    void aPageThatCannotBeReadLeavesTheRestForTheNextRun() throws Exception {
        TENANT.stubFor(get(urlPathEqualTo(V2))
                .withQueryParam("from", equalTo("now-2h"))
                .willReturn(okJson(page(problem("1", "OPEN"), "more"))));
        TENANT.stubFor(get(urlPathEqualTo(V2))
                .withQueryParam("nextPageKey", equalTo("more"))
                .inScenario("second page")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withStatus(500))
                .willSetStateTo("well"));
        TENANT.stubFor(get(urlPathEqualTo(V2))
                .withQueryParam("nextPageKey", equalTo("more"))
                .inScenario("second page")
                .whenScenarioStateIs("well")
                .willReturn(okJson(page(problem("2", "OPEN"), null))));
        open("v2");

        assertThat(scene.poller.run("dynatrace", "default").problem()).contains("500");
        assertThat(FreshStore.number(scene.store, CURSOR)).isZero();

        PollReport second = scene.poller.run("dynatrace", "default");
        assertThat(second.problem()).isNull();
        assertThat(second.recorded()).isEqualTo(1);
        assertThat(FreshStore.number(scene.store, CURSOR)).isEqualTo(1);
        assertThat(FreshStore.number(scene.store, "select count(*) from alert")).isEqualTo(2);
    }

    @Test
    void theNextRunGoesOnWhereTheLastOneBegan() throws Exception {
        TENANT.stubFor(get(urlPathEqualTo(V2)).willReturn(okJson(page("", null))));
        open("v2");
        String from = String.valueOf(scene.clock.instant().minus(Poller.OVERLAP).toEpochMilli());

        scene.poller.run("dynatrace", "default");
        scene.clock.forward(Duration.ofHours(3));
        scene.poller.run("dynatrace", "default");

        TENANT.verify(1, getRequestedFor(urlPathEqualTo(V2)).withQueryParam("from", equalTo("now-2h")));
        TENANT.verify(1, getRequestedFor(urlPathEqualTo(V2)).withQueryParam("from", equalTo(from)));
    }

    @Test
    void onlyTheHolderOfTheLeasePolls() throws Exception {
        TENANT.stubFor(get(urlPathEqualTo(V2)).willReturn(okJson(page("", null))));
        open("v2");
        Lease other = scene.leases
                .acquire("poll/dynatrace/default", "node-2", Duration.ofMinutes(1))
                .orElseThrow();

        assertThat(scene.poller.run("dynatrace", "default").problem()).isEqualTo("another node polls it");
        TENANT.verify(0, getRequestedFor(urlPathEqualTo(V2)));

        scene.leases.release(other);
        assertThat(scene.poller.run("dynatrace", "default").problem()).isNull();
    }

    @Test
    void theScheduleRunsThePollOfEachInstanceWithItsOwnTenant() throws Exception {
        TENANT.stubFor(
                get(urlPathEqualTo("/e/two/api/v2/problems")).willReturn(okJson(page(problem("1", "OPEN"), null))));
        scene = new PollScene(
                data,
                Map.of(
                        "serai.provider.dynatrace.two.tenant", TENANT.baseUrl() + "/e/two",
                        "serai.provider.dynatrace.two.api-token", "dt0c01.TWO",
                        "serai.provider.dynatrace.two.poll", "0/1 * * * * ?"));

        Awaitility.await().until(() -> FreshStore.number(scene.store, "select count(*) from alert") == 1);

        assertThat(FreshStore.text(scene.store, "select instance from alert")).isEqualTo("two");
        assertThat(FreshStore.text(scene.store, "select content from alert_full"))
                .contains("/e/two/#problems/problemdetails;pid=");
        TENANT.verify(getRequestedFor(urlPathEqualTo("/e/two/api/v2/problems"))
                .withHeader("Authorization", equalTo("Api-Token dt0c01.TWO")));
        assertThat(scene.routes.polls("dynatrace", "default")).isFalse();
        assertThatThrownBy(() -> scene.poller.pull("dynatrace", "default", Range.HOUR))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCronExpressionThatIsNoneStopsTheStart() {
        Map<String, String> settings = settings("v2");
        settings.put("serai.provider.dynatrace.poll", "every minute");

        assertThatThrownBy(() -> new PollScene(data, settings))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith("serai.provider.dynatrace.poll: ");
    }

    private void open(String api) throws Exception {
        scene = new PollScene(data, settings(api));
    }

    private static Map<String, String> settings(String api) {
        return new HashMap<>(Map.of(
                "serai.provider.dynatrace.tenant",
                TENANT.baseUrl() + "/e/acme",
                "serai.provider.dynatrace.api-token",
                "dt0c01.T",
                "serai.provider.dynatrace.api",
                api));
    }

    private static String page(String problems, String next) {
        return "{\"totalCount\": 1, \"problems\": [" + problems + "]"
                + (next == null ? "" : ", \"nextPageKey\": \"" + next + "\"") + "}";
    }

    private static String problem(String id, String status) {
        return """
                {"problemId": "-%1$s_V2", "displayId": "P-%1$s", "title": "Problem %1$s", "status": "%2$s",
                 "severityLevel": "ERROR", "impactLevel": "SERVICES", "startTime": 1931502300000, "endTime": -1}"""
                .formatted(id, status);
    }
}
