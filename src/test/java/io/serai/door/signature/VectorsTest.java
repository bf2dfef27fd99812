package io.serai.door.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.serai.door.Access;
import io.serai.door.Answer;
import io.serai.door.Door;
import io.serai.door.DoorKeeper;
import io.serai.door.DoorOptions;
import io.serai.door.RateLimit;
import io.serai.json.StrictJson;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.ProviderSettings;
import io.serai.record.SetClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fault 52: signatures of eleven vendors, good and bad, over HTTP. A scheme is a few lines of a provider.yaml: those of
 * the shipped folders where there is one, else those beside this test. The secret is one of two that are alive; once it
 * is the only one that is not, what was good is refused.
 */
class VectorsTest {
    private static final List<String> SHIPPED = List.of("github", "pagerduty", "sentry", "grafana");

    /** 400 is for a header that is sent twice: which of them counts is not guessed. */
    private static final Set<Integer> REFUSED = Set.of(400, 401);

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void everyVectorIsLetInOrNot() throws Exception {
        JsonNode vectors = vectors();
        ProviderSettings settings = new ProviderSettings(settings(vectors), catalog());
        List<String> faults = new ArrayList<>();
        SetClock clock = new SetClock(Instant.EPOCH);
        try (Door door = new Door(
                new DoorOptions("127.0.0.1", 0, 10_000, 1, 8, 8, Duration.ofSeconds(60), Duration.ofSeconds(60)),
                new DoorKeeper(key -> Optional.empty(), settings, 1000),
                new RateLimit(0),
                new SimpleMeterRegistry(),
                clock)) {
            vectors.findValuesAsText("vendor").stream()
                    .distinct()
                    .forEach(vendor -> door.open(
                            "POST",
                            "/" + vendor,
                            new Access.Ingest(vendor),
                            arrival -> CompletableFuture.completedFuture(Answer.text(202, ""))));
            door.listen();
            for (JsonNode vector : vectors) {
                clock.forward(Duration.between(
                        clock.instant(),
                        Instant.ofEpochSecond(vector.path("now_epoch_s").asLong())));
                check(door.port(), vector, faults);
            }
        }
        System.out.println("signatures: " + vectors.size() + " vectors, faults " + faults.size());
        assertThat(faults).isEmpty();
        assertThat(vectors).hasSize(39);
    }

    private void check(int port, JsonNode vector, List<String> faults) throws Exception {
        String name = vector.path("name").asText();
        int alive = post(port, vector, name);
        int revoked = post(port, vector, name + "-revoked");
        if (vector.path("valid").asBoolean() ? alive != 202 : !REFUSED.contains(alive)) {
            faults.add(name + ": " + alive);
        }
        if (!REFUSED.contains(revoked)) {
            faults.add(name + " with a revoked secret: " + revoked);
        }
    }

    private static JsonNode vectors() throws Exception {
        Path file = Path.of(System.getProperty("serai.badinput", "../shared/badinput"), "signatures/vectors.json");
        if (!Files.exists(file)) {
            System.out.println("skipped: there is no " + file + "; -Dserai.badinput=DIR names another folder");
            abort("no " + file);
        }
        return StrictJson.read(Files.readAllBytes(file));
    }

    private ProviderCatalog catalog() throws Exception {
        Path providers = folder.resolve("providers");
        Path beside = Path.of("src/test/resources/signatures");
        for (String vendor : SHIPPED) {
            copy(Path.of("routes/providers", vendor), providers.resolve(vendor));
        }
        try (var folders = Files.list(beside)) {
            for (Path each : folders.toList()) {
                copy(each, providers.resolve(each.getFileName()));
            }
        }
        return ProviderCatalog.load(folder);
    }

    private static void copy(Path from, Path to) throws Exception {
        Files.createDirectories(to);
        Files.copy(from.resolve("provider.yaml"), to.resolve("provider.yaml"));
    }

    /** Two instances for each vector: one with the secret, one that has it no more. */
    private static Map<String, String> settings(JsonNode vectors) {
        Map<String, String> settings = new HashMap<>();
        for (JsonNode vector : vectors) {
            String name = vector.path("name").asText();
            for (String instance : List.of(name, name + "-revoked")) {
                String prefix = "serai.provider." + vector.path("vendor").asText() + "." + instance + ".";
                String secret = vector.path("secret").asText();
                settings.put(prefix + "webhook-secret", instance.equals(name) ? "b2xkZXI=, " + secret : "b2xkZXI=");
                if (prefix.contains(".twilio.")) {
                    settings.put(
                            prefix + "webhook-url", vector.path("url").asText().split("&bodySHA256=")[0]);
                }
                if (name.startsWith("grafana-ts")) {
                    settings.put(prefix + "signature-timestamp-header", "X-Timestamp");
                }
            }
        }
        return settings;
    }

    private int post(int port, JsonNode vector, String instance) throws Exception {
        String url = vector.path("url").asText();
        int hash = url.indexOf("&bodySHA256=");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"
                        + vector.path("vendor").asText() + "?provider_id=" + instance
                        + (hash < 0 ? "" : url.substring(hash))))
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        Base64.getDecoder().decode(vector.path("body_base64").asText())));
        vector.path("headers").properties().forEach(header -> {
            if (header.getValue().isArray()) {
                header.getValue().forEach(each -> request.header(header.getKey(), each.asText()));
            } else {
                request.header(header.getKey(), header.getValue().asText());
            }
        });
        return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
