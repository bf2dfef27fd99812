package io.serai.door.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.Hub;
import io.serai.record.FreshStore;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** O12, O13, O15, O17: Overwatch's webhook from the wire to the row. */
class OverwatchTest {
    private static final String PATH = "/api/alerts/event/overwatch";
    private static final String SECRET = "shared between two";
    private static final String SPACED =
            """
            {"severity": "high", "id": "ow-1", "title": "Köln is slow", "status": "firing", "load": 1.0}""";
    private static final String RESERIALISED =
            "{\"severity\":\"high\",\"id\":\"ow-1\",\"title\":\"K\\u00f6ln is slow\",\"status\":\"firing\",\"load\":1.0}";

    @TempDir
    Path data;

    private Hub hub;

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void theSignatureIsOverTheRawBytes() throws Exception {
        open(Map.of("webhook-secret", SECRET));

        assertThat(status(SPACED, "X-Overwatch-Signature", signed(SPACED))).isEqualTo(202);
        assertThat(status(SPACED, "X-Overwatch-Signature", signed(RESERIALISED)))
                .isEqualTo(401);
        assertThat(status(SPACED, "X-Overwatch-Signature", "sha256=")).isEqualTo(401);
        assertThat(FreshStore.number(hub.store(), "select count(*) from receipt"))
                .isEqualTo(1);
    }

    @Test
    void aSecretMakesTheSignatureADuty() throws Exception {
        open(Map.of("webhook-secret", SECRET));

        assertThat(status(SPACED)).isEqualTo(401);
        assertThat(status(SPACED, "X-API-KEY", hub.key())).isEqualTo(401);
        assertThat(FreshStore.number(hub.store(), "select count(*) from receipt"))
                .isZero();
    }

    @Test
    void aSenderThatSignsReserialisedJsonIsServedWhenAskedFor() throws Exception {
        open(Map.of("webhook-secret", SECRET, "signature-over", "compact-json", "signature-header", "X-Signed"));

        assertThat(status(SPACED, "X-Signed", signed(RESERIALISED))).isEqualTo(202);
        assertThat(status(SPACED, "X-Signed", signed(SPACED))).isEqualTo(401);
        assertThat(status("no json", "X-Signed", signed("no json"))).isEqualTo(401);
    }

    @Test
    void everyFaultIsNamedAtOnceAndTheBodyIsKept() throws Exception {
        open(Map.of());

        HttpResponse<String> answer = hub.post(
                PATH, "{\"id\": \"ow-1\", \"severity\": \"URGENT\", \"status\": \"open\"}", "X-API-KEY", hub.key());

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body())
                .contains("Missing required field: title", "Invalid severity: URGENT", "Invalid status: open");
        assertThat(FreshStore.number(hub.store(), "select count(*) from receipt where quarantined = 1"))
                .isEqualTo(1);
    }

    @Test
    void aSeverityThatRisesIsAChangeAndALateResolveIsToldToNobody() throws Exception {
        open(Map.of());

        assertThat(body(SPACED)).contains("\"verdict\":\"new\"");
        assertThat(body(SPACED.replace("\"high\"", "\"critical\""))).contains("\"verdict\":\"changed\"");
        assertThat(body(SPACED.replace("ow-1", "ow-2").replace("firing", "resolved")))
                .contains("\"verdict\":\"late-resolve\"");
    }

    private void open(Map<String, String> overwatch) throws Exception {
        Map<String, String> settings = new HashMap<>();
        overwatch.forEach((key, value) -> settings.put("serai.provider.overwatch." + key, value));
        hub = new Hub(data, settings);
    }

    private int status(String body, String... headers) throws Exception {
        return hub.post(PATH, body, headers).statusCode();
    }

    private String body(String body) throws Exception {
        return hub.post(PATH, body, "X-API-KEY", hub.key()).body();
    }

    private static String signed(String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }
}
