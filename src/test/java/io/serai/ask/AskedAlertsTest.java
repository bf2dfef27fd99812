package io.serai.ask;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static io.serai.Hub.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.serai.Hub;
import io.serai.json.StrictJson;
import io.serai.poll.PolledSystem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** O8, O28, K4: systems that are polled are also asked for their alerts, on all pages, and for what they allow. */
class AskedAlertsTest {
    @RegisterExtension
    static final WireMockExtension SERVER =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    @TempDir
    static Path folder;

    private static Hub hub;

    @BeforeAll
    static void open() throws Exception {
        Map<String, String> settings = new HashMap<>();
        for (PolledSystem system : PolledSystem.values()) {
            String prefix = "serai.provider." + system.provider + "." + instance(system) + ".";
            system.settings.forEach((name, value) -> settings.put(prefix + name, value));
            settings.put(prefix + system.address(), SERVER.baseUrl() + "/" + instance(system));
        }
        hub = new Hub(folder, settings);
    }

    @AfterAll
    static void close() {
        hub.close();
    }

    @ParameterizedTest
    @EnumSource
    void theAlertsOfAllPagesAreListed(PolledSystem system) throws Exception {
        Instant since = Instant.now().minusSeconds(600);
        String first = system.problem(1, since);
        String second = system.problem(2, since);
        MappingBuilder next = system.second("/" + instance(system));
        SERVER.stubFor(system.first("/" + instance(system))
                .atPriority(5)
                .willReturn(okJson(next == null ? system.page(false, first, second) : system.page(true, first))));
        if (next != null) {
            SERVER.stubFor(next.atPriority(2).willReturn(okJson(system.page(false, second))));
        }

        JsonNode answer = read("/api/integrations/" + system.provider + "/" + instance(system) + "/alerts");

        assertThat(answer.at("/data/alerts").findValuesAsText("fingerprint").stream()
                        .distinct())
                .as(answer.toString())
                .hasSize(2);
    }

    /** JSON-RPC refuses with 200, and a user who may see no host gets an empty list. */
    @Test
    void zabbixSaysWhatItsTokenMay() throws Exception {
        SERVER.stubFor(PolledSystem.ZABBIX
                .first("/zabbix")
                .withRequestBody(matchingJsonPath("$.method", equalTo("event.get")))
                .atPriority(1)
                .willReturn(okJson(PolledSystem.ZABBIX.page(false))));
        assertThat(zabbix("{\"jsonrpc\": \"2.0\", \"result\": [{\"hostid\": \"10084\"}], \"id\": 1}"))
                .isEqualTo("event.get true, host groups true");
        assertThat(zabbix("{\"jsonrpc\": \"2.0\", \"result\": [], \"id\": 1}"))
                .isEqualTo("event.get true, host groups false");
        SERVER.verify(postRequestedFor(anyUrl())
                .withHeader("Authorization", equalTo("Bearer K"))
                .withRequestBody(matchingJsonPath("$.method", equalTo("host.get")))
                .withRequestBody(matchingJsonPath("$[?(!@.auth)]")));
    }

    private static String zabbix(String hosts) throws Exception {
        SERVER.stubFor(PolledSystem.ZABBIX
                .first("/zabbix")
                .withRequestBody(matchingJsonPath("$.method", equalTo("host.get")))
                .atPriority(1)
                .willReturn(okJson(hosts)));
        JsonNode scopes = json(hub.post(
                        "/api/providers/zabbix/check", "{\"instance\": \"zabbix\"}", "X-API-KEY", hub.operatorKey()))
                .at("/data/scopes");
        return StreamSupport.stream(scopes.spliterator(), false)
                .map(scope -> scope.path("name").asText() + " "
                        + scope.path("granted").asText())
                .collect(Collectors.joining(", "));
    }

    private static JsonNode read(String path) throws Exception {
        return StrictJson.read(
                hub.get(path, "X-API-KEY", hub.operatorKey()).body().getBytes(StandardCharsets.UTF_8));
    }

    private static String instance(PolledSystem system) {
        return system.name().toLowerCase(Locale.ROOT);
    }
}
