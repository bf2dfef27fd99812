package io.serai.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.serai.deliver.NotifierHarness;
import io.serai.deliver.SendFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlackTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    private NotifierHarness webhook() throws Exception {
        return NotifierHarness.start(
                "slack", Map.of("url", stub.baseUrl() + "/services/T0/B0/key", "timeout", "500ms"));
    }

    private NotifierHarness bot() throws Exception {
        return NotifierHarness.start(
                "slack",
                Map.of(
                        "mode", "bot",
                        "token", "xoxb-not-a-token",
                        "channel", "#ops",
                        "api-url", stub.baseUrl() + "/api",
                        "timeout", "500ms"));
    }

    private List<LoggedRequest> requests() {
        return stub.findAll(postRequestedFor(anyUrl()));
    }

    private static JsonNode body(LoggedRequest request) throws Exception {
        return JSON.readTree(request.getBody());
    }

    @ParameterizedTest
    @ValueSource(strings = {"firing", "changed", "resolved", "hostile-text", "long-text", "minimal-test"})
    void aWebhookGetsTheMessage(String sample) throws Exception {
        stub.stubFor(post("/services/T0/B0/key").willReturn(aResponse().withBody("ok")));
        try (NotifierHarness harness = webhook()) {
            harness.send(sample);

            JsonNode message = body(requests().get(0));
            assertThat(message).isEqualTo(harness.expected(sample).get("body"));
            withinTheLimitsOfBlockKit(message);
        }
    }

    private static void withinTheLimitsOfBlockKit(JsonNode message) {
        assertThat(message.at("/blocks/0/text/text").asText()).hasSizeLessThanOrEqualTo(150);
        JsonNode blocks = message.at("/attachments/0/blocks");
        assertThat(message.get("blocks").size() + blocks.size()).isLessThanOrEqualTo(50);
        for (JsonNode block : blocks) {
            assertThat(block.at("/text/text").asText()).hasSizeLessThanOrEqualTo(3000);
            assertThat(block.path("fields").size()).isLessThanOrEqualTo(10);
            block.path("fields")
                    .forEach(field -> assertThat(field.get("text").asText()).hasSizeLessThanOrEqualTo(2000));
        }
    }

    @Test
    void nothingOfASenderMeansAnythingToSlack() throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withBody("ok")));
        try (NotifierHarness harness = webhook()) {
            harness.send("hostile-text");

            String sent = requests().get(0).getBodyAsString();
            assertThat(sent).doesNotContain("<!", "<@", "<#", "<http", "javascript:", "\\u001b", "\u202e");
            assertThat(sent)
                    .contains("&lt;!channel&gt;", "&lt;@U012AB&gt;", "\"link_names\":false", "\"verbatim\":true");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 30_000})
    void textOfAnyLengthIsMapped(int times) throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withBody("ok")));
        try (NotifierHarness harness = webhook()) {
            ObjectNode input = (ObjectNode) harness.sample("firing");
            ((ObjectNode) input.get("alert")).put("description", "<\n\u0007&".repeat(times));

            harness.send(input);

            withinTheLimitsOfBlockKit(body(requests().get(0)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "429, RETRY",
        "500, RETRY",
        "503, RETRY",
        "400, PERMANENT",
        "403, PERMANENT",
        "404, PERMANENT",
        "410, PERMANENT"
    })
    void aWebhooksRefusalIsUnderstood(int status, SendFailure.Kind kind) throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status).withHeader("Retry-After", "5")));
        try (NotifierHarness harness = webhook()) {
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));

            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.retryAfter()).isEqualTo(kind == SendFailure.Kind.RETRY ? Duration.ofSeconds(5) : null);
        }
    }

    @Test
    void aSilentSlackIsTriedAgain() throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withFixedDelay(60_000)));
        try (NotifierHarness harness = webhook()) {
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));

            assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
        }
    }

    @Test
    void theBotsFirstMessageIsRemembered() throws Exception {
        stub.stubFor(post("/api/chat.postMessage")
                .withHeader("Authorization", equalTo("Bearer xoxb-not-a-token"))
                .willReturn(okJson("{\"ok\":true,\"channel\":\"C0AB12CD3\",\"ts\":\"1763712902.000100\"}")));
        try (NotifierHarness harness = bot()) {
            Exchange exchange = harness.send("bot-firing");

            assertThat(exchange.getVariable("reference")).isEqualTo("C0AB12CD3:1763712902.000100");
            assertThat(requests()).hasSize(1);
            assertThat(body(requests().get(0)))
                    .isEqualTo(harness.expected("bot-firing").at("/body/post"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"ok\":true}", "{\"ok\":false,\"error\":\"message_not_found\"}"})
    void aLaterChangeRecoloursTheFirstMessageAndAnswersInItsThread(String update) throws Exception {
        stub.stubFor(post("/api/chat.update").willReturn(okJson(update)));
        stub.stubFor(post("/api/chat.postMessage")
                .withHeader("Authorization", equalTo("Bearer xoxb-not-a-token"))
                .willReturn(okJson("{\"ok\":true,\"channel\":\"C0AB12CD3\",\"ts\":\"1763713902.000200\"}")));
        try (NotifierHarness harness = bot()) {
            Exchange exchange = harness.send("bot-resolved");

            assertThat(requests())
                    .extracting(LoggedRequest::getUrl)
                    .containsExactly("/api/chat.update", "/api/chat.postMessage");
            assertThat(body(requests().get(0)))
                    .isEqualTo(harness.expected("bot-resolved").at("/body/update"));
            assertThat(body(requests().get(1)))
                    .isEqualTo(harness.expected("bot-resolved").at("/body/post"));
            assertThat(exchange.getVariable("reference"))
                    .as("the first message stays the one")
                    .isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"ok\":false,\"error\":\"ratelimited\"}', RETRY, 200",
        "'{\"ok\":false,\"error\":\"internal_error\"}', RETRY, 200",
        "'<html>sign in</html>', RETRY, 200",
        "'{\"ok\":false,\"error\":\"invalid_auth\"}', PERMANENT, 401",
        "'{\"ok\":false,\"error\":\"token_revoked\"}', PERMANENT, 401",
        "'{\"ok\":false,\"error\":\"missing_scope\"}', PERMANENT, 403",
        "'{\"ok\":false,\"error\":\"is_archived\"}', PERMANENT, 200"
    })
    void aRefusalWithStatus200IsOne(String answer, SendFailure.Kind kind, int meaning) throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withBody(answer)));
        try (NotifierHarness harness = bot()) {
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("bot-firing"));

            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.statusCode()).isEqualTo(meaning);
        }
    }

    @Test
    void aModeWithoutItsSettingsStopsTheStart() {
        assertThatThrownBy(() -> NotifierHarness.start("slack", Map.of()))
                .hasStackTraceContaining("serai.destination.probe.url: is missing");
        assertThatThrownBy(() -> NotifierHarness.start("slack", Map.of("mode", "bot")))
                .hasStackTraceContaining("serai.destination.probe.token: is missing");
        assertThatThrownBy(() -> NotifierHarness.start("slack", Map.of("mode", "bot", "token", "xoxb-not-a-token")))
                .hasStackTraceContaining("serai.destination.probe.channel: is missing");
    }
}
