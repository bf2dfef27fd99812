package io.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was replaced is gone: else a server whose files are edited now and then runs out of memory some day (fault 67). */
class ReplacedTest {
    private static final String ROUTES = "org.apache.camel.impl.DefaultCamelContext";

    @TempDir
    Path folder;

    @Test
    void nothingIsKeptOfTheRoutesThatRanBeforeNorOfThoseThatDidNotStart() throws Exception {
        Path routes = folder.resolve("routes");
        copy(Path.of("routes"), routes);
        try (Hub hub = new Hub(folder, Map.of("serai.routes", routes.toString(), "serai.reload", "false"))) {
            long before = inMemory(ROUTES);
            for (int i = 0; i < 3; i++) {
                add(routes.resolve("providers/generic/generic.jq"), "# " + i + "\n");
                assertThat(reload(hub).at("/data/result").asText()).isEqualTo("taken");
            }
            Path twice = routes.resolve("core/twice.camel.yaml");
            Files.writeString(
                    twice,
                    """
                    - route:
                        id: twice
                        from:
                          uri: direct:alert-record
                          steps:
                            - to:
                                uri: direct:alert-enrich
                    """);
            for (int i = 0; i < 2; i++) {
                add(twice, "# " + i + "\n");
                assertThat(reload(hub).at("/error/code").asText()).isEqualTo("CONFIGURATION_REFUSED");
            }
            // One is in a static field of Camel's simple language, whichever came first, and no other ever is.
            await().atMost(Duration.ofMinutes(1)).until(() -> inMemory(ROUTES) <= before + 1);
        }
    }

    private static JsonNode reload(Hub hub) throws Exception {
        return Hub.json(hub.post("/api/reload", "{}", "X-API-KEY", hub.operatorKey()));
    }

    private static void add(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    /** How many objects of a class something still refers to; collects what nothing does. */
    private static long inMemory(String name) throws Exception {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        return histogram
                .lines()
                .map(line -> line.trim().split("\\s+"))
                .filter(columns -> columns.length > 3 && columns[3].equals(name))
                .mapToLong(columns -> Long.parseLong(columns[1]))
                .sum();
    }
}
