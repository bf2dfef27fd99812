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
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.serai.deliver.NotifierHarness;
import io.serai.deliver.SendFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sad cases of the places that need settings of their own (faults 22, 23, 27 and 28): busy, broken, silent, lost. */
class LostAnswersTest {
    enum Place {
        WEBHOOK("firing", "url", Map.of("secret", "whsec_bm90LWEtc2VjcmV0LWJ1dC1sb25nLWVub3VnaA==")),
        SLACK("firing", "url", Map.of()),
        SLACK_BOT("bot-firing", "api-url", Map.of("mode", "bot", "token", "not-a-token", "channel", "C0AB12CD3")),
        TWILIO(
                "firing",
                "api-url",
                Map.of(
                        "account-sid", "AC00000000000000000000000000000000",
                        "auth-token", "not-a-token",
                        "from", "+15005550006",
                        "to", "+4917012341234")),
        DYNATRACE_COMMENT("exec-dead-v2", "tenant", Map.of("api-token", "not-a-token"));

        final String sample;
        final String address;
        final Map<String, String> settings;

        Place(String sample, String address, Map<String, String> settings) {
            this.sample = sample;
            this.address = address;
            this.settings = settings;
        }

        NotifierHarness start(String url) throws Exception {
            Map<String, String> all = new HashMap<>(settings);
            all.put(address, url);
            all.put("timeout", "3s");
            String notifier = this == SLACK_BOT
                    ? "slack"
                    : name().toLowerCase(Locale.ROOT).replace('_', '-');
            return NotifierHarness.start(notifier, all);
        }
    }

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    private SendFailure failure(NotifierHarness harness, Place place, ResponseDefinitionBuilder answer) {
        stub.resetAll();
        stub.stubFor(any(anyUrl()).willReturn(answer));
        SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send(place.sample));
        assertThat(stub.getAllServeEvents())
                .as("the client repeats nothing itself")
                .hasSize(1);
        assertThat(failure.getMessage()).doesNotContain("not-a-");
        return failure;
    }

    @ParameterizedTest
    @EnumSource
    void whatPassesIsTriedAgainAndWhatDoesNotIsNot(Place place) throws Exception {
        try (NotifierHarness harness = place.start(stub.baseUrl())) {
            SendFailure busy =
                    failure(harness, place, aResponse().withStatus(429).withHeader("Retry-After", "7"));
            assertThat(busy.kind()).isEqualTo(SendFailure.Kind.RETRY);
            assertThat(busy.retryAfter()).isEqualTo(Duration.ofSeconds(7));
            SendFailure silent = failure(harness, place, aResponse().withStatus(429));
            assertThat(silent.kind()).isEqualTo(SendFailure.Kind.RETRY);
            assertThat(silent.retryAfter()).isNull();
            for (int status : new int[] {500, 502, 503, 504}) {
                assertThat(failure(harness, place, aResponse().withStatus(status))
                                .kind())
                        .isEqualTo(SendFailure.Kind.RETRY);
            }
            for (int status : new int[] {400, 401, 403, 404}) {
                SendFailure refused = failure(harness, place, aResponse().withStatus(status));
                assertThat(refused.isPermanent()).isTrue();
                assertThat(refused.statusCode()).isEqualTo(status);
            }
        }
    }

    /** P4: whoever can tell a repeat from a new message can do so here, for the second request is the first. */
    @ParameterizedTest
    @EnumSource
    void aLostAnswerMakesTheSameRequestAgain(Place place) throws Exception {
        try (NotifierHarness harness = place.start(stub.baseUrl())) {
            for (ResponseDefinitionBuilder answer : List.of(
                    aResponse().withFault(Fault.EMPTY_RESPONSE),
                    aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
                    aResponse().withStatus(200).withFixedDelay(60_000))) {
                SendFailure failure = failure(harness, place, answer);
                assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
                assertThat(failure.statusCode()).isZero();
            }
            LoggedRequest first = stub.getAllServeEvents().get(0).getRequest();
            failure(harness, place, aResponse().withFault(Fault.EMPTY_RESPONSE));
            LoggedRequest second = stub.getAllServeEvents().get(0).getRequest();

            assertThat(second.getUrl()).isEqualTo(first.getUrl());
            assertThat(second.getBodyAsString()).isEqualTo(first.getBodyAsString());
            assertThat(second.getHeader("webhook-id")).isEqualTo(first.getHeader("webhook-id"));
        }
    }
}
