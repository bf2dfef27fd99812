package io.serai.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckerTest {
    private static final Path SHIPPED = Path.of("routes");
    private static final String MAPPING = "providers/uptimekuma/uptimekuma.jq";

    @TempDir
    Path home;

    private Path copied(String folder) throws IOException {
        Path routes = home.resolve("routes");
        try (Stream<Path> all = Files.walk(SHIPPED.resolve(folder))) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                Path copy = routes.resolve(SHIPPED.relativize(each));
                Files.createDirectories(copy.getParent());
                Files.copy(each, copy);
            }
        }
        return routes;
    }

    @Test
    void aMappingThatEatsAllMemoryEndsTheCheckAndNotUs() throws Exception {
        copied("kamelets");
        copied("core");
        Path routes = copied("providers/uptimekuma");
        List<String> folders = List.of("providers/uptimekuma");
        try (Checker checker = new Checker(Duration.ofMinutes(5))) {
            Files.writeString(routes.resolve(MAPPING), "[range(1000000000)]");
            assertThat(checker.check(routes, folders, List.of()))
                    .extracting(Finding::rule)
                    .containsExactly(Checker.UNDECIDED);

            Files.writeString(routes.resolve(MAPPING), "[{title: \"x\"}]");
            assertThat(checker.check(routes, folders, List.of()))
                    .as("the next one, by a new process")
                    .isNotEmpty()
                    .extracting(Finding::rule)
                    .containsOnly("sample");

            Files.writeString(routes.resolve(MAPPING), Files.readString(SHIPPED.resolve(MAPPING)));
            assertThat(checker.check(routes, folders, List.of())).isEmpty();
        }
    }

    @Test
    void aDetectorThatClaimsAnothersSamplesIsRefusedThoughThatOnesFilesAreTheSame() throws Exception {
        copied("kamelets");
        copied("core");
        Path routes = copied("providers");
        List<String> edited = List.of("providers/grafana");
        List<String> others = List.of("providers/uptimekuma");
        Path descriptor = routes.resolve("providers/grafana/provider.yaml");
        String good = Files.readString(descriptor);
        try (Checker checker = new Checker(Duration.ofMinutes(5))) {
            Files.writeString(descriptor, good.replaceFirst("detect: \\|\n(?:  .*\n)+", "detect: 'true'\n"));
            assertThat(checker.check(routes, edited, others))
                    .filteredOn(each -> each.file().startsWith("routes/providers/uptimekuma/samples/"))
                    .isNotEmpty()
                    .allSatisfy(each -> assertThat(each.reason()).contains("claimed by grafana and uptimekuma"));

            Files.writeString(descriptor, good);
            assertThat(checker.check(routes, edited, others)).isEmpty();
        }
    }

    /** Bodies without a mark of their own are left to the generic detector; one that no longer takes them leaves them to nobody. */
    @Test
    void aFallbackThatLetsGoOfAnothersSamplesIsRefused() throws Exception {
        copied("kamelets");
        copied("core");
        Path routes = copied("providers");
        Path descriptor = routes.resolve("providers/generic/provider.yaml");
        Files.writeString(
                descriptor, Files.readString(descriptor).replaceFirst("detect: \\|\n(?:  .*\n)+", "detect: 'false'\n"));
        try (Checker checker = new Checker(Duration.ofMinutes(5))) {
            assertThat(checker.check(routes, List.of("providers/generic"), List.of("providers/overwatch")))
                    .filteredOn(each -> each.file().startsWith("routes/providers/overwatch/samples/"))
                    .isNotEmpty()
                    .allSatisfy(each -> assertThat(each.reason()).contains("no detector knows this sample"));
        }
    }
}
