package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.serai.config.Settings;
import io.serai.door.ErrorCode;
import io.serai.door.Principal;
import io.serai.record.Dialect;
import io.serai.record.FreshStore;
import io.serai.record.LedgerOptions;
import io.serai.record.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** schema/openapi.yaml says what the API does: each path is served, each parameter taken, each error code listed. */
class OpenApiTest {
    private static final Principal ADMIN = new Principal("admin", Set.of("admin"));
    private static final Set<String> ELSEWHERE =
            Set.of("/health", "/health/live", "/api/alerts/event", "/api/alerts/event/{provider}");

    @TempDir
    Path folder;

    private Store store;
    private ApiHandler api;
    private JsonNode document;

    @BeforeEach
    void open() throws Exception {
        LedgerOptions options = FreshStore.options(Dialect.SQLITE, folder);
        store = Store.open(options);
        LedgerOfOne.fill(store, options);
        Settings settings = Settings.load(Path.of("").toAbsolutePath(), null, Map.of(), Map.of());
        Clock clock = Clock.systemUTC();
        api = new ApiHandler(store, new Keys(store, clock), () -> settings, new LocalActions(() -> null), clock);
        document = new YAMLMapper().readTree(Path.of("schema/openapi.yaml").toFile());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void everyPathIsServedWithItsParameters() {
        int asked = 0;
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            if (ELSEWHERE.contains(path.getKey())) {
                continue;
            }
            String called = path.getKey()
                    .substring("/api/".length())
                    .replace("{id}", "1")
                    .replace("{provider}", "prometheus")
                    .replace("{instance}", "default");
            if (path.getValue().has("post")) {
                // An empty body may be refused, the path may not.
                Throwable refused = catchThrowable(() -> api.post(called, Rows.object(), ADMIN));
                assertThat(String.valueOf(refused)).as(called).doesNotContain("nothing at this path");
                asked++;
            }
            if (path.getValue().path("get").path("x-asks").asBoolean()) {
                // Another system is asked: this process may refuse that, the path is served.
                Throwable refused = catchThrowable(() -> api.get(called, Map.of(), ADMIN));
                assertThat(refused).as(called).hasMessageContaining("needs the running server");
                asked++;
            } else if (path.getValue().has("get")) {
                assertThat(api.get(called, Map.of(), ADMIN)).as(called).isNotEmpty();
                for (JsonNode parameter : path.getValue().path("get").path("parameters")) {
                    JsonNode declared = parameter.has("$ref")
                            ? document.at(parameter.path("$ref").asText().substring(1))
                            : parameter;
                    if (declared.path("in").asText().equals("query")) {
                        String name = declared.path("name").asText();
                        Throwable refused =
                                catchThrowable(() -> api.get(called, Map.of(name, example(declared)), ADMIN));
                        assertThat(refused).as(called + " " + name).isNull();
                    }
                }
                asked++;
            }
        }
        assertThat(asked).isGreaterThan(15);
    }

    private static String example(JsonNode parameter) {
        JsonNode schema = parameter.path("schema");
        if (schema.has("enum")) {
            return schema.path("enum").path(0).asText();
        }
        if (schema.path("type").asText().equals("boolean")) {
            return "true";
        }
        if (parameter.path("name").asText().equals("head")) {
            return "1:" + "0".repeat(64);
        }
        return parameter.path("name").asText().equals("fingerprint") ? LedgerOfOne.DISK.toString() : "1";
    }

    @Test
    void everyErrorCodeIsListed() {
        JsonNode codes = document.at(
                "/components/responses/Error/content/application~1json/schema/properties/error/properties/code/enum");
        Set<String> listed = new HashSet<>();
        codes.forEach(code -> listed.add(code.asText()));
        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ErrorCode.values()).map(Enum::name).toList());
    }

    @Test
    void everyOperationSaysHowItFailsAndWhereAPersonStands() {
        Set<String> sent =
                Set.of("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-RateLimit-Retry-After");
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                String what = operation.getKey() + " " + path.getKey();
                JsonNode responses = operation.getValue().path("responses");
                assertThat(responses.at("/default/$ref").asText()).as(what).isEqualTo("#/components/responses/Error");
                for (Map.Entry<String, JsonNode> response : responses.properties()) {
                    JsonNode whole = response.getValue().has("$ref")
                            ? document.at(
                                    response.getValue().path("$ref").asText().substring(1))
                            : response.getValue();
                    Set<String> named = new HashSet<>();
                    whole.path("headers").fieldNames().forEachRemaining(named::add);
                    if (!path.getKey().startsWith("/health")) {
                        assertThat(named).as(what + " " + response.getKey()).containsAll(sent);
                    }
                }
            }
        }
    }
}
