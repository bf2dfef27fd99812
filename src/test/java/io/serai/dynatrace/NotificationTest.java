package io.serai.dynatrace;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.serai.Hub;
import io.serai.record.FreshStore;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** D1, D9, D12, D13, D23: Dynatrace's custom notification at its own addresses. */
class NotificationTest {
    private static final String OPEN = "{\"State\": \"OPEN\", \"ProblemID\": \"P-71\", \"PID\": \"-71_V2\"}";
    private static final String ALERTS = "select count(*) from alert";

    @RegisterExtension
    static final WireMockExtension TENANT =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    @TempDir
    Path data;

    private Hub hub;

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void theNotificationIsAnsweredOkOnceTheRowIsThere() throws Exception {
        open(Map.of());

        HttpResponse<String> answer =
                hub.post("/webhooks/dynatrace", OPEN, "Authorization", basic("api_key", hub.key()));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("OK");
        assertThat(FreshStore.number(hub.store(), ALERTS)).isEqualTo(1);
    }

    @Test
    void theRootIsClosedUnlessAskedFor() throws Exception {
        open(Map.of());

        assertThat(hub.post("/", OPEN, "Authorization", basic("api_key", hub.key()))
                        .statusCode())
                .isIn(404, 405);
        assertThat(FreshStore.number(hub.store(), ALERTS)).isZero();
    }

    @Test
    void theRootAnswersLikeThePythonWebhookWithItsOwnUser() throws Exception {
        open(Map.of("root", "true", "username", "dynatrace", "password", "correct horse"));

        assertThat(hub.post("/", OPEN, "Authorization", basic("dynatrace", "s3cr3t"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(hub.post("/", OPEN).statusCode()).isEqualTo(401);
        assertThat(FreshStore.number(hub.store(), ALERTS)).isZero();

        HttpResponse<String> answer = hub.post("/", OPEN, "Authorization", basic("dynatrace", "correct horse"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("OK");
        assertThat(FreshStore.number(hub.store(), ALERTS)).isEqualTo(1);
    }

    @Test
    void aNotificationWithoutAnIdentityIsRefusedAndKept() throws Exception {
        open(Map.of());

        HttpResponse<String> answer =
                hub.post("/webhooks/dynatrace", "{\"State\": \"OPEN\"}", "Authorization", basic("api_key", hub.key()));

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("ProblemID");
        assertThat(FreshStore.number(hub.store(), "select count(*) from receipt where quarantined = 1"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "999, 99999, true",
        "P-999, 99999, true",
        "999, 999990, false",
        "19991, 99999, false",
        "9990, 99999, false",
        "1999, 19999, false",
    })
    void onlyTheExactTestMessageIsATest(String problem, String pid, boolean test) throws Exception {
        open(Map.of());

        hub.post(
                "/webhooks/dynatrace",
                "{\"State\": \"OPEN\", \"ProblemID\": \"%s\", \"PID\": \"%s\"}".formatted(problem, pid),
                "Authorization",
                basic("api_key", hub.key()));

        assertThat(FreshStore.text(hub.store(), "select content from alert_full"))
                .contains("\"test\":" + test);
    }

    @Test
    void theTestMessagesIdsCanBeSet() throws Exception {
        open(Map.of("test-problem-id", "4242", "test-pid", "42_V2"));

        hub.post(
                "/webhooks/dynatrace",
                "{\"State\": \"OPEN\", \"ProblemID\": \"4242\", \"PID\": \"42_V2\"}",
                "Authorization",
                basic("api_key", hub.key()));

        assertThat(FreshStore.text(hub.store(), "select content from alert_full"))
                .contains("\"test\":true");
    }

    @Test
    void theSecondPushOfAStateIsADuplicateAndTheThirdStateResolves() throws Exception {
        open(Map.of());
        String authorization = basic("api_key", hub.key());
        String path = "/api/alerts/event/dynatrace";

        assertThat(hub.post(path, OPEN, "Authorization", authorization).body()).contains("\"verdict\":\"new\"");
        assertThat(hub.post(path, OPEN, "Authorization", authorization).body()).contains("\"verdict\":\"duplicate\"");
        assertThat(hub.post(path, OPEN.replace("OPEN", "RESOLVED"), "Authorization", authorization)
                        .body())
                .contains("\"verdict\":\"resolved\"");
    }

    @Test
    void theDetailsOfAPushComeFromTheTenantBeforeAnybodyIsTold() throws Exception {
        TENANT.stubFor(
                get(urlPathEqualTo("/api/v2/problems/-71_V2"))
                        .withHeader("Authorization", equalTo("Api-Token dt0c01.T"))
                        .willReturn(
                                okJson(
                                        """
                        {"problemId": "-71_V2", "displayId": "P-71", "title": "Disk is slow", "status": "OPEN",
                         "severityLevel": "AVAILABILITY", "impactLevel": "INFRASTRUCTURE", "startTime": 1931502300000,
                         "endTime": -1, "impactedEntities": [{"entityId": {"id": "HOST-7", "type": "HOST"}, "name": "db1"}]}""")));
        open(Map.of("tenant", TENANT.baseUrl(), "api-token", "dt0c01.T"));

        hub.post("/webhooks/dynatrace", OPEN, "Authorization", basic("api_key", hub.key()));

        Awaitility.await().until(() -> FreshStore.number(hub.store(), "select count(*) from change") == 1);
        assertThat(FreshStore.text(hub.store(), "select content from alert_full"))
                .contains(
                        "Disk is slow",
                        "\"critical\"",
                        "db1",
                        TENANT.baseUrl() + "/#problems/problemdetails;pid=-71_V2");
        assertThat(FreshStore.number(hub.store(), "select count(*) from inbox")).isZero();
    }

    private void open(Map<String, String> dynatrace) throws Exception {
        Map<String, String> settings = new HashMap<>();
        dynatrace.forEach((key, value) -> settings.put("serai.provider.dynatrace." + key, value));
        hub = new Hub(data, settings);
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
