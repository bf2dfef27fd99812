package io.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serai.config.ConfigurationError;
import io.serai.config.Settings;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One whole Serai, as {@code ./serai run} starts it. */
class ApplicationTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    private Settings settings(String destinations) throws IOException {
        return settings(destinations, Map.of());
    }

    private Settings settings(String destinations, Map<String, String> more) throws IOException {
        Path file = folder.resolve("application.properties");
        Files.writeString(file, destinations);
        Map<String, String> overrides = new HashMap<>(Map.of(
                "serai.port", "0",
                "serai.management-port", "0",
                "serai.data", folder.resolve("data").toString(),
                "serai.routes", Path.of("routes").toAbsolutePath().toString(),
                "serai.tables", Path.of("tables").toAbsolutePath().toString()));
        overrides.putAll(more);
        return Settings.load(folder, file, Map.of(), overrides);
    }

    private HttpResponse<String> send(Application serai, String method, String path, String key, String body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + serai.port() + path))
                .header("X-API-KEY", key)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void takesAnAlertTellsTheConsoleAndExplainsItself() throws Exception {
        try (Application serai = Application.start(settings("serai.destination.console.notifier=console\n"))) {
            String ingest = serai.firstKeys().ingest().orElseThrow();
            String operator = serai.firstKeys().operator().orElseThrow();
            HttpResponse<String> accepted = send(
                    serai,
                    "POST",
                    "/api/alerts/event/generic",
                    ingest,
                    "{\"title\":\"Checkout is slow\",\"status\":\"firing\",\"severity\":\"critical\",\"service\":\"checkout\"}");
            assertThat(accepted.statusCode()).isEqualTo(202);
            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                            send(serai, "GET", "/api/deliveries", operator, "").body())
                    .contains("\"state\":\"delivered\""));
            assertThat(send(serai, "GET", "/api/alerts", ingest, "").statusCode())
                    .isEqualTo(403);
            JsonNode alert = JSON.readTree(
                            send(serai, "GET", "/api/alerts", operator, "").body())
                    .path("data")
                    .path("alerts")
                    .path(0);
            assertThat(alert.path("title").asText()).isEqualTo("Checkout is slow");
            assertThat(alert.path("original").path("severity").asText()).isEqualTo("critical");
            assertThat(send(serai, "GET", "/api/alerts/1/explain", operator, "").body())
                    .contains("critical goes to everyone who takes critical");
            JsonNode health =
                    JSON.readTree(send(serai, "GET", "/health", "none", "").body());
            assertThat(health.path("status").asText()).isEqualTo("healthy");
            HttpResponse<String> metrics = client.send(
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + serai.managementPort() + "/observe/metrics"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(metrics.body())
                    .contains(
                            "serai_conservation_balance 0.0",
                            "serai_stage_time_seconds_count{route=\"alert-route\"}",
                            "serai_delivery_breaker{")
                    .contains("serai_ledger_verdicts_total{verdict=\"new\"} 1.0")
                    .doesNotContain(ingest.substring(20));
        }
    }

    /** A destination that is called like something inside a template must not be mistaken for it. */
    @Test
    void startsWithADestinationOfEveryNotifierThatIsCalledLikeIt() throws Exception {
        String destinations =
                """
                serai.destination.console.notifier=console
                serai.destination.slack.notifier=slack
                serai.destination.slack.url=http://127.0.0.1:9/slack
                serai.destination.mail.notifier=email
                serai.destination.mail.host=127.0.0.1
                serai.destination.mail.starttls=none
                serai.destination.mail.from=serai@shop.example
                serai.destination.mail.to=ops@shop.example
                serai.destination.webhook.notifier=webhook
                serai.destination.webhook.url=http://127.0.0.1:9/hook
                serai.destination.twilio.notifier=twilio
                serai.destination.twilio.account-sid=AC0123456789abcdef0123456789abcdef
                serai.destination.twilio.auth-token=secret
                serai.destination.twilio.from=+15005550006
                serai.destination.twilio.to=+4915112345678
                serai.destination.command.notifier=exec
                serai.destination.command.executable=/bin/true
                serai.destination.command.report-to=comment
                serai.destination.jira.notifier=jira
                serai.destination.jira.url=http://127.0.0.1:9
                serai.destination.jira.token=secret
                serai.destination.jira.project=OPS
                serai.destination.comment.notifier=dynatrace-comment
                serai.destination.comment.tenant=http://127.0.0.1:9
                serai.destination.comment.api-token=secret
                """;
        try (Application serai = Application.start(settings(destinations))) {
            assertThat(send(serai, "GET", "/health", "none", "").body())
                    .contains("0 of")
                    .contains("\"healthy\"");
        }
    }

    @Test
    void stopsTheStartWithOneLineThatNamesTheKey() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            Map<String, String> port =
                    Map.of("serai.port", String.valueOf(taken.getLocalPort()), "serai.host", "127.0.0.1");
            assertThatThrownBy(() -> Application.start(settings("", port)))
                    .isInstanceOf(ConfigurationError.class)
                    .hasMessageStartingWith("serai.port: ")
                    .hasMessageContaining("in use")
                    .hasMessageNotContainingAny("\n");
        }
        assertThatThrownBy(() -> Application.start(settings("serai.destination.x.notifier=slak\n")))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith("serai.destination.x.notifier: ");
        assertThatThrownBy(() -> Application.start(settings("serai.provider.acme.token=x\n")))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith("serai.provider.acme.token: ");
        Path file = Files.createFile(folder.resolve("no-folder"));
        assertThatThrownBy(() -> Application.start(settings("", Map.of("serai.data", file.toString()))))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith("serai.data: ");
    }

    @Test
    void refusesASecondServerOnTheSameData() throws Exception {
        try (Application first = Application.start(settings(""))) {
            assertThat(first.port()).isPositive();
            assertThatThrownBy(() -> Application.start(settings("")))
                    .isInstanceOf(ConfigurationError.class)
                    .hasMessageContaining("another Serai runs");
        }
    }
}
