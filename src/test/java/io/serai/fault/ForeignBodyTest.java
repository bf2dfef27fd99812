package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.Hub;
import io.serai.record.FreshStore;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fault 51 from outside: who sends to the wrong door is told the right one, and nothing is lost. */
class ForeignBodyTest {
    @TempDir
    Path folder;

    private static HttpResponse<String> post(Hub hub, String path, String body) throws Exception {
        return hub.post(path, body, "X-API-KEY", hub.key());
    }

    @Test
    void whoSendsToTheWrongDoorIsToldTheRightOne() throws Exception {
        String body = Files.readString(Path.of("routes/providers/pagerduty/samples/v3-triggered-firing.json"));
        try (Hub hub = new Hub(folder, Map.of())) {
            HttpResponse<String> answer = post(hub, "/api/alerts/event/zabbix", body);
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(answer.body()).contains("this is a body of pagerduty: send it to /api/alerts/event/pagerduty");
            assertThat(FreshStore.number(hub.store(), "select count(*) from receipt"))
                    .as("kept")
                    .isEqualTo(1);
            assertThat(FreshStore.number(hub.store(), "select count(*) from alert_full"))
                    .as("alerts")
                    .isZero();
            HttpResponse<String> replayed = hub.post("/api/receipts/1/replay", "", "X-API-KEY", hub.operatorKey());
            assertThat(replayed.statusCode()).isEqualTo(422);
            assertThat(replayed.body()).contains("send it to /api/alerts/event/pagerduty");
            HttpResponse<String> right = post(hub, "/api/alerts/event/pagerduty", body);
            assertThat(right.statusCode()).isEqualTo(202);
        }
    }
}
