package io.serai.poll;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.serai.config.ConfigurationError;
import io.serai.record.FreshStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Systems that list only what is active: Alertmanager, Prometheus, and the Alertmanager inside Grafana. */
class ListingTest {
    private static final String V2 = "/am/api/v2/alerts";
    private static final String PUSHED =
            """
            {"version": "4", "status": "firing", "receiver": "serai", "alerts": [{"status": "%s", "startsAt": "2031-03-17T08:00:00Z",
              "endsAt": "%s", "labels": {"alertname": "Hot", "kiln": "3", "severity": "critical"}, "annotations": {}}]}""";

    @RegisterExtension
    static final WireMockExtension SERVER =
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
    void whatIsPushedAndListedIsToldOnce() throws Exception {
        openAlertmanager(Map.of());
        lists(active("3", "active"));
        scene.push("prometheus", PUSHED.formatted("firing", "0001-01-01T00:00:00Z"));
        scene.clock.forward(Duration.ofSeconds(5));

        assertThat(pull().verdicts()).containsOnly(Map.entry("duplicate", 1));
        assertThat(pull().recorded()).isZero();
        assertThat(FreshStore.number(scene.store, "select count(*) from alert")).isEqualTo(1);
        SERVER.verify(getRequestedFor(urlPathEqualTo(V2)).withHeader("Authorization", absent()));
    }

    @Test
    void whatHasBeenMissingForAsLongAsConfiguredIsResolved() throws Exception {
        openAlertmanager(Map.of("serai.provider.prometheus.resolve-after", "2m"));
        lists(active("3", "active") + "," + active("4", "suppressed"));
        assertThat(pull().verdicts()).containsOnly(Map.entry("new", 2));

        lists(active("4", "suppressed"));
        scene.clock.forward(Duration.ofHours(1));
        assertThat(pull().verdicts()).as("missing for the first time").isEmpty();
        scene.clock.forward(Duration.ofSeconds(119));
        assertThat(pull().verdicts()).isEmpty();
        scene.clock.forward(Duration.ofSeconds(1));
        assertThat(pull().verdicts()).containsOnly(Map.entry("resolved", 1));
        scene.clock.forward(Duration.ofHours(1));
        assertThat(pull().verdicts()).isEmpty();
    }

    @Test
    void whatComesBackAsItWasFiresAgain() throws Exception {
        openAlertmanager(Map.of("serai.provider.prometheus.resolve-after", "0s"));
        lists(active("3", "active"));
        pull();
        scene.clock.forward(Duration.ofMinutes(1));
        lists("");
        assertThat(pull().verdicts()).containsOnly(Map.entry("resolved", 1));
        scene.clock.forward(Duration.ofMinutes(1));
        lists(active("3", "active"));

        assertThat(pull().verdicts()).containsOnly(Map.entry("reopened", 1));
    }

    @Test
    void whatIsSilencedAndNoLongerSilencedChangesBothTimes() throws Exception {
        openAlertmanager(Map.of());
        for (String state : List.of("active", "suppressed", "active")) {
            lists(active("3", state));
            assertThat(pull().recorded()).isEqualTo(1);
            assertThat(FreshStore.text(scene.store, "select content from alert_full"))
                    .contains(state.equals("active") ? "\"status\":\"firing\"" : "\"status\":\"suppressed\"");
            scene.clock.forward(Duration.ofMinutes(1));
        }
    }

    @Test
    void aListingThatFailsOrIsNoneMakesNothingVanish() throws Exception {
        openAlertmanager(Map.of("serai.provider.prometheus.resolve-after", "0s"));
        lists(active("3", "active"));
        pull();

        SERVER.stubFor(get(urlPathEqualTo(V2)).willReturn(aResponse().withStatus(502)));
        scene.clock.forward(Duration.ofMinutes(1));
        assertThat(pull().problem()).contains("502");
        SERVER.stubFor(get(urlPathEqualTo(V2)).willReturn(okJson("{\"alerts\": []}")));
        scene.clock.forward(Duration.ofMinutes(1));
        assertThat(pull().problem()).isNotNull();
        SERVER.stubFor(get(urlPathEqualTo(V2)).willReturn(aResponse().withStatus(403)));
        assertThat(pull().problem()).contains("403").contains("token");

        lists(active("3", "active"));
        assertThat(pull().recorded()).isZero();
    }

    @Test
    void whatWasOnlyPushedDoesNotVanish() throws Exception {
        openAlertmanager(Map.of("serai.provider.prometheus.resolve-after", "0s"));
        lists("");
        scene.push("prometheus", PUSHED.formatted("firing", "0001-01-01T00:00:00Z"));
        scene.clock.forward(Duration.ofHours(1));

        assertThat(pull().verdicts()).isEmpty();
        assertThat(pull().verdicts()).isEmpty();
    }

    @Test
    void aNewerPushWinsOverAListingThatLacksIt() throws Exception {
        openAlertmanager(Map.of("serai.provider.prometheus.resolve-after", "0s"));
        lists(active("3", "active"));
        pull();
        scene.clock.forward(Duration.ofMinutes(1));
        scene.push("prometheus", PUSHED.formatted("resolved", "2031-03-17T08:30:30Z"));
        scene.clock.forward(Duration.ofMinutes(1));
        lists("");

        assertThat(pull().verdicts()).containsOnly(Map.entry("duplicate", 1));
    }

    @Test
    void prometheusItselfListsWithoutItsExternalLabels() throws Exception {
        scene = new PollScene(
                data,
                Map.of(
                        "serai.provider.prometheus.api-url", SERVER.baseUrl(),
                        "serai.provider.prometheus.api", "prometheus",
                        "serai.provider.prometheus.api-authorization", "Bearer p-1",
                        "serai.provider.prometheus.external-labels", "kiln=9, severity=critical"));
        SERVER.stubFor(
                get(urlPathEqualTo("/api/v1/alerts"))
                        .willReturn(
                                okJson(
                                        """
                        {"status": "success", "data": {"alerts": [
                          {"labels": {"alertname": "Hot", "kiln": "3"}, "annotations": {}, "state": "firing", "activeAt": "2031-03-17T08:00:00Z", "value": "1e+00"},
                          {"labels": {"alertname": "Hot", "kiln": "4"}, "annotations": {}, "state": "pending", "activeAt": "2031-03-17T08:29:00Z", "value": "1e+00"}]}}""")));
        scene.push("prometheus", PUSHED.formatted("firing", "0001-01-01T00:00:00Z"));
        scene.clock.forward(Duration.ofSeconds(5));

        assertThat(pull().verdicts()).containsOnly(Map.entry("duplicate", 1), Map.entry("new", 1));
        assertThat(FreshStore.text(scene.store, "select content from alert_full where content like '%\"kiln\":\"4\"%'"))
                .contains("\"status\":\"pending\"")
                .contains("\"severity\":\"critical\"");
        SERVER.verify(
                getRequestedFor(urlPathEqualTo("/api/v1/alerts")).withHeader("Authorization", equalTo("Bearer p-1")));
    }

    @Test
    void grafanaListsWithLabelsThatItDoesNotPush() throws Exception {
        scene = new PollScene(
                data,
                Map.of(
                        "serai.provider.grafana.api-url",
                        SERVER.baseUrl() + "/graf/",
                        "serai.provider.grafana.api-token",
                        "glsa_1"));
        SERVER.stubFor(
                get(urlPathEqualTo("/graf/api/alertmanager/grafana/api/v2/alerts"))
                        .willReturn(
                                okJson(
                                        """
                        [{"fingerprint": "f1", "startsAt": "2031-03-17T08:00:00Z", "endsAt": "2031-03-17T08:40:00Z", "status": {"state": "active"},
                          "labels": {"alertname": "Hot", "grafana_folder": "Pots", "__alert_rule_uid__": "u"}, "annotations": {"__orgId__": "1"}}]""")));
        scene.push(
                "grafana",
                """
                {"version": "1", "orgId": 1, "state": "alerting", "alerts": [{"status": "firing", "fingerprint": "f1", "startsAt": "2031-03-17T08:00:00Z",
                  "endsAt": "0001-01-01T00:00:00Z", "labels": {"alertname": "Hot", "grafana_folder": "Pots"}, "annotations": {}}]}""");
        scene.clock.forward(Duration.ofSeconds(5));

        assertThat(scene.poller.pull("grafana", "default", Range.HOUR).verdicts())
                .containsOnly(Map.entry("duplicate", 1));
        SERVER.verify(getRequestedFor(urlPathEqualTo("/graf/api/alertmanager/grafana/api/v2/alerts"))
                .withHeader("Authorization", equalTo("Bearer glsa_1")));
    }

    @Test
    void aDurationThatIsNoneStopsTheStart() {
        assertThatThrownBy(() -> openAlertmanager(Map.of("serai.provider.prometheus.resolve-after", "soon")))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith("serai.provider.prometheus.resolve-after: ");
    }

    @Test
    void aDayIsADurationHereToo() throws Exception {
        openAlertmanager(Map.of("serai.provider.prometheus.resolve-after", "1d"));

        assertThat(scene.routes.resolveAfter("prometheus", "default")).isEqualTo(Duration.ofDays(1));
    }

    private void openAlertmanager(Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("serai.provider.prometheus.api-url", SERVER.baseUrl() + "/am");
        scene = new PollScene(data, settings);
    }

    private PollReport pull() {
        return scene.poller.pull("prometheus", "default", Range.HOUR);
    }

    private static void lists(String alerts) {
        SERVER.stubFor(get(urlPathEqualTo(V2)).willReturn(okJson("[" + alerts + "]")));
    }

    private static String active(String kiln, String state) {
        return """
                {"fingerprint": "f%1$s", "startsAt": "2031-03-17T08:00:00Z", "endsAt": "2031-03-17T08:34:00Z", "updatedAt": "2031-03-17T08:30:00Z",
                 "receivers": [{"name": "serai"}], "status": {"state": "%2$s", "inhibitedBy": [], "silencedBy": []}, "annotations": {},
                 "labels": {"alertname": "Hot", "kiln": "%1$s", "severity": "critical"}}"""
                .formatted(kiln, state);
    }
}
