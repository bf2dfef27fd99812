package io.serai.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.serai.Application;
import io.serai.config.Settings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** D18 to D20 in one whole Serai: a problem, the executable, the text message, and the comments on the problem. */
class IncidentSoftwareTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COMMENTS = "/api/v1/problem/details/-77_1V2/comments";

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    @TempDir
    private Path folder;

    @Test
    void everyCallAndTheTextMessageAreNotedOnTheProblem() throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(200)));
        stub.stubFor(post(urlPathMatching(".*/Messages.json"))
                .willReturn(okJson("{\"sid\":\"SM1\"}").withStatus(201)));
        Path program = folder.resolve("incident");
        Files.writeString(program, "#!/bin/sh\nprintf '%s\\0' \"$@\" >>calls\ncase \"$1\" in *web-3*) exit 3;; esac\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        String title = "$(id) \"quoted\" 'too'\nsecond line \u00e9";
        try (Application serai = Application.start(settings(program))) {
            HttpResponse<String> accepted = tell(serai, title);

            assertThat(accepted.statusCode()).isEqualTo(202);
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(comments())
                    .containsExactlyInAnyOrder(
                            "The problem 766 could not been sent to the Incident Software. Return Codes[0, 3, 0]"
                                    + " / Incident Software Custom Integration",
                            "Mobile number has been notified: +49*****1234 / Twilio Custom Integration"));
            assertThat(new String(Files.readAllBytes(folder.resolve("calls")), StandardCharsets.UTF_8).split("\0"))
                    .hasSize(3)
                    .allMatch(call ->
                            call.startsWith("Problem [766]: Status=OPEN, Severity=ERROR, ImpactLevel=SERVICE, "))
                    .allMatch(call -> call.endsWith(" Title=" + title));
            assertThat(stub.findAll(postRequestedFor(urlPathMatching(".*/Messages.json"))))
                    .singleElement()
                    .satisfies(sms -> assertThat(sms.formParameter("Body").firstValue())
                            .isEqualTo("Dynatrace notification - service problem (766) open."
                                    + " Open in Dynatrace:https://abc.example/#problems/problemdetails;pid=-77_1V2"));
        }
    }

    private Settings settings(Path program) throws Exception {
        Path file = folder.resolve("application.properties");
        Files.writeString(
                file,
                """
                serai.destination.legacy.notifier=exec
                serai.destination.legacy.executable=%s
                serai.destination.legacy.report-to=problem-comments
                serai.destination.sms.notifier=twilio
                serai.destination.sms.account-sid=AC0123456789abcdef0123456789abcdef
                serai.destination.sms.auth-token=not-a-token
                serai.destination.sms.from=+15005550006
                serai.destination.sms.to=+4917012341234
                serai.destination.sms.api-url=%s
                serai.destination.sms.report-to=problem-comments
                serai.destination.problem-comments.notifier=dynatrace-comment
                serai.destination.problem-comments.tenant=%s
                serai.destination.problem-comments.api-token=not-a-token
                serai.destination.problem-comments.api=v1
                """
                        .formatted(program, stub.baseUrl(), stub.baseUrl()));
        return Settings.load(
                folder,
                file,
                Map.of(),
                Map.of(
                        "serai.port", "0",
                        "serai.management-port", "0",
                        "serai.data", folder.resolve("data").toString(),
                        "serai.routes", Path.of("routes").toAbsolutePath().toString(),
                        "serai.tables", Path.of("tables").toAbsolutePath().toString()));
    }

    private static HttpResponse<String> tell(Application serai, String title) throws Exception {
        ObjectNode problem = JSON.createObjectNode()
                .put("State", "OPEN")
                .put("ProblemID", "766")
                .put("PID", "-77_1V2")
                .put("ProblemTitle", title)
                .put("ProblemSeverity", "ERROR")
                .put("ProblemImpact", "SERVICE")
                .put("ProblemURL", "https://abc.example/#problems/problemdetails;pid=-77_1V2");
        for (String name : List.of("booking-api", "web-3", "web-4")) {
            problem.withArray("ImpactedEntities").addObject().put("name", name).put("entity", "SERVICE-" + name);
        }
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + serai.port() + "/api/alerts/event/dynatrace"))
                                .header("X-API-KEY", serai.firstKeys().ingest().orElseThrow())
                                .POST(HttpRequest.BodyPublishers.ofString(problem.toString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private List<String> comments() throws Exception {
        List<String> comments = new ArrayList<>();
        for (var request : stub.findAll(postRequestedFor(urlPathMatching(COMMENTS)))) {
            JsonNode comment = JSON.readTree(request.getBody());
            comments.add(comment.get("comment").asText() + " / "
                    + comment.get("context").asText());
        }
        return comments;
    }
}
