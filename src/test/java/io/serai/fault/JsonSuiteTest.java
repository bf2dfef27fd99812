package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.Hub;
import io.serai.provider.ProviderCatalog;
import io.serai.record.FreshStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults 41, 45: JSONTestSuite at each ingest path under each content type. What is no JSON is a 400, what is JSON is
 * taken or kept in quarantine, nothing is a 5xx, and there is one receipt for each body that was taken or kept.
 */
class JsonSuiteTest {
    private static final List<String> TYPES = List.of(
            "application/json",
            "application/json; charset=\"UTF-8\"",
            "application/json;charset=iso-8859-1",
            "text/plain",
            "",
            "application/x-www-form-urlencoded");

    @TempDir
    Path folder;

    private record Ingest(String path, Set<String> forms) {}

    @Test
    void theSuiteAtEveryPathUnderEveryType() throws Exception {
        List<Path> files = BadInput.files("json-test-suite/test_parsing");
        Knocker knocker = new Knocker();
        Map<String, List<Integer>> either = new TreeMap<>();
        try (Hub hub = new Hub(folder, Map.of())) {
            int turn = 0;
            for (Ingest ingest : ingests()) {
                for (Path file : files) {
                    byte[] body = Files.readAllBytes(file);
                    String name = file.getFileName().toString();
                    // In the small size the types take turns: each file meets each type at some path.
                    for (String type : Size.of(List.of(TYPES.get(turn++ % TYPES.size())), TYPES)) {
                        knocker.send(
                                name + " at " + ingest.path() + " as " + type,
                                hub.uri(ingest.path()),
                                body,
                                status -> {
                                    if (name.startsWith("i_")) {
                                        either.computeIfAbsent(name, first -> new ArrayList<>())
                                                .add(status);
                                    }
                                    return expected(name, ingest, type).contains(status);
                                },
                                type.isEmpty()
                                        ? new String[] {"X-API-KEY", hub.key()}
                                        : new String[] {"X-API-KEY", hub.key(), "Content-Type", type});
                    }
                }
                turn++;
            }
            assertThat(knocker.verdict("JSONTestSuite")).isEmpty();
            either.forEach((name, statuses) -> System.out.println(
                    "  " + name + ": " + statuses.stream().distinct().sorted().toList()));
            assertThat(FreshStore.number(hub.store(), "select count(*) from receipt"))
                    .isEqualTo(knocker.answered(200, 202, 422));
        }
    }

    private static List<Ingest> ingests() {
        ProviderCatalog catalog = ProviderCatalog.load(Path.of("routes"));
        List<Ingest> ingests = new ArrayList<>();
        ingests.add(new Ingest("/api/alerts/event", catalog.forms()));
        ingests.add(new Ingest("/webhooks/dynatrace", catalog.get("dynatrace").body()));
        catalog.all().stream()
                .filter(provider -> provider.kind().contains("webhook"))
                .forEach(provider -> ingests.add(new Ingest("/api/alerts/event/" + provider.name(), provider.body())));
        return ingests;
    }

    /** A path that takes forms or texts takes what is labelled so, JSON or not. */
    private static List<Integer> expected(String name, Ingest ingest, String type) {
        boolean other = type.startsWith("text/") && ingest.forms().contains("text")
                || type.endsWith("urlencoded") && ingest.forms().contains("form");
        if (other) {
            return List.of(200, 202, 400, 422);
        }
        return switch (name.charAt(0)) {
            case 'y' -> List.of(200, 202, 422);
            case 'n' -> List.of(400);
            default -> List.of(200, 202, 400, 422);
        };
    }
}
