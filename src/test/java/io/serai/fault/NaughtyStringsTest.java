package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.Hub;
import io.serai.json.StrictJson;
import io.serai.record.FreshStore;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fault 42: the big list of naughty strings in every text of an alert comes back from the API and stands in the ledger
 * as it was sent, or is refused by a rule that is written down: a title must not be blank, U+0000 and half a surrogate
 * pair cannot be stored.
 */
class NaughtyStringsTest {
    @TempDir
    Path folder;

    private Hub hub;

    @Test
    void everyStringComesBackAsItWasSent() throws Exception {
        JsonNode strings = StrictJson.read(Files.readAllBytes(BadInput.path("naughty-strings/blns.json")));
        List<String> faults = new ArrayList<>();
        int refused = 0;
        try (Hub opened = new Hub(folder, Map.of())) {
            hub = opened;
            for (int i = 0; i < strings.size(); i++) {
                String naughty = strings.get(i).asText();
                ObjectNode sent = alert("naughty-" + i, naughty);
                HttpResponse<String> answer =
                        hub.post("/api/alerts/event/generic", sent.toString(), "X-API-KEY", hub.key());
                if (answer.statusCode() == 422 && naughty.isBlank()) {
                    refused++;
                    assertThat(answer.body()).contains("title");
                } else if (answer.statusCode() == 202) {
                    compare(i, sent, StrictJson.read(answer.body().getBytes()), faults);
                } else {
                    faults.add(i + ": " + answer.statusCode() + " " + answer.body());
                }
            }
        }
        System.out.println("naughty strings: " + strings.size() + " sent, " + refused + " blank titles refused, faults "
                + faults.size());
        assertThat(faults).isEmpty();
    }

    private static ObjectNode alert(String id, String naughty) {
        ObjectNode alert = StrictJson.mapper().createObjectNode();
        alert.put("id", id).put("title", naughty).put("status", "firing").put("severity", "high");
        for (String field : List.of("description", "service", "environment", "url")) {
            alert.put(field, naughty + "!");
        }
        alert.putObject("labels").put("value", naughty + "!").put(naughty + "!", "key");
        alert.putObject("annotations").put("value", naughty + "!").put(naughty + "!", "key");
        alert.putArray("tags").add(naughty + "!");
        return alert;
    }

    private void compare(int number, ObjectNode sent, JsonNode answer, List<String> faults) throws Exception {
        String fingerprint = answer.at("/data/alerts/0/fingerprint").asText();
        HttpResponse<String> shown = hub.get("/api/alerts/" + fingerprint, "X-API-KEY", hub.operatorKey());
        JsonNode api = StrictJson.read(shown.body().getBytes()).at("/data");
        JsonNode row =
                StrictJson.read(FreshStore.text(hub.store(), "select content from alert_full order by id desc limit 1")
                        .getBytes());
        for (String field : List.of("title", "description", "service", "environment", "url", "tags", "annotations")) {
            for (JsonNode told : List.of(api.has("alert") ? api.get("alert") : api, row)) {
                if (!sent.get(field).equals(told.get(field))) {
                    faults.add(number + " " + field + ": " + sent.get(field) + " became " + told.get(field));
                }
            }
        }
        if (!sent.get("labels").equals(row.get("labels"))) {
            faults.add(number + " labels: " + sent.get("labels") + " became " + row.get("labels"));
        }
    }
}
