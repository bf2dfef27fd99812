package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.record.FreshStore;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** K5, O13: systems that keep incidents of their own, from their samples on the wire to the row. */
class ForeignIncidentsTest {
    private static final String SECRET = "shared between two";

    @TempDir
    Path data;

    private Hub hub;

    @BeforeEach
    void open() throws Exception {
        hub = new Hub(data, Map.of("serai.provider.github.signed.webhook-secret", SECRET));
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void whatIsNoAlertIsKeptAndMakesNone() throws Exception {
        for (String sample : new String[] {
            "github/ping",
            "github/push",
            "pagerduty/v3-ping",
            "pagerduty/v3-service-updated",
            "pagerduty/v3-annotated",
            "sentry/installation-created",
            "sentry/comment-created",
            "jira/comment-created",
            "jira/made-by-serai"
        }) {
            assertThat(send(sample)).as(sample).contains("\"alerts\":[]");
        }
        assertThat(FreshStore.number(hub.store(), "select count(*) from receipt where quarantined = 0"))
                .isEqualTo(9);
        assertThat(FreshStore.number(hub.store(), "select count(*) from alert")).isZero();
    }

    @Test
    void anIssueIsOneAlertWhicheverHookTellsOfIt() throws Exception {
        assertThat(send("sentry/plugin-firing")).contains("\"new\"");
        assertThat(send("sentry/event-alert-firing")).contains("\"duplicate\"");
        assertThat(send("sentry/issue-resolved")).contains("\"resolved\"");
        assertThat(send("sentry/issue-assigned-after-its-end")).contains("\"duplicate\"");
    }

    @Test
    void aLateWordDoesNotReopenAnIncident() throws Exception {
        assertThat(send("pagerduty/v3-triggered-firing")).contains("\"new\"");
        assertThat(send("pagerduty/v3-resolved")).contains("\"resolved\"");
        assertThat(send("pagerduty/v3-acknowledged")).contains("\"stale\"");
    }

    @Test
    void aNoteChangesNoState() throws Exception {
        assertThat(send("opsgenie/create-firing")).contains("\"new\"");
        assertThat(send("opsgenie/acknowledge")).contains("\"changed\"");
        assertThat(send("opsgenie/add-note")).contains("\"stale\"");
        assertThat(FreshStore.number(
                        hub.store(),
                        "select count(*) from alert_full where content like '%\"status\":\"acknowledged\"%'"))
                .isEqualTo(1);
    }

    @Test
    void aSecretOfAnInstanceMakesItsSignatureADuty() throws Exception {
        String path = "/api/alerts/event/github?provider_id=signed";
        String ping = body("github/ping");

        assertThat(hub.post(path, ping, "X-Hub-Signature-256", "sha256=" + signed(ping))
                        .statusCode())
                .isEqualTo(202);
        assertThat(hub.post(path, ping, "X-Hub-Signature-256", "sha256=" + signed(ping + " "))
                        .statusCode())
                .isEqualTo(401);
        assertThat(hub.post(path, ping, "X-API-KEY", hub.key()).statusCode()).isEqualTo(401);
    }

    /** To the provider's own door; what it answers. */
    private String send(String sample) throws Exception {
        HttpResponse<String> answer =
                hub.post("/api/alerts/event/" + sample.split("/")[0], body(sample), "X-API-KEY", hub.key());
        assertThat(answer.statusCode()).as(sample).isEqualTo(202);
        return answer.body();
    }

    private static String body(String sample) throws Exception {
        String[] names = sample.split("/");
        return Files.readString(Path.of("routes/providers", names[0], "samples", names[1] + ".json"));
    }

    private static String signed(String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }
}
