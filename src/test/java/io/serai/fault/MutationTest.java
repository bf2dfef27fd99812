package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.Hub;
import io.serai.json.StrictJson;
import io.serai.record.FreshStore;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults 50, 51, 68: the vendors' bodies, spoilt at random and posted at their own door, at another vendor's and at the
 * one that recognises. Never a 5xx, never a hang; what was taken or kept is in the ledger, and the ledger's balance is
 * zero when all is routed.
 */
class MutationTest {
    private static final long SEED = 20_261_121;
    private static final int DEAD = 4;

    @TempDir
    Path folder;

    private record Body(String provider, String name, byte[] bytes) {}

    @Test
    void spoiltBodiesAreTakenKeptOrRefusedAndNothingIsLost() throws Exception {
        long seed = Long.getLong("serai.seed", SEED);
        int count = Size.of(2_000, 100_000);
        List<Body> bodies = bodies();
        List<String> providers =
                bodies.stream().map(Body::provider).distinct().sorted().toList();
        Random random = new Random(seed);
        Knocker knocker = new Knocker();
        try (Hub hub = new Hub(folder, Map.of("serai.destination.desk.notifier", "console"))) {
            for (int i = 0; i < count; i++) {
                Body body = bodies.get(random.nextInt(bodies.size()));
                String path =
                        switch (random.nextInt(8)) {
                            case 0 -> "/api/alerts/event";
                            case 1 -> "/api/alerts/event/" + providers.get(random.nextInt(providers.size()));
                            default -> "/api/alerts/event/" + body.provider();
                        };
                byte[] spoilt = spoil(body.bytes(), random);
                String type = body.name().endsWith(".form") ? "application/x-www-form-urlencoded" : "application/json";
                knocker.send(
                        "mutation " + i + " of " + body.name() + " at " + path,
                        hub.uri(path),
                        spoilt,
                        status -> status == 202 || status == 422 || status == 400,
                        "X-API-KEY",
                        hub.key(),
                        "Content-Type",
                        type);
            }
            System.out.println("mutations: seed " + seed + ", " + count + " of " + bodies.size() + " bodies");
            assertThat(knocker.verdict("mutations")).isEmpty();
            assertThat(FreshStore.number(hub.store(), "select count(*) from receipt"))
                    .isEqualTo(knocker.answered(202, 422));
            assertThat(knocker.answered(202)).as("some are still good").isPositive();
            Awaitility.await("routing and delivery to end")
                    .atMost(Duration.ofMinutes(10))
                    .until(() -> FreshStore.number(hub.store(), "select count(*) from inbox") == 0
                            && FreshStore.number(hub.store(), "select count(*) from delivery where ended_at is null")
                                    == 0);
            Awaitility.await("the balance to be zero").until(() -> hub.metric("serai_conservation_balance") == 0.0);
            assertThat(FreshStore.number(hub.store(), "select count(*) from delivery where state = " + DEAD))
                    .as("dead deliveries")
                    .isZero();
        }
    }

    /** Every sample of every provider folder: what the vendors send. */
    private static List<Body> bodies() throws IOException {
        List<Body> bodies = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("routes/providers"))) {
            for (Path file : files.filter(each -> each.getParent().endsWith("samples"))
                    .filter(each -> !each.toString().endsWith(".headers.json"))
                    // To confirm a subscription the hub asks AWS for a certificate: no test calls a stranger.
                    .filter(each -> !each.toString().contains("subscription"))
                    .sorted()
                    .toList()) {
                Path provider = file.getParent().getParent().getFileName();
                bodies.add(new Body(provider.toString(), file.getFileName().toString(), Files.readAllBytes(file)));
            }
        }
        return bodies;
    }

    private static byte[] spoil(byte[] body, Random random) {
        JsonNode document = random.nextInt(4) == 0 ? null : json(body);
        if (document == null || !document.isContainerNode()) {
            return bytes(body.clone(), random);
        }
        JsonNode copy = document.deepCopy();
        for (int i = 0, changes = 1 + random.nextInt(3); i < changes; i++) {
            List<JsonNode> containers = new ArrayList<>();
            collect(copy, containers);
            JsonNode at = containers.get(random.nextInt(containers.size()));
            if (at instanceof ObjectNode object) {
                object(object, random);
            } else if (at instanceof ArrayNode array) {
                array(array, random);
            }
        }
        return copy.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode json(byte[] body) {
        try {
            return StrictJson.read(body);
        } catch (IOException noJson) {
            return null;
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(each -> collect(each, containers));
        }
    }

    private static void object(ObjectNode object, Random random) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty()) {
            object.set("added", value(null, random));
            return;
        }
        String name = names.get(random.nextInt(names.size()));
        switch (random.nextInt(4)) {
            case 0 -> object.remove(name);
            case 1 -> object.set(name.toUpperCase(), object.remove(name));
            default -> object.set(name, value(object.get(name), random));
        }
    }

    private static void array(ArrayNode array, Random random) {
        if (array.isEmpty()) {
            array.add(value(null, random));
            return;
        }
        int at = random.nextInt(array.size());
        switch (random.nextInt(4)) {
            case 0 -> array.remove(at);
            case 1 -> array.add(array.get(at).deepCopy());
            default -> array.set(at, value(array.get(at), random));
        }
    }

    /** Another value than that which was there: another type, an extreme, nothing. */
    private static JsonNode value(JsonNode was, Random random) {
        ObjectNode any = StrictJson.mapper().createObjectNode();
        switch (random.nextInt(14)) {
            case 0 -> any.putNull("v");
            case 1 -> any.put("v", "");
            case 2 -> any.put("v", random.nextLong());
            case 3 -> any.put("v", new BigDecimal("-1e" + random.nextInt(400)));
            case 4 -> any.put("v", random.nextBoolean());
            case 5 -> any.putArray("v").add("one").add(2).addNull();
            case 6 -> any.putObject("v").put("nested", "yes").putArray("more").addObject();
            case 7 -> any.put("v", "x".repeat(1 + random.nextInt(20_000)));
            case 8 -> any.put("v", "\u0000\ud800\u202e{{env:PATH}}${body}\r\n<script>");
            case 9 -> any.put("v", "9999-99-99T99:99:99Z");
            case 10 -> any.put("v", -1e18);
            case 11 -> any.putArray("v").addArray().addArray();
            case 12 -> any.put("v", was == null ? "null" : was.toString());
            default -> any.putArray("v").add(was == null ? any.nullNode() : was.deepCopy());
        }
        return any.get("v");
    }

    private static byte[] bytes(byte[] body, Random random) {
        int at = random.nextInt(Math.max(1, body.length));
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(body, at);
            case 1 -> {
                byte[] twice = Arrays.copyOf(body, body.length + at);
                System.arraycopy(body, 0, twice, body.length, at);
                yield twice;
            }
            default -> {
                for (int i = 0, flips = 1 + random.nextInt(4); body.length > 0 && i < flips; i++) {
                    body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
                }
                yield body;
            }
        };
    }
}
