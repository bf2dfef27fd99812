package io.serai.supply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.maven.artifact.versioning.ComparableVersion;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The resolved tree, as the build's own SBOM lists it, has the versions that close known advisories. */
class VersionFloorTest {
    private static final Map<String, String> VERSIONS = new HashMap<>();

    @BeforeAll
    static void read() throws IOException {
        for (JsonNode part :
                new ObjectMapper().readTree(new File("target/sbom.json")).path("components")) {
            VERSIONS.put(
                    part.path("group").asText() + ":" + part.path("name").asText(),
                    part.path("version").asText());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "io.netty:netty-codec-http, 4.1.136.Final",
        "io.netty:netty-handler, 4.1.136.Final",
        "io.vertx:vertx-core, 4.5.31",
        "io.vertx:vertx-web, 4.5.31",
        "com.fasterxml.jackson.core:jackson-core, 2.21.0",
        "com.fasterxml.jackson.core:jackson-databind, 2.21.0",
        "org.apache.camel:camel-main, 4.17.0",
        "org.yaml:snakeyaml, 2.0",
    })
    void isNotOlderThan(String part, String floor) {
        assertThat(VERSIONS).containsKey(part);
        assertThat(new ComparableVersion(VERSIONS.get(part))).isGreaterThanOrEqualTo(new ComparableVersion(floor));
    }

    @Test
    void hasOneVersionOfCamel() {
        assertThat(VERSIONS.entrySet().stream()
                        .filter(part -> part.getKey().startsWith("org.apache.camel:"))
                        .map(Map.Entry::getValue)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void shipsNoH2AndNoScriptLanguage() {
        assertThat(VERSIONS.keySet())
                .noneMatch(part -> part.startsWith("com.h2database:") || part.startsWith("org.apache.groovy:"));
    }
}
