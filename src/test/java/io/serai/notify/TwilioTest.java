package io.serai.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.serai.deliver.NotifierHarness;
import io.serai.deliver.SendFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** D20, fault 27: the real SDK against Twilio's answers. */
class TwilioTest {
    private static final String ACCOUNT = "AC0123456789abcdef0123456789abcdef";

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    private NotifierHarness start(Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "account-sid", ACCOUNT,
                "auth-token", "not-a-real-token",
                "from", "+15005550006",
                "to", "+4917012341234",
                "api-url", stub.baseUrl() + "/gateway/",
                "timeout", "500ms"));
        settings.putAll(more);
        return NotifierHarness.start("twilio", settings);
    }

    private NotifierHarness start() throws Exception {
        return start(Map.of());
    }

    private void answers(int status, String body) {
        stub.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Content-Type", "application/json")
                        .withBody(body)));
    }

    @Test
    void aProblemIsTextedAndTheMaskedNumberReported() throws Exception {
        stub.stubFor(post(urlEqualTo("/gateway/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json"))
                .withBasicAuth(ACCOUNT, "not-a-real-token")
                .willReturn(aResponse()
                        .withStatus(201)
                        .withBody("{\"sid\":\"SM0123456789abcdef0123456789abcdef\",\"status\":\"queued\"}")));
        try (NotifierHarness harness = start()) {
            JsonNode result = harness.send("firing").getVariable("result", JsonNode.class);

            LoggedRequest request = stub.getAllServeEvents().get(0).getRequest();
            JsonNode expected = harness.expected("firing").get("body");
            for (String field : new String[] {"To", "From", "Body"}) {
                assertThat(request.formParameter(field).firstValue())
                        .isEqualTo(expected.get(field).asText());
            }
            assertThat(result.get("notified").asText()).isEqualTo("+49*****1234");
            assertThat(result.get("sid").asText()).isEqualTo("SM0123456789abcdef0123456789abcdef");
        }
    }

    @Test
    void anApiKeyLogsInForItsAccount() throws Exception {
        stub.stubFor(post(urlEqualTo("/gateway/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json"))
                .withBasicAuth("SK0123456789abcdef0123456789abcdef", "not-a-real-token")
                .willReturn(aResponse().withStatus(201).withBody("{\"sid\":\"SM1\"}")));
        try (NotifierHarness harness = start(Map.of("api-key", "SK0123456789abcdef0123456789abcdef"))) {
            harness.send("other-provider");
        }
    }

    @Test
    void aLongTextIsCutBeforeTheLink() throws Exception {
        answers(201, "{\"sid\":\"SM1\"}");
        try (NotifierHarness harness = start()) {
            harness.send("long-text");

            String body = stub.getAllServeEvents()
                    .get(0)
                    .getRequest()
                    .formParameter("Body")
                    .firstValue();
            assertThat(body)
                    .hasSizeLessThanOrEqualTo(1600)
                    .endsWith("&g0.tab=1")
                    .doesNotContain("\n", "\u202e");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, 21610, PERMANENT",
        "400, 21211, PERMANENT",
        "401, 20003, PERMANENT",
        "404, 20404, PERMANENT",
        "400, 20429, RETRY",
        "429, 20429, RETRY",
        "500, 20500, RETRY",
        "503, 20503, RETRY"
    })
    void aRefusalIsFinalUnlessItPasses(int status, int code, SendFailure.Kind kind) throws Exception {
        answers(status, "{\"code\":" + code + ",\"message\":\"words with +4917012341234\",\"status\":" + status + "}");
        try (NotifierHarness harness = start()) {
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));

            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.statusCode()).isEqualTo(status);
            assertThat(failure.getMessage()).isEqualTo("Twilio answered " + status + " with code " + code);
            assertThat(stub.getAllServeEvents())
                    .as("the SDK repeats nothing behind our back")
                    .hasSize(1);
        }
    }

    @Test
    void aPageInsteadOfJsonAndRetryAfterAreUnderstood() throws Exception {
        stub.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(503)
                        .withHeader("Retry-After", "11")
                        .withBody("<html>busy</html>")));
        try (NotifierHarness harness = start()) {
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));

            assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
            assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(11));
        }
    }

    @Test
    void aSilentAndABrokenConnectionAreTriedAgain() throws Exception {
        try (NotifierHarness harness = start()) {
            stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(201).withFixedDelay(60_000)));
            SendFailure silent = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));
            assertThat(silent.kind()).isEqualTo(SendFailure.Kind.RETRY);

            stub.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
            SendFailure reset = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));
            assertThat(reset.kind()).isEqualTo(SendFailure.Kind.RETRY);
            assertThat(reset.statusCode()).isZero();
        }
    }

    @Test
    void shortNumbersAreMaskedToo() {
        assertThat(TwilioMessage.masked("+4917012341234")).isEqualTo("+49*****1234");
        assertThat(TwilioMessage.masked("12")).isEqualTo("12*****12");
    }
}
