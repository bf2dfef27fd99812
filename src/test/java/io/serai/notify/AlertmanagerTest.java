package io.serai.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.serai.deliver.NotifierHarness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a stub, and against a real Alertmanager where one is installed. */
class AlertmanagerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    @TempDir
    private Path folder;

    @Test
    void aFiringAlertEndsInAWeekAndItsLabelsAreRemembered() throws Exception {
        stub.stubFor(post("/prefix/api/v2/alerts").willReturn(aResponse().withStatus(200)));
        try (NotifierHarness harness =
                NotifierHarness.start("alertmanager", Map.of("url", stub.baseUrl() + "/prefix/"))) {
            Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            Exchange exchange = harness.send("firing");
            Instant after = Instant.now();

            ObjectNode sent = (ObjectNode)
                    JSON.readTree(stub.getAllServeEvents().get(0).getRequest().getBody())
                            .get(0);
            assertThat(Instant.parse(sent.remove("endsAt").asText()))
                    .isBetween(before.plus(7, ChronoUnit.DAYS), after.plus(7, ChronoUnit.DAYS));
            assertThat(sent).isEqualTo(harness.expected("firing").at("/body/alerts/0"));
            assertThat(JSON.readTree((String) exchange.getVariable("reference")))
                    .isEqualTo(sent.get("labels"));
        }
    }

    @ParameterizedTest
    @CsvSource({"user,serai,password,Basic c2VyYWk6bm90LWEtdG9rZW4=", "keep,1h,token,Bearer not-a-token"})
    void credentialsGoOut(String key, String value, String secret, String header) throws Exception {
        stub.stubFor(post("/api/v2/alerts")
                .withHeader("Authorization", equalTo(header))
                .willReturn(aResponse().withStatus(200)));
        try (NotifierHarness harness = NotifierHarness.start(
                "alertmanager", Map.of("url", stub.baseUrl(), key, value, secret, "not-a-token"))) {
            harness.send("resolved");

            assertThat(JSON.readTree(
                            stub.getAllServeEvents().get(0).getRequest().getBody()))
                    .isEqualTo(harness.expected("resolved").at("/body/alerts"));
            assertThat(stub.findAllUnmatchedRequests()).isEmpty();
        }
    }

    @Test
    void aRealAlertmanagerSeesTheAlertChangeAndEnd() throws Exception {
        Path program = Stream.of("/usr/bin/prometheus-alertmanager", "/usr/bin/alertmanager")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(program != null, "no Alertmanager is installed here");
        String url = "http://127.0.0.1:" + freePort();
        Files.writeString(folder.resolve("alertmanager.yml"), "route: {receiver: none}\nreceivers: [{name: none}]\n");
        Process alertmanager = new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + folder.resolve("alertmanager.yml"),
                        "--storage.path=" + folder.resolve("data"),
                        "--cluster.listen-address=",
                        "--web.listen-address=" + url.substring("http://".length()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try (NotifierHarness harness = NotifierHarness.start("alertmanager", Map.of("url", url))) {
            await().atMost(Duration.ofSeconds(30)).until(() -> ready(url));

            harness.send("hostile-title");
            harness.send("few-fields");
            Exchange fired = harness.send("firing");
            assertThat(severities(url)).containsExactlyInAnyOrder("critical", "critical", "critical");

            ObjectNode changed = (ObjectNode) harness.sample("changed");
            changed.put("reference", (String) fired.getVariable("reference"));
            Exchange told = harness.send(changed);
            assertThat(severities(url)).containsExactlyInAnyOrder("critical", "critical", "medium");

            ObjectNode resolved = (ObjectNode) harness.sample("resolved");
            resolved.put("reference", (String) told.getVariable("reference"));
            harness.send(resolved);
            assertThat(severities(url)).containsExactlyInAnyOrder("critical", "critical");

            harness.send("reopened");
            assertThat(severities(url)).containsExactlyInAnyOrder("critical", "critical", "critical");
            harness.send("resolved-before-start");
            assertThat(severities(url)).containsExactlyInAnyOrder("critical", "critical");
            harness.send("reopened");
            harness.send("resolved-in-future");
            assertThat(severities(url)).containsExactlyInAnyOrder("critical", "critical");
        } finally {
            alertmanager.destroy();
            alertmanager.waitFor();
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean ready(String url) throws InterruptedException {
        try {
            return get(url + "/-/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Of the alerts that fire now. */
    private static List<String> severities(String url) throws Exception {
        List<String> severities = new ArrayList<>();
        for (JsonNode each :
                JSON.readTree(get(url + "/api/v2/alerts?active=true").body())) {
            assertThat(each.at("/labels/serai_fingerprint").asText()).isEqualTo("9f2c4e6a8b0d1f3e5a7c9b8d6e4f2a10");
            severities.add(each.at("/labels/severity").asText());
        }
        return severities;
    }
}
