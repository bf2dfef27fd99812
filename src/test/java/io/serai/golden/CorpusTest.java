package io.serai.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.json.StrictJson;
import io.serai.provider.Detection;
import io.serai.provider.ProviderCatalog;
import io.serai.record.Item;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** Real bodies through mapping and detection, compared with what independent projects make of them. */
class CorpusTest {
    private static final Path ROUTES = Path.of("routes");

    private static Golden golden;
    private static Detection detection;

    @BeforeAll
    static void start() {
        golden = new Golden(ROUTES, false);
        detection = new Detection(ProviderCatalog.load(ROUTES));
    }

    @AfterAll
    static void stop() {
        golden.close();
    }

    @TestFactory
    Stream<DynamicTest> atTheirProvidersDoor() {
        return each(this::atItsProvidersDoor);
    }

    @TestFactory
    Stream<DynamicTest> atTheGenericDoor() {
        return each(this::atTheGenericDoor);
    }

    private void atItsProvidersDoor(Corpus.Case each) throws Exception {
        check(each, each.provider());
    }

    private void atTheGenericDoor(Corpus.Case each) throws Exception {
        List<String> names = detection.match(StrictJson.read(each.body()), each.headers());
        assertThat(names).hasSize(1);
        check(each, names.get(0));
    }

    private static Stream<DynamicTest> each(ThrowingConsumer<Corpus.Case> check) {
        if (Corpus.folder().isEmpty()) {
            return Stream.of(
                    dynamicTest(
                            "no corpus",
                            () -> abort(
                                    "no corpus of real payloads in ../shared/payloads; -Dserai.corpus=DIR names another place")));
        }
        List<Corpus.Case> cases = Corpus.cases(Corpus.folder().orElseThrow());
        assertThat(cases).isNotEmpty();
        return cases.stream().map(each -> dynamicTest(each.name(), () -> check.accept(each)));
    }

    private static void check(Corpus.Case each, String provider) throws Exception {
        List<JsonNode> alerts = new ArrayList<>();
        for (Item item : golden.items(provider, StrictJson.read(each.body()), each.headers(), each.receivedAt())) {
            assertThat(item).isInstanceOf(Item.Mapped.class);
            alerts.add(content((Item.Mapped) item));
        }
        assertThat(each.differences(alerts, each.receivedAt())).isEmpty();
    }

    private static JsonNode content(Item.Mapped mapped) throws IOException {
        return StrictJson.read(mapped.content().getBytes(StandardCharsets.UTF_8));
    }
}
