package io.serai.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.Hub;
import io.serai.config.ConfigurationError;
import io.serai.record.FreshStore;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sender of any form by configuration alone, through a whole Serai. */
class ConfiguredMappingTest {
    private static final String SHOP = "serai.provider.generic.shop.map-";
    private static final String DOOR = "/api/alerts/event/generic?provider_id=shop";

    @TempDir
    Path folder;

    private static HttpResponse<String> post(Hub hub, String path, String type, String body) throws Exception {
        return hub.post(path, body, "X-API-KEY", hub.key(), "Content-Type", type);
    }

    @Test
    void aListOfForeignAlertsFiresAndResolves() throws Exception {
        Map<String, String> settings = Map.of(
                SHOP + "items", "data.events",
                SHOP + "title", "rule.head-line",
                SHOP + "key", "\"\\(.machine)/\\(.no)\"",
                SHOP + "status", "state",
                SHOP + "status-words", "2=firing, 0 = resolved",
                SHOP + "severity", "level",
                SHOP + "severity-words", "sev1=critical",
                SHOP + "labels", "{rack: .place.rack, no: .no}",
                SHOP + "tags", "marks",
                SHOP + "service", "apps[0].name");
        String event =
                """
                {"data": {"events": [{"rule": {"head-line": "Till is stuck"}, "no": 90071992547409931, "machine": "till-7",
                  "state": %d, "level": "SEV1", "place": {"rack": "r1"}, "marks": "a, b", "apps": [{"name": "till"}]}]}}""";
        try (Hub hub = new Hub(folder, settings)) {
            assertThat(post(hub, DOOR, "application/json", event.formatted(2)).body())
                    .contains("\"new\"");
            assertThat(FreshStore.text(hub.store(), "select content from alert_full"))
                    .contains("\"source_id\":\"till-7/90071992547409931\"")
                    .contains("\"title\":\"Till is stuck\"")
                    .contains("\"status\":\"firing\"", "\"severity\":\"critical\"", "\"service\":\"till\"")
                    .contains("\"rack\":\"r1\"", "\"tags\":[\"a\",\"b\"]", "status 2 is firing by the configuration");
            assertThat(post(hub, DOOR, "application/json", event.formatted(0)).body())
                    .contains("\"resolved\"");
            assertThat(post(hub, "/api/alerts/event/generic", "application/json", "{\"title\": \"Own form\"}")
                            .body())
                    .contains("\"new\"");
            assertThat(FreshStore.number(hub.store(), "select count(*) from alert"))
                    .isEqualTo(2);
        }
    }

    @Test
    void aFormIsMappedAndAnAlertWithoutTitleIsNamed() throws Exception {
        try (Hub hub = new Hub(folder, Map.of(SHOP + "title", "(.subject // .text)", SHOP + "status", "what"))) {
            assertThat(post(hub, DOOR, "application/x-www-form-urlencoded", "subject=Till+is+stuck&what=down")
                            .body())
                    .contains("\"new\"");
            HttpResponse<String> untitled = post(hub, DOOR, "application/json", "[{\"what\": \"down\"}]");
            assertThat(untitled.statusCode()).isEqualTo(422);
            assertThat(untitled.body()).contains("map-title finds no text");
            assertThat(post(hub, DOOR, "application/json", "\"a text\"").statusCode())
                    .isEqualTo(422);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "title|.alert..name|",
                "severity|.level // (|",
                "labels|{a: $ENV.HOME}|",
                "status-words|2=burning|",
                "severity-words|sev1|"
            })
    void whatIsNoMappingStopsTheStartAndNamesTheKey(String name, String value) {
        Map<String, String> settings = name.equals("title")
                ? Map.of(SHOP + "title", value)
                : Map.of(SHOP + "title", "name", SHOP + name, value);

        assertThatThrownBy(() -> new Hub(folder, settings).close())
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith(SHOP + name + ": ")
                .hasMessageNotContaining("HOME");
    }

    @Test
    void aMappingNeedsATitle() {
        assertThatThrownBy(() -> new Hub(folder, Map.of(SHOP + "status", "state")).close())
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith(SHOP + "title: ");
    }
}
