package io.serai.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.serai.reload.InUse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Camel's advisories on injected headers (CVE-2026-78164, 49098, 46584, 48206, 46457, 85312) all begin with a name that a
 * sender chose becoming a header of the message: here none does, whichever way it is sent, and none goes back.
 */
class HeaderWipeTest {
    /** A control header of each part that an advisory names. */
    private static final List<String> NAMES = List.of(
            "CamelHttpUri",
            "CamelHttpPath",
            "CamelRestHttpUri",
            "CamelFileName",
            "CamelExecCommandArgs",
            "CamelJacksonUnmarshalType",
            "kafka.OVERRIDE_TOPIC",
            "kafka.PARTITION_KEY",
            "mail.smtp.host",
            "To",
            "Bcc",
            "Subject",
            "IssueKey",
            "ProjectKey",
            "Long-Running-Action",
            "X-Hub-Signature-256");

    private final HttpClient client = HttpClient.newHttpClient();
    private final CompletableFuture<Map<String, Object>> headers = new CompletableFuture<>();
    private final CompletableFuture<Map<String, Object>> properties = new CompletableFuture<>();
    private final CamelContext camel = new DefaultCamelContext();
    private Door door;

    @BeforeEach
    void open() throws Exception {
        door = new Door(
                new DoorOptions("127.0.0.1", 0, 10_000, 2, 2, 16, Duration.ofSeconds(5), Duration.ofSeconds(5)),
                (arrival, access) -> new Principal("k1", Set.of("ingest:*")),
                new RateLimit(0),
                new SimpleMeterRegistry(),
                Clock.systemUTC());
        DoorEngine engine = door.engine(new InUse());
        camel.getRegistry().bind("platform-http-engine", engine);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("platform-http:/api/alerts/event/acme?httpMethodRestrict=POST")
                        .process(exchange -> {
                            headers.complete(new HashMap<>(exchange.getMessage().getHeaders()));
                            properties.complete(new HashMap<>(exchange.getProperties()));
                        })
                        .setBody()
                        .constant("done");
            }
        });
        camel.start();
        door.serve(engine);
        door.listen();
    }

    @AfterEach
    void close() {
        camel.stop();
        door.close();
    }

    @Test
    void noNameOfASenderBecomesAHeader() throws Exception {
        String pairs = NAMES.stream().map(name -> name + "=evil").collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + door.port() + "/api/alerts/event/acme?" + pairs))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", "https://evil.example.org")
                .POST(HttpRequest.BodyPublishers.ofString(pairs));
        NAMES.forEach(name -> request.header(name, "evil"));
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(headers.join()).isEmpty();
        assertThat(properties.join().keySet()).doesNotContainAnyElementsOf(NAMES);
        assertThat(answer.headers().map().toString()).doesNotContain("evil");
        // CVE-2026-84176: the stock server would allow this origin, with credentials.
        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
    }
}
