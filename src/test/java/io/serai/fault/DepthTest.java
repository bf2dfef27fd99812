package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.Hub;
import io.serai.golden.Folder;
import io.serai.golden.Sample;
import io.serai.json.StrictJson;
import io.serai.record.FreshStore;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fault 45: bodies as deep as the door takes them, at every provider and at the door that recognises. In place of each
 * member of what that vendor sends stands a nest of 64 levels: arrays, objects that repeat the member's own name, and
 * copies of the vendor's body one within the other. A mapping that runs out of stack keeps the body in quarantine; it
 * answers no 5xx and costs no worker.
 */
class DepthTest {
    /** What {@code StrictJson} lets in, counted with the document itself. */
    private static final int DEPTH = 64;

    private static final int SMALL_STEP = 30;

    @TempDir
    Path folder;

    @Test
    void noNestBreaksAMapping() throws Exception {
        Knocker knocker = new Knocker();
        int turn = 0;
        // The client takes up a connection again that it left alone for a while: it must not just be closed for that.
        try (Hub hub = new Hub(folder, Map.of("serai.door.workers", "4", "serai.door.idle-timeout", "10m"))) {
            for (Folder provider : Folder.all(Path.of("routes"))) {
                if (provider.kind() != Folder.Kind.PROVIDER || provider.name().equals("serai")) {
                    continue;
                }
                for (Map.Entry<String, byte[]> nest : nests(provider).entrySet()) {
                    // In the small size every thirtieth, and never the same door twice in a row.
                    for (String path : doors(provider, turn++)) {
                        knocker.send(
                                nest.getKey() + " at " + path,
                                hub.uri(path),
                                nest.getValue(),
                                status -> status == 202 || status == 422,
                                "X-API-KEY",
                                hub.key(),
                                "Content-Type",
                                "application/json");
                    }
                }
            }
            assertThat(knocker.verdict("depth " + DEPTH)).isEmpty();
            assertThat(FreshStore.number(hub.store(), "select count(*) from receipt"))
                    .isEqualTo(knocker.answered(202, 422));
        }
    }

    @Test
    void whoRunsOutOfStackIsAnsweredAndCostsNoWorker() throws Exception {
        Map<String, String> settings = Map.of(
                "serai.door.workers", "2",
                "serai.provider.generic.endless.map-title", "def deeper: [deeper]; deeper");
        try (Hub hub = new Hub(folder, settings)) {
            for (int i = 0; i < 5; i++) {
                HttpResponse<String> answer =
                        hub.post("/api/alerts/event/generic?provider_id=endless", "{\"a\":1}", "X-API-KEY", hub.key());
                assertThat(answer.statusCode()).isEqualTo(422);
            }
            assertThat(FreshStore.number(hub.store(), "select count(*) from receipt where quarantined = 1"))
                    .isEqualTo(5);
        }
    }

    private static List<String> doors(Folder provider, int turn) {
        List<String> both = List.of("/api/alerts/event/" + provider.name(), "/api/alerts/event");
        return Size.of(turn % SMALL_STEP == 0 ? List.of(both.get(turn / SMALL_STEP % 2)) : List.of(), both);
    }

    /** By what was put where, the bodies of one provider. */
    private static Map<String, byte[]> nests(Folder provider) throws Exception {
        Map<String, byte[]> nests = new LinkedHashMap<>();
        nests.put("arrays", bytes(arrays(StrictJson.mapper().createArrayNode(), DEPTH - 1)));
        Set<String> seen = new HashSet<>();
        for (Sample sample : provider.samples()) {
            if (!sample.form().equals("json") || sample.name().contains("subscription")) {
                continue;
            }
            JsonNode body = sample.body();
            List<String> places = new ArrayList<>();
            places(body, "", places);
            for (String place : places) {
                // One sample for each place is enough: the mapping reads it the same way.
                if (!seen.add(place)) {
                    continue;
                }
                String name = place.substring(place.lastIndexOf('/') + 1);
                int left = DEPTH - (int) place.chars().filter(c -> c == '/').count();
                String what = provider.name() + " " + place;
                nests.put(what + " arrays", with(body, place, was -> arrays(was, left - depth(was))));
                nests.put(what + " objects", with(body, place, was -> objects(name, was, left - depth(was))));
                nests.put(what + " itself", with(body, place, was -> within(body, place, left)));
            }
        }
        return nests;
    }

    /** Each member's pointer; of a list only its first member is walked. */
    private static void places(JsonNode node, String at, List<String> places) {
        node.properties().forEach(each -> {
            String place = at + "/" + each.getKey().replace("~", "~0").replace("/", "~1");
            places.add(place);
            places(each.getValue(), place, places);
        });
        if (node.isArray() && !node.isEmpty()) {
            places.add(at + "/0");
            places(node.get(0), at + "/0", places);
        }
    }

    private static int depth(JsonNode node) {
        int deepest = 0;
        for (JsonNode each : node) {
            deepest = Math.max(deepest, depth(each));
        }
        return node.isContainerNode() ? deepest + 1 : 0;
    }

    private static JsonNode arrays(JsonNode inner, int levels) {
        JsonNode nest = inner;
        for (int i = 0; i < levels; i++) {
            nest = StrictJson.mapper().createArrayNode().add(nest);
        }
        return nest;
    }

    private static JsonNode objects(String name, JsonNode inner, int levels) {
        JsonNode nest = inner;
        for (int i = 0; i < levels; i++) {
            nest = StrictJson.mapper().createObjectNode().set(name, nest);
        }
        return nest;
    }

    /** The body with itself at the place, with itself there, as deep as it goes. */
    private static JsonNode within(JsonNode body, String place, int left) {
        int step = (int) place.chars().filter(c -> c == '/').count();
        JsonNode nest = StrictJson.mapper().nullNode();
        int all = depth(body);
        for (int deep = all; deep + step <= left; deep += step) {
            nest = changed(body, place, nest);
        }
        return nest;
    }

    private static byte[] with(JsonNode body, String place, UnaryOperator<JsonNode> change) {
        return bytes(changed(body, place, change.apply(body.at(place))));
    }

    private static JsonNode changed(JsonNode body, String place, JsonNode value) {
        JsonNode copy = body.deepCopy();
        JsonNode parent = copy.at(place.substring(0, place.lastIndexOf('/')));
        if (parent instanceof ObjectNode object) {
            object.set(
                    place.substring(place.lastIndexOf('/') + 1)
                            .replace("~1", "/")
                            .replace("~0", "~"),
                    value);
        } else {
            ((ArrayNode) parent).set(0, value);
        }
        return copy;
    }

    private static byte[] bytes(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }
}
