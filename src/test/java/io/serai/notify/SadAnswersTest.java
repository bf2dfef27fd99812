package io.serai.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.serai.deliver.NotifierHarness;
import io.serai.deliver.SendFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may go wrong at any place that is told by plain HTTP. */
class SadAnswersTest {
    private static final Map<String, Map<String, String>> SETTINGS = Map.of(
            "cloudevents",
            Map.of(),
            "alertmanager",
            Map.of(),
            "teams",
            Map.of(),
            "pagerduty",
            Map.of("routing-key", "not-a-key"),
            "opsgenie",
            Map.of("api-key", "not-a-key"));

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    private SendFailure failure(NotifierHarness harness, ResponseDefinitionBuilder answer) {
        stub.resetAll();
        stub.stubFor(any(anyUrl()).willReturn(answer));
        SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));
        assertThat(stub.getAllServeEvents()).as("asked once").hasSize(1);
        assertThat(failure.getMessage()).doesNotContain("not-a-");
        return failure;
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloudevents", "alertmanager", "teams", "pagerduty", "opsgenie"})
    void whatPassesIsTriedAgainAndWhatDoesNotIsNot(String notifier) throws Exception {
        Map<String, String> settings = new HashMap<>(SETTINGS.get(notifier));
        settings.put("url", stub.baseUrl());
        settings.put("timeout", "2s");
        try (NotifierHarness harness = NotifierHarness.start(notifier, settings)) {
            SendFailure busy = failure(harness, aResponse().withStatus(429).withHeader("Retry-After", "7"));
            assertThat(busy.isPermanent()).isFalse();
            assertThat(busy.retryAfter()).isEqualTo(Duration.ofSeconds(7));
            SendFailure silent = failure(harness, aResponse().withStatus(429));
            assertThat(silent.isPermanent()).isFalse();
            assertThat(silent.retryAfter()).isNull();
            for (int status : new int[] {500, 502, 503, 504}) {
                assertThat(failure(harness, aResponse().withStatus(status)).isPermanent())
                        .isFalse();
            }
            for (int status : new int[] {302, 400, 401, 403, 410}) {
                SendFailure refused = failure(harness, aResponse().withStatus(status));
                assertThat(refused.isPermanent()).isTrue();
                assertThat(refused.statusCode()).isEqualTo(status);
            }
            assertThat(failure(harness, aResponse().withStatus(200).withFixedDelay(60_000))
                            .getMessage())
                    .startsWith("no answer in time");
            assertThat(failure(harness, aResponse().withFault(Fault.EMPTY_RESPONSE))
                            .isPermanent())
                    .as("the answer is lost, whatever the receiver did")
                    .isFalse();
        }
    }
}
