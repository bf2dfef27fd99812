package io.serai.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.deliver.Delivery;
import io.serai.deliver.Destinations;
import io.serai.deliver.HttpSink;
import io.serai.deliver.NotifierCatalog;
import io.serai.deliver.NotifierHarness;
import io.serai.deliver.OutboundMetrics;
import io.serai.deliver.SendFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a step of any notifier's jq means. How real APIs are talked to is tested beside each notifier. */
class DialogueTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Delivery DELIVERY =
            new Delivery(1, 1, 1, 1, 1, "probe", "webhook", 1, 0, "1.1.probe", "why", Instant.EPOCH, 1, "t");

    private final HttpSink sink = new HttpSink(
            Destinations.of(
                    new HashMap<>(Map.of(
                            "serai.destination.probe.notifier", "webhook",
                            "serai.destination.probe.url", "https://receiver.example/in",
                            "serai.destination.probe.secret", "whsec_c2VjcmV0",
                            "serai.destination.probe.retry.codes", "429")),
                    NotifierCatalog.load(NotifierHarness.ROUTES)),
            new OutboundMetrics(),
            Clock.systemUTC());
    private final Dialogue dialogue = new Dialogue(sink, new TicketAnswer(sink));
    private final ObjectNode talk =
            dialogue.begin(JSON.createObjectNode(), JSON.createObjectNode().put("mine", 1));

    private static JsonNode step(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private SendFailure failure(String step) {
        return catchThrowableOfType(SendFailure.class, () -> dialogue.asks(step(step), talk, DELIVERY, "7"));
    }

    @ParameterizedTest
    @CsvSource({
        "retry, RETRY, 12",
        "dead, PERMANENT, ",
        "pause, REFUSED, ",
    })
    void aStepSaysWhatStillHelps(String word, SendFailure.Kind kind, Long seconds) {
        SendFailure failure = failure("{'step':'" + word + "','status':418,'reason':'too hot','wait':12}");

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.statusCode()).isEqualTo(418);
        assertThat(failure.getMessage()).isEqualTo("too hot");
        assertThat(failure.retryAfter()).isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
    }

    @Test
    void whatIsRefusedMeansWhatItsStatusMeansForThisDestination() {
        SendFailure busy = failure("{'step':'refused','status':429,'reason':'busy'}");
        SendFailure broken = failure("{'step':'refused','status':503,'reason':'broken'}");

        assertThat(busy.kind()).isEqualTo(SendFailure.Kind.RETRY);
        assertThat(busy.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(broken.kind()).as("not among its retry codes").isEqualTo(SendFailure.Kind.PERMANENT);
    }

    /** P10: a mapping may repeat words of an answer, and an answer what we sent. */
    @Test
    void aReasonIsOneShortLineWithoutSecrets() {
        assertThat(failure("{'step':'dead','reason':'no whsec_c2VjcmV0 here'}").getMessage())
                .isEqualTo("refused, in words that hold a secret");
        assertThat(failure("{'step':'dead','reason':'a\\nb\\u2028c\\u202e" + "x".repeat(400) + "'}")
                        .getMessage())
                .startsWith("a b c x")
                .hasSize(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'step':'sing'}", "{'step':'ask','method':'TRACE'}", "[]", "null"})
    void whatIsNoStepIsFinal(String step) {
        assertThat(failure(step).isPermanent()).isTrue();
    }

    @Test
    void aMappingThatAsksForEverIsStopped() throws Exception {
        JsonNode ask = step("{'step':'ask','name':'again'}");
        int asked = 0;
        while (asked < 1000 && goesOn(ask)) {
            dialogue.heard("{}", 200, ask, talk);
            asked++;
        }

        assertThat(asked).isEqualTo(Dialogue.MOST);
        assertThat(failure("{'step':'ask','name':'again'}").kind()).isEqualTo(SendFailure.Kind.RETRY);
    }

    private boolean goesOn(JsonNode step) {
        try {
            return dialogue.asks(step, talk, DELIVERY, null);
        } catch (SendFailure e) {
            return false;
        }
    }

    @Test
    void onlyAFailureThatMayPassIsTolerated() throws Exception {
        JsonNode ask = step("{'step':'ask','name':'state','tolerate':true}");
        dialogue.failed(new SendFailure(SendFailure.Kind.RETRY, 503, "answered HTTP 503", null), ask, talk);

        assertThat(talk.get("answers").toString())
                .isEqualTo("[{\"name\":\"state\",\"status\":503,\"failed\":\"answered HTTP 503\"}]");
        for (SendFailure each : new SendFailure[] {
            new SendFailure(SendFailure.Kind.RETRY, 429, "answered HTTP 429", Duration.ofSeconds(3)),
            new SendFailure("answered HTTP 400")
        }) {
            assertThat(catchThrowableOfType(SendFailure.class, () -> dialogue.failed(each, ask, talk)))
                    .isSameAs(each);
        }
        assertThat(talk.get("answers")).hasSize(1);
    }

    @Test
    void aWaitStaysWithinALease() throws Exception {
        assertThat(dialogue.pause(step("{'after':900000000}"))).isBetween(0L, 5_000L);
        assertThat(dialogue.pause(step("{}"))).isZero();
    }
}
