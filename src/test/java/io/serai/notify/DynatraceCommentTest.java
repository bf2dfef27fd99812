package io.serai.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.serai.deliver.NotifierHarness;
import io.serai.deliver.SendFailure;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** D19, D20: the words are those of Dynatrace's own webhook. */
class DynatraceCommentTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    private NotifierHarness start(String... more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "tenant", stub.baseUrl() + "/e/abc12345/", "api-token", "dt0c01.not.a-token", "timeout", "500ms"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return NotifierHarness.start("dynatrace-comment", settings);
    }

    private LoggedRequest only() {
        assertThat(stub.getAllServeEvents()).hasSize(1);
        return stub.getAllServeEvents().get(0).getRequest();
    }

    @ParameterizedTest
    @CsvSource({"exec-delivered, v1", "exec-dead, v1", "exec-dead-v2, v2", "sms-delivered, v1", "slack-dead, v2"})
    void theEndOfADeliveryIsNotedOnItsProblem(String sample, String api) throws Exception {
        stub.stubFor(post(urlPathMatching("/e/abc12345/api/.*"))
                .withHeader("Authorization", equalTo("Api-Token dt0c01.not.a-token"))
                .willReturn(aResponse().withStatus(api.equals("v1") ? 200 : 201)));
        try (NotifierHarness harness = start("api", api, "user", "serai")) {
            harness.send(sample);

            JsonNode expected = harness.expected(sample);
            assertThat(only().getUrl())
                    .isEqualTo("/e/abc12345" + expected.get("path").asText());
            assertThat(JSON.readTree(only().getBody())).isEqualTo(expected.get("body"));
        }
    }

    @Test
    void withoutASettingTheCommentIsFromTheUserOfTheSystem() throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(200)));
        try (NotifierHarness harness = start("api", "v1")) {
            ObjectNode input = (ObjectNode) harness.sample("exec-dead");
            ((ObjectNode) input.get("destination")).remove("user");

            harness.send(input);

            assertThat(JSON.readTree(only().getBody()).get("user").asText()).isEqualTo(System.getProperty("user.name"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"other-provider", "hostile-pid"})
    void whatIsNoProblemOfDynatraceIsLeftAlone(String sample) throws Exception {
        try (NotifierHarness harness = start()) {
            Exchange exchange = harness.send(sample);

            assertThat(stub.getAllServeEvents()).isEmpty();
            assertThat(exchange.getVariable("result", JsonNode.class).has("skipped"))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"429, RETRY", "500, RETRY", "401, PERMANENT", "404, PERMANENT"})
    void aRefusalIsUnderstood(int status, SendFailure.Kind kind) throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status)));
        try (NotifierHarness harness = start()) {
            assertThat(catchThrowableOfType(SendFailure.class, () -> harness.send("exec-dead-v2"))
                            .kind())
                    .isEqualTo(kind);
        }
    }

    @Test
    void aSilentTenantIsTriedAgain() throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withFixedDelay(60_000)));
        try (NotifierHarness harness = start()) {
            assertThat(catchThrowableOfType(SendFailure.class, () -> harness.send("exec-dead-v2"))
                            .kind())
                    .isEqualTo(SendFailure.Kind.RETRY);
        }
    }
}
