package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.serai.record.FreshStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Azure Event Grid asks before it sends: its validation event, and CloudEvents' question by OPTIONS. Both name an
 * address that could be called instead; it is a stub's here, which must not be asked by anybody (SSRF, guide section 1).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandshakeTest {
    private static final String PATH = "/api/alerts/event/cloudevents";
    private static final String CODE = "7c6cf1a1-3d57-4c0e-9d6b-1c6f0a2b9e11";

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger called = new AtomicInteger();
    private HttpServer stub;
    private Hub hub;

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        stub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stub.createContext("/", exchange -> {
            called.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        stub.start();
        hub = new Hub(
                folder,
                Map.of("serai.provider.cloudevents.webhook-origins", "events.example.net, eventgrid.azure.net"));
    }

    @AfterAll
    void nobodyWasCalled() {
        // Stopped, it has done all that it ever does.
        hub.close();
        stub.stop(0);
        assertThat(called).as("calls of an address that a sender gave").hasValue(0);
    }

    private String address() {
        return "http://127.0.0.1:" + stub.getAddress().getPort() + "/validate?id=1";
    }

    private HttpResponse<String> validation(String code, String... headers) throws Exception {
        return hub.post(
                PATH,
                """
                [{"id": "1", "topic": "/subscriptions/0/topics/alerts", "subject": "", "eventType":
                 "Microsoft.EventGrid.SubscriptionValidationEvent", "eventTime": "2026-05-04T12:00:00Z", "metadataVersion": "1",
                 "dataVersion": "1", "data": {"validationCode": "%s", "validationUrl": "%s"}}]"""
                        .formatted(code, address()),
                headers);
    }

    private HttpResponse<String> options(String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(hub.uri(path)).method("OPTIONS", HttpRequest.BodyPublishers.noBody());
        return client.send(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private long receipts() {
        return FreshStore.number(hub.store(), "select count(*) from receipt");
    }

    @Test
    void theCodeOfAValidationEventIsAnsweredAndNothingElseIsDone() throws Exception {
        long before = receipts();
        HttpResponse<String> answer =
                validation(CODE, "X-API-KEY", hub.key(), "aeg-event-type", "SubscriptionValidation");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(new ObjectMapper().readTree(answer.body()).toString())
                .isEqualTo("{\"validationResponse\":\"" + CODE + "\"}");
        assertThat(receipts()).isEqualTo(before);
    }

    @Test
    void aValidationEventNeedsTheCredentialThatEventsNeed() throws Exception {
        HttpResponse<String> answer = validation(CODE, "aeg-event-type", "SubscriptionValidation");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).doesNotContain(CODE);
    }

    @Test
    void whatIsNoCodeIsNotRepeated() throws Exception {
        HttpResponse<String> answer = validation(
                "<script>alert(1)</script>", "X-API-KEY", hub.key(), "aeg-event-type", "SubscriptionValidation");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).doesNotContain("script");
    }

    @Test
    void anEventInEventGridsOwnSchemaIsAnAlert() throws Exception {
        String sample = Files.readString(Path.of("routes/providers/cloudevents/samples/event-grid-firing.json"));
        for (String path : new String[] {PATH, "/api/alerts/event"}) {
            HttpResponse<String> answer =
                    hub.post(path, sample, "X-API-KEY", hub.key(), "aeg-event-type", "Notification");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            assertThat(answer.body()).contains("\"verdict\":\"" + (path.equals(PATH) ? "new" : "duplicate"));
        }
    }

    @Test
    void anOriginThatIsNamedMaySendAndIsToldSo() throws Exception {
        HttpResponse<String> answer = options(
                PATH,
                "WebHook-Request-Origin",
                "EventGrid.Azure.net",
                "WebHook-Request-Rate",
                "120",
                "WebHook-Request-Callback",
                address());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("webhook-allowed-origin")).hasValue("eventgrid.azure.net");
        assertThat(answer.headers().firstValue("webhook-allowed-rate")).hasValue("*");
        assertThat(answer.headers().firstValue("allow")).hasValue("POST");
    }

    @Test
    void anyOtherOriginMayNot() throws Exception {
        for (String[] headers : new String[][] {
            {},
            {"WebHook-Request-Origin", "evil.example"},
            {"WebHook-Request-Origin", "eventgrid.azure.net.evil.example"}
        }) {
            HttpResponse<String> answer = options(PATH, headers);
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.headers().firstValue("webhook-allowed-origin")).isEmpty();
        }
        HttpResponse<String> instance =
                options(PATH + "?provider_id=other", "WebHook-Request-Origin", "eventgrid.azure.net");
        assertThat(instance.statusCode())
                .as("an instance for which nobody is named")
                .isEqualTo(403);
        HttpResponse<String> elsewhere =
                options("/api/alerts/event/prometheus", "WebHook-Request-Origin", "eventgrid.azure.net");
        assertThat(elsewhere.statusCode()).as("a provider without the setting").isEqualTo(405);
    }
}
