package io.serai;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A destination that refuses us is an alert of its own, told by the others, and its deliveries arrive in the end. */
class OperatorEventsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    @TempDir
    private Path folder;

    private Map<String, String> settings() {
        return Map.of(
                "serai.destination.ops.notifier", "webhook",
                "serai.destination.ops.url", stub.baseUrl() + "/ops",
                "serai.destination.ops.providers", "generic",
                "serai.destination.ops.pause-after-refusal", "200ms",
                "serai.destination.lead.notifier", "webhook",
                "serai.destination.lead.url", stub.baseUrl() + "/lead",
                "serai.destination.lead.providers", "serai");
    }

    private List<LoggedRequest> requests(String path) {
        return stub.findAll(postRequestedFor(urlEqualTo(path)));
    }

    private void answers(String path, int status) {
        stub.stubFor(post(path).willReturn(aResponse().withStatus(status)));
    }

    @Test
    void aRefusalIsToldAndItsEndToo() throws Exception {
        answers("/ops", 401);
        answers("/lead", 204);
        try (Hub serai = new Hub(folder, settings())) {
            assertThat(serai.post(
                                    "/api/alerts/event/generic",
                                    "{\"id\":\"1\",\"name\":\"disk"
                                            + " full\",\"status\":\"firing\",\"severity\":\"critical\"}",
                                    "X-API-KEY",
                                    serai.key())
                            .statusCode())
                    .isEqualTo(202);

            await().atMost(Duration.ofSeconds(30)).until(() -> requests("/lead").size() == 1);
            JsonNode told = JSON.readTree(requests("/lead").get(0).getBody());
            assertThat(told.get("type").asText()).isEqualTo("alert.new");
            assertThat(told.at("/data/alert/provider").asText()).isEqualTo("serai");
            assertThat(told.at("/data/alert/severity").asText()).isEqualTo("high");
            assertThat(told.at("/data/alert/labels/destination").asText()).isEqualTo("ops");
            assertThat(told.at("/data/alert/description").asText()).startsWith("It answered HTTP 401.");
            // Refused again and again: still one alert.
            await().atMost(Duration.ofSeconds(30)).until(() -> requests("/ops").size() >= 3);
            assertThat(requests("/lead")).hasSize(1);

            answers("/ops", 204);

            await().atMost(Duration.ofSeconds(30)).until(() -> requests("/lead").size() == 2);
            assertThat(JSON.readTree(requests("/lead").get(1).getBody())
                            .get("type")
                            .asText())
                    .isEqualTo("alert.resolved");
            assertThat(requests("/ops"))
                    .extracting(each -> each.getHeader("webhook-id"))
                    .as("one delivery, tried until it was taken")
                    .containsOnly(requests("/ops").get(0).getHeader("webhook-id"));
        }
    }

    /** A node that ended while it was refused does not leave the alert open for ever. */
    @Test
    void theNextLifeOfTheNodeEndsTheAlert() throws Exception {
        answers("/ops", 403);
        answers("/lead", 204);
        try (Hub serai = new Hub(folder, settings())) {
            assertThat(serai.post(
                                    "/api/alerts/event/generic",
                                    "{\"id\":\"1\",\"name\":\"disk full\",\"status\":\"firing\",\"severity\":\"high\"}",
                                    "X-API-KEY",
                                    serai.key())
                            .statusCode())
                    .isEqualTo(202);
            await().atMost(Duration.ofSeconds(30)).until(() -> requests("/lead").size() == 1);
        }
        answers("/ops", 204);
        try (Hub next = new Hub(folder, settings())) {
            assertThat(next.store()).isNotNull();
            await().atMost(Duration.ofSeconds(30)).until(() -> requests("/lead").size() == 2);
            assertThat(JSON.readTree(requests("/lead").get(1).getBody())
                            .get("type")
                            .asText())
                    .isEqualTo("alert.resolved");
        }
    }
}
