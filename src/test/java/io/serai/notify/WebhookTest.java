package io.serai.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import com.standardwebhooks.Webhook;
import io.serai.deliver.NotifierHarness;
import io.serai.deliver.SendFailure;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WebhookTest {
    private static final String SECRET = "whsec_YW55LW9sZC1rZXktd2l0aC0yNC1ieXRlcw==";
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    private NotifierHarness start() throws Exception {
        return NotifierHarness.start(
                "webhook", Map.of("url", stub.baseUrl() + "/in?team=a&x=1", "secret", SECRET, "timeout", "500ms"));
    }

    @Test
    void aReceiverWithTheReferenceLibraryAcceptsTheRequest() throws Exception {
        stub.stubFor(post("/in?team=a&x=1").willReturn(aResponse().withStatus(204)));
        try (NotifierHarness harness = start()) {
            harness.send("firing");

            LoggedRequest request = stub.getAllServeEvents().get(0).getRequest();
            assertThat(JSON.readTree(request.getBody()))
                    .isEqualTo(harness.expected("firing").get("body"));
            harness.expected("firing").get("headers").properties().forEach(each -> assertThat(
                            request.getHeader(each.getKey()))
                    .isEqualTo(each.getValue().asText()));
            Map<String, List<String>> headers = request.getHeaders().all().stream()
                    .collect(Collectors.toMap(each -> each.key(), each -> each.values()));
            assertThatCode(() -> new Webhook(SECRET)
                            .verify(request.getBodyAsString(), HttpHeaders.of(headers, (name, value) -> true)))
                    .doesNotThrowAnyException();
            assertThat(headers.keySet()).as("nothing of ours leaks").noneMatch(name -> name.toLowerCase()
                    .matches("(camel|serai-|breadcrumb).*"));
            assertThat(request.getHeader("User-Agent")).startsWith("Serai");
        }
    }

    @Test
    void aBusyReceiverIsToBeTriedAgainWhenItWishes() throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(429).withHeader("Retry-After", "7")));
        try (NotifierHarness harness = start()) {
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));

            assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
            assertThat(failure.statusCode()).isEqualTo(429);
            assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
            assertThat(stub.getAllServeEvents())
                    .as("the client repeats nothing itself")
                    .hasSize(1);
        }
    }

    @Test
    void aRefusalIsPermanentAndARedirectIsNotFollowed() throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(302).withHeader("Location", "/elsewhere")));
        try (NotifierHarness harness = start()) {
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));

            assertThat(failure.isPermanent()).isTrue();
            assertThat(failure.statusCode()).isEqualTo(302);
            assertThat(stub.getAllServeEvents()).hasSize(1);
        }
    }

    @Test
    void aBrokenConnectionAndASilentReceiverAreToBeTriedAgain() throws Exception {
        try (NotifierHarness harness = start()) {
            stub.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
            SendFailure reset = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));
            assertThat(reset.kind()).isEqualTo(SendFailure.Kind.RETRY);

            stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(200).withFixedDelay(60_000)));
            SendFailure silent = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));
            assertThat(silent.kind()).isEqualTo(SendFailure.Kind.RETRY);
            assertThat(silent.getMessage()).startsWith("no answer in time");
        }
    }
}
