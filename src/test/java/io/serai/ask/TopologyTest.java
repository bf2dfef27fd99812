package io.serai.ask;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static io.serai.Hub.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.serai.Hub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** K1, K29: what a system knows of its services is looked up for alerts of any provider, and groups them. */
class TopologyTest {
    private static final String READ = "/api/providers/overwatch/topology";
    private static final String LOOKUP = String.join(
            "\n",
            "        - to:",
            "            uri: kamelet:serai-lookup-csv-action",
            "            parameters:",
            "              table: topology.csv",
            "              match: service",
            "              column: service",
            "              add: \"depends_on,system\"",
            "");

    @RegisterExtension
    static final WireMockExtension OVERWATCH =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    @TempDir
    Path folder;

    @Test
    void alertsOfServicesThatCallOneAnotherAreOneIncident() throws Exception {
        Path tables = Files.createDirectory(folder.resolve("tables"));
        Files.copy(Path.of("tables/services.csv"), tables.resolve("services.csv"));
        Path table = Files.writeString(
                tables.resolve("topology.csv"), "service,depends_on,system,source\nmail,relay,mail,by hand\n");
        OVERWATCH.stubFor(
                get(urlPathEqualTo("/api/v1/topology"))
                        .willReturn(
                                okJson(
                                        """
                        {"services": [{"name": "shop", "depends_on": ["payment", "stock"]}, {"name": "stock", "depends_on": ["db, main"]}]}""")));
        Map<String, String> settings = Map.of(
                "serai.routes", routes().toString(),
                "serai.tables", tables.toString(),
                "serai.incident.keys", "labels.system",
                "serai.provider.overwatch.api-url", OVERWATCH.baseUrl(),
                "serai.provider.overwatch.api-key", "ow-1");
        try (Hub hub = new Hub(folder, settings)) {
            JsonNode data =
                    json(hub.post(READ, "{}", "X-API-KEY", hub.operatorKey())).path("data");
            assertThat(data.path("services").asInt()).isEqualTo(2);
            assertThat(data.path("systems").asInt()).isEqualTo(2);
            assertThat(Files.readAllLines(table))
                    .containsExactly(
                            "service,depends_on,system,source",
                            "\"db, main\",,shop,",
                            "mail,relay,mail,by hand",
                            "payment,,shop,",
                            "relay,,mail,",
                            "shop,payment; stock,shop,overwatch/default",
                            "stock,\"db, main\",shop,overwatch/default");

            OVERWATCH.stubFor(get(anyUrl()).willReturn(aResponse().withStatus(503)));
            assertThat(hub.post(READ, "{}", "X-API-KEY", hub.operatorKey()).body())
                    .contains("Failed to read the topology: ");
            assertThat(Files.readAllLines(table)).hasSize(7);
        }
        try (Hub hub = new Hub(Files.createDirectory(folder.resolve("second")), settings)) {
            for (String service : new String[] {"shop", "db, main", "relay"}) {
                hub.post(
                        "/api/alerts/event/generic",
                        "{\"title\": \"slow\", \"status\": \"firing\", \"severity\": \"high\", \"service\": \""
                                + service + "\"}",
                        "X-API-KEY",
                        hub.key());
            }
            Awaitility.await().untilAsserted(() -> {
                JsonNode incidents = json(hub.get("/api/incidents", "X-API-KEY", hub.operatorKey()));
                assertThat(incidents.at("/data/incidents"))
                        .extracting(each -> each.path("key").asText() + " "
                                + each.path("alerts").asText())
                        .containsExactlyInAnyOrder("labels.system=shop 2", "labels.system=mail 1");
            });
        }
    }

    /** By its timer, and what is read counts while it runs: the alert that comes next is looked up in it. */
    @Test
    void theScheduleKeepsTheTableWithoutARestart() throws Exception {
        Path tables = Files.createDirectory(folder.resolve("tables"));
        for (String table : new String[] {"services.csv", "topology.csv"}) {
            Files.copy(Path.of("tables").resolve(table), tables.resolve(table));
        }
        OVERWATCH.stubFor(get(urlPathEqualTo("/api/v1/topology"))
                .withHeader("Authorization", equalTo("Bearer ow-1"))
                .willReturn(okJson("{\"services\": [{\"name\": \"shop\", \"depends_on\": [\"payment\"]}]}")));
        Map<String, String> settings = Map.of(
                "serai.routes",
                routes().toString(),
                "serai.tables",
                tables.toString(),
                "serai.incident.keys",
                "labels.system",
                "serai.provider.overwatch.topology",
                "0 0 3 * * ?",
                "serai.provider.overwatch.api-url",
                OVERWATCH.baseUrl(),
                "serai.provider.overwatch.api-key",
                "ow-1");
        try (Hub hub = new Hub(folder, settings)) {
            Awaitility.await().untilAsserted(() -> assertThat(Files.readAllLines(tables.resolve("topology.csv")))
                    .contains("payment,,shop,"));
            AtomicInteger number = new AtomicInteger();
            Awaitility.await().untilAsserted(() -> {
                hub.post(
                        "/api/alerts/event/generic",
                        "{\"title\": \"slow " + number.incrementAndGet()
                                + "\", \"status\": \"firing\", \"severity\": \"high\", \"service\": \"payment\"}",
                        "X-API-KEY",
                        hub.key());
                JsonNode incidents = json(hub.get("/api/incidents", "X-API-KEY", hub.operatorKey()));
                assertThat(incidents.at("/data/incidents").findValuesAsText("key"))
                        .contains("labels.system=shop");
            });
            OVERWATCH.verify(1, getRequestedFor(urlPathEqualTo("/api/v1/topology")));
        }
    }

    /** Who looks at the provider sees it, a metric counts it, and the operators are told of its beginning and its end. */
    @Test
    void aScheduledReadingThatFailsIsSeenUntilOneSucceeds() throws Exception {
        OVERWATCH.stubFor(get(anyUrl()).willReturn(aResponse().withStatus(503)));
        Path tables = Files.createDirectory(folder.resolve("tables"));
        for (String table : new String[] {"services.csv", "topology.csv"}) {
            Files.copy(Path.of("tables").resolve(table), tables.resolve(table));
        }
        Map<String, String> settings = Map.of(
                "serai.tables",
                tables.toString(),
                "serai.provider.overwatch.topology",
                "0 0 3 * * ?",
                "serai.provider.overwatch.api-url",
                OVERWATCH.baseUrl(),
                "serai.provider.overwatch.api-key",
                "ow-1");
        try (Hub hub = new Hub(folder, settings)) {
            Awaitility.await().untilAsserted(() -> assertThat(told(hub)).isEqualTo("firing overwatch/default"));
            JsonNode health = health(hub);
            assertThat(health.path("state").asText()).isEqualTo("failing");
            assertThat(health.at("/instances/0/topology/problem").asText()).contains("503");
            assertThat(health.at("/instances/0/topology/failures").asInt()).isEqualTo(1);
            assertThat(hub.metric(readings("failed"))).isEqualTo(1);

            OVERWATCH.stubFor(get(urlPathEqualTo("/api/v1/topology"))
                    .willReturn(okJson("{\"services\": [{\"name\": \"shop\", \"depends_on\": []}]}")));
            hub.post(READ, "{}", "X-API-KEY", hub.operatorKey());

            Awaitility.await().untilAsserted(() -> assertThat(told(hub)).isEqualTo("resolved overwatch/default"));
            assertThat(health(hub).path("state").asText()).isEqualTo("configured");
            assertThat(hub.metric(readings("read"))).isEqualTo(1);
        }
    }

    private static String told(Hub hub) throws Exception {
        JsonNode alert = json(hub.get("/api/alerts?provider=serai", "X-API-KEY", hub.operatorKey()))
                .at("/data/alerts/0");
        return alert.path("status").asText() + " "
                + alert.at("/labels/provider").asText() + "/"
                + alert.at("/labels/instance").asText();
    }

    private static JsonNode health(Hub hub) throws Exception {
        return json(hub.get("/api/providers/overwatch/health", "X-API-KEY", hub.operatorKey()))
                .path("data");
    }

    private static String readings(String result) {
        return "serai_topology_readings_total{instance=\"default\",provider=\"overwatch\",result=\"" + result + "\"}";
    }

    /** Serai's own routes with the lookup that the enrichment offers. */
    private Path routes() throws IOException {
        Path copy = folder.resolve("routes");
        try (Stream<Path> files = Files.walk(Path.of("routes"))) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(Path.of("routes").relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        Path enrich = copy.resolve("core/alert-enrich.camel.yaml");
        String end = "        - to:\n            uri: direct:alert-correlate";
        String text = Files.readString(enrich);
        assertThat(text).contains(end);
        Files.writeString(enrich, text.replace(end, LOOKUP + end));
        return copy;
    }
}
