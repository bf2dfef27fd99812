package io.serai.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.Hub;
import io.serai.record.FreshStore;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SNS at the door of a whole Serai: as text, with the key in the address, and each message once. */
class CloudWatchTest {
    private static final Path SAMPLES = Path.of("routes/providers/cloudwatch/samples");

    @TempDir
    Path folder;

    private static HttpResponse<String> send(Hub hub, String path, String sample, String id) throws Exception {
        String login = Base64.getEncoder().encodeToString(("api_key:" + hub.key()).getBytes(StandardCharsets.UTF_8));
        return hub.post(
                path,
                Files.readString(SAMPLES.resolve(sample + ".json")),
                "Content-Type",
                "text/plain; charset=UTF-8",
                "Authorization",
                "Basic " + login,
                "x-amz-sns-message-id",
                id);
    }

    @Test
    void anAlarmFiresAndResolvesAndIsTakenOnce() throws Exception {
        try (Hub hub = new Hub(folder, Map.of("serai.provider.cloudwatch.confirm", "false"))) {
            String own = "/api/alerts/event/cloudwatch";
            assertThat(send(hub, own, "sns-subscription-confirmation", "m-0").statusCode())
                    .isEqualTo(202);
            assertThat(FreshStore.number(hub.store(), "select count(*) from alert"))
                    .isZero();
            assertThat(FreshStore.number(hub.store(), "select count(*) from receipt where quarantined = 1"))
                    .isZero();

            assertThat(send(hub, own, "sns-firing-missing-severity", "m-1").body())
                    .contains("\"new\"");
            assertThat(send(hub, own, "sns-firing-missing-severity", "m-1").body())
                    .contains("\"redelivered\"");
            assertThat(send(hub, "/api/alerts/event", "eventbridge-firing", "m-2")
                            .body())
                    .contains("\"duplicate\"");
            assertThat(send(hub, own, "sns-resolved", "m-3").body()).contains("\"resolved\"");
            assertThat(FreshStore.number(hub.store(), "select count(*) from alert"))
                    .isEqualTo(1);
        }
    }

    /** Raw delivery of a text: a header names the topic. */
    @Test
    void aTextWithoutEnvelopeIsAnAlertOfItsTopic() throws Exception {
        try (Hub hub = new Hub(folder, Map.of())) {
            HttpResponse<String> answer = hub.post(
                    "/api/alerts/event/cloudwatch",
                    "The nightly export did not run.\nLook at the log.",
                    "X-API-KEY",
                    hub.key(),
                    "Content-Type",
                    "text/plain; charset=UTF-8",
                    "x-amz-sns-topic-arn",
                    "arn:aws:sns:eu-central-1:210987654321:oncall");

            assertThat(answer.body()).contains("\"new\"");
            assertThat(FreshStore.text(hub.store(), "select content from alert_full"))
                    .contains("\"title\":\"The nightly export did not run.\"")
                    .contains("\"source_id\":\"arn:aws:sns:eu-central-1:210987654321:oncall/");
        }
    }

    @Test
    void withSignaturesAskedForAnUnsignedBodyIsRefusedAtBothDoors() throws Exception {
        try (Hub hub = new Hub(folder, Map.of("serai.provider.cloudwatch.signature", "v2"))) {
            for (String path : new String[] {"/api/alerts/event/cloudwatch", "/api/alerts/event"}) {
                assertThat(send(hub, path, "raw-firing-metric-math-unknown-field", "m-1")
                                .statusCode())
                        .isEqualTo(401);
            }
            assertThat(FreshStore.number(hub.store(), "select count(*) from receipt"))
                    .isZero();
        }
    }
}
