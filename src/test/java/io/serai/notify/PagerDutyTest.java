package io.serai.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import io.serai.deliver.NotifierHarness;
import io.serai.deliver.SendFailure;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events API v2. Facts of PagerDuty's own description of the API are asserted on every request. */
class PagerDutyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    private NotifierHarness start() throws Exception {
        return NotifierHarness.start("pagerduty", Map.of("url", stub.baseUrl(), "routing-key", KEY));
    }

    private JsonNode body() throws Exception {
        List<ServeEvent> events = stub.getAllServeEvents();
        return JSON.readTree(events.get(0).getRequest().getBody());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "firing",
                "acknowledged",
                "changed",
                "resolved",
                "reopened",
                "hostile-title",
                "few-fields",
                "image"
            })
    void everyEventIsWhatTheApiTakes(String sample) throws Exception {
        stub.stubFor(post("/v2/enqueue")
                .willReturn(aResponse()
                        .withStatus(202)
                        .withBody("{\"status\":\"success\",\"message\":\"Event processed\",\"dedup_key\":\"x\"}")));
        try (NotifierHarness harness = start()) {
            Exchange exchange = harness.send(sample);

            ObjectNode event = (ObjectNode) body();
            assertThat(event.remove("routing_key").asText()).isEqualTo(KEY);
            assertThat(event).isEqualTo(harness.expected(sample).get("body"));
            assertThat(exchange.getVariable("reference"))
                    .isEqualTo(event.get("dedup_key").asText());
            assertThat(exchange.getVariables().toString()).doesNotContain(KEY);
            assertThat(event.get("event_action").asText()).isIn("trigger", "acknowledge", "resolve");
            assertThat(event.get("dedup_key").asText()).hasSizeBetween(1, 255);
            assertThat(stub.getAllServeEvents().get(0).getRequest().getBody().length)
                    .isLessThan(512 * 1024);
            if (event.get("event_action").asText().equals("trigger")) {
                JsonNode payload = event.get("payload");
                assertThat(payload.get("summary")
                                .asText()
                                .codePointCount(
                                        0, payload.get("summary").asText().length()))
                        .isBetween(1, 1024);
                assertThat(payload.get("source").asText()).isNotBlank();
                assertThat(payload.get("severity").asText()).isIn("critical", "error", "warning", "info");
                assertThat(payload.properties())
                        .extracting(Map.Entry::getKey)
                        .isSubsetOf(
                                "summary",
                                "source",
                                "severity",
                                "timestamp",
                                "component",
                                "group",
                                "class",
                                "custom_details");
                assertThat(event.properties())
                        .extracting(Map.Entry::getKey)
                        .isSubsetOf(Set.of(
                                "event_action", "dedup_key", "payload", "images", "links", "client", "client_url"));
            }
        }
    }

    @Test
    void oneDedupKeyFromTheTriggerToTheResolve() throws Exception {
        stub.stubFor(post("/v2/enqueue").willReturn(aResponse().withStatus(202)));
        try (NotifierHarness harness = start()) {
            for (String sample : List.of("firing", "acknowledged", "changed", "resolved", "reopened")) {
                harness.send(sample);
            }
            assertThat(stub.getAllServeEvents())
                    .hasSize(5)
                    .extracting(each -> JSON.readTree(each.getRequest().getBody())
                            .get("dedup_key")
                            .asText())
                    .containsOnly("serai-9f2c4e6a8b0d1f3e5a7c9b8d6e4f2a10");
        }
    }

    /** A lost answer: the second request is the first one again, and PagerDuty knows it by its key. */
    @Test
    void aLostAnswerIsFollowedByTheSameRequest() throws Exception {
        stub.stubFor(post("/v2/enqueue").willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        try (NotifierHarness harness = start()) {
            SendFailure lost = Assertions.catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));
            assertThat(lost.isPermanent()).isFalse();
            JsonNode first = body();
            stub.stubFor(post("/v2/enqueue").willReturn(aResponse().withStatus(202)));
            harness.send("firing");
            assertThat(stub.getAllServeEvents()).hasSize(2);
            assertThat(body()).isEqualTo(first);
        }
    }
}
