package io.serai.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.cloudevents.CloudEvent;
import io.cloudevents.http.HttpMessageFactory;
import io.serai.deliver.NotifierHarness;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The witness is the CloudEvents SDK: it reads what we send as the event that we meant. */
class CloudEventsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    private LoggedRequest request() {
        return stub.getAllServeEvents().get(0).getRequest();
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
                "report"
            })
    void theSdkReadsTheEvent(String sample) throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(202)));
        try (NotifierHarness harness =
                NotifierHarness.start("cloudevents", Map.of("url", stub.baseUrl() + "/in?topic=a"))) {
            harness.send(sample);

            JsonNode expected = harness.expected(sample).get("body");
            CloudEvent event = HttpMessageFactory.createReader(
                            headers -> request().getHeaders().all().stream()
                                    .forEach(each -> headers.accept(each.key(), each.firstValue())),
                            request().getBody())
                    .toEvent();
            assertThat(request().getUrl()).isEqualTo("/in?topic=a");
            assertThat(request().containsHeader("Authorization")).isFalse();
            assertThat(event.getSpecVersion().toString()).isEqualTo("1.0");
            assertThat(event.getSource()).isEqualTo(URI.create("/serai"));
            assertThat(event.getId()).isEqualTo(expected.get("id").asText());
            assertThat(event.getType()).isEqualTo(expected.get("type").asText());
            assertThat(event.getSubject()).isEqualTo("9f2c4e6a8b0d1f3e5a7c9b8d6e4f2a10");
            assertThat(event.getTime().toInstant())
                    .isEqualTo(expected.get("time").asText());
            assertThat(event.getExtension("severity"))
                    .isEqualTo(expected.get("severity").asText());
            assertThat(JSON.readTree(event.getData().toBytes())).isEqualTo(expected.get("data"));
        }
    }

    @Test
    void theTokenGoesOutAsBearer() throws Exception {
        stub.stubFor(post("/in")
                .withHeader("Authorization", equalTo("Bearer not-a-token"))
                .withHeader("Content-Type", equalTo("application/cloudevents+json"))
                .willReturn(aResponse().withStatus(204)));
        try (NotifierHarness harness =
                NotifierHarness.start("cloudevents", Map.of("url", stub.baseUrl() + "/in", "token", "not-a-token"))) {
            harness.send("firing");

            assertThat(stub.findAllUnmatchedRequests()).isEmpty();
        }
    }
}
