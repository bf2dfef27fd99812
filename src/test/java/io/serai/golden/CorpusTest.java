package io.serai.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.door.Refusal;
import io.serai.json.StrictJson;
import io.serai.parse.BodyReader;
import io.serai.provider.Detection;
import io.serai.provider.ProviderCatalog;
import io.serai.record.Item;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** Real bodies through mapping and detection, compared with what independent projects make of them. */
class CorpusTest {
    private static final Path ROUTES = Path.of("routes");

    private static Golden golden;
    private static Detection detection;
    private static ProviderCatalog catalog;
    private static CorpusExceptions exceptions;
    private static Set<String> forms;

    @BeforeAll
    static void start() {
        golden = new Golden(ROUTES, false);
        catalog = ProviderCatalog.load(ROUTES);
        detection = new Detection(catalog);
        exceptions = CorpusExceptions.read();
        forms = new HashSet<>();
        catalog.all().forEach(provider -> forms.addAll(provider.body()));
    }

    @AfterAll
    static void stop() {
        golden.close();
    }

    @TestFactory
    Stream<DynamicTest> bodiesOfProvidersAtTheirOwnAndAtTheGenericDoor() {
        return each(CorpusTest::ours, this::atBothDoors);
    }

    @TestFactory
    Stream<DynamicTest> bodiesOfOtherSendersAtTheGenericDoor() {
        return each(each -> !ours(each), this::atTheGenericDoorOnly);
    }

    @Test
    void everyExceptionIsAboutABodyThatIsThere() {
        Set<String> names = new TreeSet<>();
        Corpus.cases(Corpus.folder().orElseGet(() -> abort("no corpus"))).forEach(each -> names.add(each.name()));
        assertThat(names).containsAll(exceptions.bodies());
    }

    private static boolean ours(Corpus.Case each) {
        return catalog.all().stream().anyMatch(provider -> provider.name().equals(each.sender()));
    }

    private void atBothDoors(Corpus.Case each) throws Exception {
        List<String> differences = new ArrayList<>(differences(
                each, each.sender(), read(each, catalog.get(each.sender()).body())));
        JsonNode body = read(each, forms);
        List<String> names = detection.match(body, each.headers());
        if (!names.equals(List.of(each.sender()))) {
            differences.add("detector: " + names);
        }
        if (names.size() == 1) {
            differences.addAll(differences(each, names.get(0), body));
        }
        exceptions.check(each.name(), differences);
    }

    private void atTheGenericDoorOnly(Corpus.Case each) throws Exception {
        List<String> differences = new ArrayList<>();
        try {
            JsonNode body = read(each, forms);
            for (String name : detection.match(body, each.headers())) {
                if (!catalog.get(name).fallback()) {
                    differences.add("detector: " + name);
                }
                for (JsonNode alert : alerts(each, name, body)) {
                    String status = alert.path("status").asText();
                    if (each.status() != null && !each.status().equals(status)) {
                        differences.add("status: expected " + each.status() + ", got " + status);
                    }
                }
            }
        } catch (Refusal refused) {
            // A mail or a stream of lines is no body at all: it is refused with 400, which is not a wrong claim.
            assertThat(refused.getMessage()).isNotEmpty();
        }
        exceptions.check(each.name(), differences);
    }

    private static Stream<DynamicTest> each(Predicate<Corpus.Case> which, ThrowingConsumer<Corpus.Case> check) {
        if (Corpus.folder().isEmpty()) {
            return Stream.of(
                    dynamicTest(
                            "no corpus",
                            () -> abort(
                                    "no corpus of real payloads in ../shared/payloads; -Dserai.corpus=DIR names another place")));
        }
        List<Corpus.Case> cases = Corpus.cases(Corpus.folder().orElseThrow()).stream()
                .filter(which)
                .toList();
        assertThat(cases).isNotEmpty();
        return cases.stream().map(each -> dynamicTest(each.name(), () -> check.accept(each)));
    }

    private static JsonNode read(Corpus.Case each, Set<String> forms) {
        return BodyReader.read(each.body(), each.contentType(), forms);
    }

    private static List<String> differences(Corpus.Case each, String provider, JsonNode body) throws Exception {
        List<JsonNode> alerts = alerts(each, provider, body);
        assertThat(alerts.isEmpty()).isEqualTo(each.nothing());
        return each.differences(alerts, each.receivedAt());
    }

    private static List<JsonNode> alerts(Corpus.Case each, String provider, JsonNode body) throws Exception {
        List<JsonNode> alerts = new ArrayList<>();
        for (Item item : golden.items(provider, body, each.headers(), each.receivedAt())) {
            assertThat(item).isInstanceOf(Item.Mapped.class);
            alerts.add(StrictJson.read(((Item.Mapped) item).content().getBytes(StandardCharsets.UTF_8)));
        }
        return alerts;
    }
}
