package io.serai.poll;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.including;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.serai.record.FreshStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** K7, D16: polling PagerDuty's incidents and Opsgenie's alerts; what is polled is the alert that the webhook told of. */
class IncidentPollTest {
    private static final String INCIDENTS = "/incidents";
    private static final String ALERTS = "/v2/alerts";

    @RegisterExtension
    static final WireMockExtension API =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    @RegisterExtension
    static final WireMockExtension ELSEWHERE =
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
    void allPagesOfIncidentsThatBeganInTheRangeAreRead() throws Exception {
        API.stubFor(get(urlPathEqualTo(INCIDENTS))
                .withQueryParam("offset", equalTo("0"))
                .willReturn(
                        okJson(incidents(true, incident("Q1", "triggered", ""), incident("Q2", "acknowledged", "")))));
        API.stubFor(get(urlPathEqualTo(INCIDENTS))
                .withQueryParam("offset", equalTo("2"))
                .willReturn(okJson(incidents(false, incident("Q3", "triggered", "")))));
        open("pagerduty");

        PollReport report = scene.poller.pull("pagerduty", "default", Range.DAY);

        assertThat(report.problem()).isNull();
        assertThat(report.verdicts()).containsOnly(Map.entry("new", 3));
        API.verify(
                2,
                getRequestedFor(urlPathEqualTo(INCIDENTS))
                        .withQueryParam("since", equalTo("2031-03-16T08:30:00Z"))
                        .withQueryParam("until", equalTo("2031-03-17T08:30:00Z"))
                        .withQueryParam(
                                "statuses[]",
                                including(equalTo("triggered"), equalTo("acknowledged"), equalTo("resolved")))
                        .withHeader("Authorization", equalTo("Token token=K"))
                        .withHeader("Accept", equalTo("application/vnd.pagerduty+json;version=2")));
        assertThat(FreshStore.number(scene.store, "select count(*) from poll_cursor where name like 'poll/%'"))
                .isZero();
    }

    @Test
    void theEndOfAnIncidentThatBeganLongAgoIsFound() throws Exception {
        API.stubFor(get(urlPathEqualTo(INCIDENTS)).willReturn(okJson(incidents(false))));
        open("pagerduty");
        scene.poller.run("pagerduty", "default");
        scene.push("pagerduty", webhook("Q1", "triggered", "2031-03-17T08:30:00Z"));
        scene.clock.forward(Duration.ofHours(5));
        API.stubFor(get(urlPathEqualTo(INCIDENTS))
                .withQueryParam("statuses[]", equalTo("resolved"))
                .withQueryParam("sort_by", equalTo("resolved_at:desc"))
                .withQueryParam("date_range", equalTo("all"))
                .willReturn(okJson(incidents(
                        true,
                        incident("Q1", "resolved", "2031-03-17T12:10:00Z"),
                        incident("Q0", "resolved", "2031-03-01T00:00:00Z")))));
        API.stubFor(get(urlPathEqualTo(INCIDENTS))
                .withQueryParam("sort_by", equalTo("resolved_at:desc"))
                .withQueryParam("offset", equalTo("2"))
                .willReturn(okJson(incidents(true, incident("Q00", "resolved", "2031-02-01T00:00:00Z")))));

        PollReport report = scene.poller.run("pagerduty", "default");

        assertThat(report.problem()).isNull();
        assertThat(report.verdicts()).containsOnly(Map.entry("resolved", 1));
        API.verify(
                1,
                getRequestedFor(urlPathEqualTo(INCIDENTS))
                        .withQueryParam("statuses[]", including(equalTo("triggered"), equalTo("acknowledged")))
                        .withQueryParam("date_range", equalTo("all")));
        API.verify(0, getRequestedFor(urlPathEqualTo(INCIDENTS)).withQueryParam("offset", equalTo("4")));
    }

    @Test
    void whatAWebhookSaidIsADuplicateAndIsNotReadTwice() throws Exception {
        API.stubFor(
                get(urlPathEqualTo(INCIDENTS)).willReturn(okJson(incidents(false, incident("Q1", "triggered", "")))));
        open("pagerduty");
        scene.push("pagerduty", webhook("Q1", "triggered", "2031-03-17T08:00:00Z"));
        scene.clock.forward(Duration.ofSeconds(5));

        assertThat(scene.poller.pull("pagerduty", "default", Range.HOUR).verdicts())
                .containsOnly(Map.entry("duplicate", 1));
        assertThat(scene.poller.pull("pagerduty", "default", Range.HOUR).recorded())
                .isZero();
        assertThat(FreshStore.number(scene.store, "select count(*) from alert")).isEqualTo(1);
    }

    @Test
    void aRefusedKeyIsSaidAndAQuotaWaits() throws Exception {
        API.stubFor(get(urlPathEqualTo(INCIDENTS))
                .willReturn(aResponse().withStatus(401).withBody("secret of theirs")));
        API.stubFor(get(urlPathEqualTo(ALERTS))
                .willReturn(aResponse().withStatus(429).withHeader("Retry-After", "90")));
        open("pagerduty", "opsgenie");

        assertThat(scene.poller.pull("pagerduty", "default", Range.HOUR).problem())
                .contains("refuses the token (HTTP 401)")
                .doesNotContain("secret");
        assertThat(scene.poller.pull("opsgenie", "default", Range.HOUR).problem())
                .contains("429");
        assertThat(scene.poller.pull("opsgenie", "default", Range.HOUR).problem())
                .contains("2031-03-17T08:31:30Z");
        API.verify(1, getRequestedFor(urlPathEqualTo(ALERTS)));
    }

    @Test
    void theNextPageOfAlertsIsAskedForAtOurOwnAddress() throws Exception {
        String next = ELSEWHERE.baseUrl() + "/v2/alerts?offset=100&limit=100&sort=updatedAt&order=desc";
        API.stubFor(get(urlPathEqualTo(ALERTS))
                .withQueryParam("offset", equalTo("0"))
                .withQueryParam("sort", equalTo("updatedAt"))
                .withQueryParam("order", equalTo("desc"))
                .withQueryParam("query", absent())
                .willReturn(okJson(alerts(next, alert("a", "open", "2031-03-17T08:20:00.120Z")))));
        API.stubFor(get(urlPathEqualTo(ALERTS))
                .withQueryParam("offset", equalTo("100"))
                .willReturn(okJson(alerts(
                        next.replace("offset=100", "offset=200"), alert("b", "open", "2031-03-17T07:40:00.120Z")))));
        API.stubFor(get(urlPathEqualTo(ALERTS))
                .withQueryParam("offset", equalTo("200"))
                .willReturn(okJson(alerts(
                        next.replace("offset=100", "offset=300"), alert("c", "open", "2031-03-17T07:20:00.120Z")))));
        open("opsgenie");

        PollReport report = scene.poller.pull("opsgenie", "default", Range.HOUR);

        assertThat(report.problem()).isNull();
        assertThat(report.verdicts()).containsOnly(Map.entry("new", 2));
        API.verify(3, getRequestedFor(urlPathEqualTo(ALERTS)).withHeader("Authorization", equalTo("GenieKey K")));
        ELSEWHERE.verify(0, getRequestedFor(urlPathEqualTo(ALERTS)));
    }

    @Test
    void aClosedAlertEndsWhatTheWebhookTold() throws Exception {
        API.stubFor(get(urlPathEqualTo(ALERTS))
                .withQueryParam("query", equalTo("teams: shop & more"))
                .willReturn(okJson(alerts(null, alert("a", "closed", "2031-03-17T08:25:00.120Z")))));
        open("opsgenie", "serai.provider.opsgenie.search-query=teams: shop & more");
        scene.push(
                "opsgenie",
                """
                {"action": "Create", "integrationId": "1", "alert": {"alertId": "id-a", "alias": "a", "message": "slow", "priority": "P2",
                  "createdAt": 1931501000000, "updatedAt": 1931501000000000321}}""");
        scene.clock.forward(Duration.ofSeconds(5));

        assertThat(scene.poller.pull("opsgenie", "default", Range.HOUR).verdicts())
                .containsOnly(Map.entry("resolved", 1));
        assertThat(FreshStore.number(scene.store, "select count(*) from alert")).isEqualTo(1);
    }

    private void open(String... providers) throws Exception {
        Map<String, String> settings = new HashMap<>();
        for (String each : providers) {
            String[] setting = each.split("=", 2);
            String provider = setting.length == 2 ? setting[0].split("\\.")[2] : each;
            settings.put("serai.provider." + provider + ".api-url", API.baseUrl());
            settings.put("serai.provider." + provider + ".api-key", "K");
            if (setting.length == 2) {
                settings.put(setting[0], setting[1]);
            }
        }
        scene = new PollScene(data, settings);
    }

    private static String incidents(boolean more, String... incidents) {
        return "{\"incidents\": [" + String.join(",", incidents) + "], \"limit\": 100, \"offset\": 0, \"more\": " + more
                + "}";
    }

    private static String incident(String id, String status, String resolved) {
        return """
                {"id": "%s", "type": "incident", "incident_number": 7, "title": "Checkout answers slowly", "status": "%s",
                 "created_at": "2031-03-17T08:00:00Z", "updated_at": "%s", "resolved_at": %s, "urgency": "high", "priority": null}"""
                .formatted(
                        id,
                        status,
                        resolved.isEmpty() ? "2031-03-17T08:00:00Z" : resolved,
                        resolved.isEmpty() ? "null" : "\"" + resolved + "\"");
    }

    private static String webhook(String id, String status, String at) {
        return """
                {"event": {"id": "E1", "event_type": "incident.%s", "resource_type": "incident", "occurred_at": "%s",
                 "data": {"id": "%s", "type": "incident", "title": "Checkout answers slowly", "status": "%s", "urgency": "high"}}}"""
                .formatted(status, at, id, status);
    }

    private static String alerts(String next, String... alerts) {
        return "{\"data\": [" + String.join(",", alerts) + "], \"paging\": {"
                + (next == null ? "" : "\"next\": \"" + next + "\"") + "}, \"took\": 0.1, \"requestId\": \"r\"}";
    }

    private static String alert(String alias, String status, String updated) {
        return """
                {"id": "id-%s", "tinyId": "7", "alias": "%s", "message": "slow", "status": "%s", "acknowledged": false,
                 "snoozed": false, "createdAt": "2031-03-17T07:00:00Z", "updatedAt": "%s", "priority": "P2"}"""
                .formatted(alias, alias, status, updated);
    }
}
