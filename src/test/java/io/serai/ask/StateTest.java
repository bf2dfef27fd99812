package io.serai.ask;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.serai.Hub;
import io.serai.json.StrictJson;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** K18, K20, K21: how each provider does, and how good what it sends is. */
class StateTest {
    @RegisterExtension
    static final WireMockExtension DYNATRACE =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    @TempDir
    Path folder;

    @Test
    void eachProviderSaysWhatItCanAndHowItDoes() throws Exception {
        try (Hub hub = new Hub(
                folder,
                Map.of(
                        "serai.provider.dynatrace.tenant", DYNATRACE.baseUrl(),
                        "serai.provider.dynatrace.api-token", "dt0c01.T",
                        "serai.provider.overwatch.second.webhook-secret", "whsec-1"))) {
            String alert =
                    "{\"id\": \"a-1\", \"title\": \"Queue is full\", \"severity\": \"high\", \"status\": \"firing\", \"service\": \"shop\"}";
            for (int i = 0; i < 3; i++) {
                send(hub, alert);
            }
            assertThat(send(hub, "{\"id\": \"a-2\"}").statusCode()).isEqualTo(422);
            DYNATRACE.stubFor(get(anyUrl()).willReturn(aResponse().withStatus(401)));
            hub.post("/api/providers/dynatrace/pull", "{}", "X-API-KEY", hub.operatorKey());

            JsonNode overwatch = read(hub, "/api/providers/overwatch");
            assertThat(overwatch.path("state").asText()).isEqualTo("working");
            assertThat(overwatch.path("capabilities").toString()).contains("webhook", "check", "setup", "metrics");
            assertThat(overwatch.path("scopes").findValuesAsText("name")).contains("alerts.read");
            JsonNode heard = overwatch.at("/instances/0");
            assertThat(heard.path("recent_receipts").asInt()).isEqualTo(4);
            assertThat(heard.path("recent_quarantined").asInt()).isEqualTo(1);
            assertThat(heard.path("open_alerts").asInt()).isEqualTo(1);
            assertThat(heard.path("last_heard").asText()).isNotEmpty();
            assertThat(overwatch.at("/instances/1/instance").asText()).isEqualTo("second");
            assertThat(overwatch.at("/instances/1/last_heard").isNull()).isTrue();

            JsonNode failing = read(hub, "/api/providers/dynatrace");
            assertThat(failing.path("state").asText()).isEqualTo("failing");
            assertThat(failing.at("/instances/0/poll/problem").asText()).contains("HTTP 401");
            assertThat(failing.at("/instances/0/poll/failures").asInt()).isEqualTo(1);
            assertThat(read(hub, "/api/providers/zabbix").path("state").asText())
                    .isEqualTo("unused");

            DYNATRACE.stubFor(get(anyUrl()).willReturn(okJson("{\"problems\": []}")));
            hub.post("/api/providers/dynatrace/pull", "{}", "X-API-KEY", hub.operatorKey());
            JsonNode mended = read(hub, "/api/providers/dynatrace");
            assertThat(mended.path("state").asText()).isNotEqualTo("failing");
            assertThat(mended.at("/instances/0/poll/failures").asInt()).isEqualTo(1);

            JsonNode health = read(hub, "/api/providers/overwatch/health");
            assertThat(health.path("quarantined_percent").asInt()).isEqualTo(25);
            assertThat(health.at("/coverage_percent/service").asInt()).isEqualTo(100);
            assertThat(health.at("/coverage_percent/environment").asInt()).isZero();
            assertThat(health.at("/most_repeated/0/count").asInt()).isEqualTo(3);
            assertThat(health.at("/most_repeated/0/title").asText()).isEqualTo("Queue is full");
            assertThat(hub.get("/api/providers/nobody/health", "X-API-KEY", hub.operatorKey())
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    private static HttpResponse<String> send(Hub hub, String body) throws Exception {
        return hub.post("/api/alerts/event/overwatch", body, "X-API-KEY", hub.key());
    }

    private static JsonNode read(Hub hub, String path) throws Exception {
        HttpResponse<String> response = hub.get(path, "X-API-KEY", hub.operatorKey());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return StrictJson.read(response.body().getBytes(StandardCharsets.UTF_8)).path("data");
    }
}
