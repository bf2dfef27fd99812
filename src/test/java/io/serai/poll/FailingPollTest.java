package io.serai.poll;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static io.serai.Hub.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.serai.Hub;
import java.nio.file.Path;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** K18, K20: a system that cannot be polled is a system of which nothing is heard, so operators hear of that. */
class FailingPollTest {
    private static final String ALERT = "firing high overwatch/default 1";

    @RegisterExtension
    static final WireMockExtension OVERWATCH =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    @TempDir
    Path folder;

    @Test
    void pollsThatGoOnFailingAreToldOnceAndSoIsTheirEnd() throws Exception {
        OVERWATCH.stubFor(get(anyUrl()).willReturn(aResponse().withStatus(503)));
        Map<String, String> settings = Map.of(
                "serai.provider.overwatch.api-url", OVERWATCH.baseUrl(),
                "serai.provider.overwatch.api-key", "ow-1",
                "serai.provider.overwatch.poll", "0/1 * * * * ?");
        try (Hub hub = new Hub(folder, settings)) {
            Awaitility.await().ignoreExceptions().until(() -> hub.metric(readings("failed")) > PollOutcomes.TOLD);
            Awaitility.await().untilAsserted(() -> assertThat(told(hub)).isEqualTo(ALERT));

            OVERWATCH.stubFor(get(anyUrl()).willReturn(okJson("{\"alerts\": []}")));

            Awaitility.await()
                    .untilAsserted(() -> assertThat(told(hub)).isEqualTo("resolved high overwatch/default 2"));
            assertThat(hub.metric(readings("read"))).isPositive();
        }
    }

    @Test
    void oneThatFailsAndThenReadsIsNoNews() throws Exception {
        OVERWATCH.stubFor(get(anyUrl()).willReturn(aResponse().withStatus(503)));
        try (PollScene scene = new PollScene(
                folder,
                Map.of(
                        "serai.provider.overwatch.api-url",
                        OVERWATCH.baseUrl(),
                        "serai.provider.overwatch.api-key",
                        "ow-1"))) {
            int[] told = new int[2];
            scene.poller.tell(new ReadingListener() {
                @Override
                public void read(String provider, String instance, boolean again) {
                    told[1] += again ? 1 : 0;
                }

                @Override
                public void failed(String provider, String instance, String problem, boolean tell) {
                    told[0] += tell ? 1 : 0;
                }
            });
            for (int i = 1; i < PollOutcomes.TOLD; i++) {
                scene.poller.run("overwatch", "default");
            }
            OVERWATCH.stubFor(get(anyUrl()).willReturn(okJson("{\"alerts\": []}")));
            scene.poller.run("overwatch", "default");
            OVERWATCH.stubFor(get(anyUrl()).willReturn(aResponse().withStatus(503)));
            for (int i = 1; i < PollOutcomes.TOLD; i++) {
                scene.poller.run("overwatch", "default");
            }
            assertThat(told).containsExactly(0, 0);

            scene.poller.run("overwatch", "default");
            scene.poller.run("overwatch", "default");
            assertThat(told).containsExactly(1, 0);
        }
    }

    /** The one alert about it; how often it was said tells that nothing was said twice. */
    private static String told(Hub hub) throws Exception {
        JsonNode alerts = json(hub.get("/api/alerts?provider=serai", "X-API-KEY", hub.operatorKey()))
                .at("/data/alerts");
        JsonNode alert = alerts.path(0);
        return alert.path("status").asText() + " "
                + alert.path("severity").asText() + " "
                + alert.at("/labels/provider").asText() + "/"
                + alert.at("/labels/instance").asText() + " "
                + alert.path("count").asText();
    }

    private static String readings(String result) {
        return "serai_poll_readings_total{instance=\"default\",provider=\"overwatch\",result=\"" + result + "\"}";
    }
}
