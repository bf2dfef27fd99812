package io.serai.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The shipped file is the documentation of the settings: complete, each explained, with the default that applies. */
class ApplicationPropertiesTest {
    private static final Path FILE = Path.of("application.properties");

    @Test
    void holdsEveryDeclaredKeyOnceWithItsDefaultBelowItsDescription() throws IOException {
        List<String> lines = Files.readAllLines(FILE);
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.startsWith("serai.") || line.startsWith("serai.destination.")) {
                continue;
            }
            String key = line.substring(0, line.indexOf('='));
            Setting setting = SettingsCatalog.find(key).orElseThrow();
            assertThat(line).isEqualTo(key + "=" + setting.fallback());
            assertThat(lines.get(i - 1)).isEqualTo("# " + setting.description());
            keys.add(key);
        }
        assertThat(keys)
                .doesNotHaveDuplicates()
                .containsExactlyElementsOf(
                        SettingsCatalog.all().stream().map(Setting::key).toList());
    }

    @Test
    void defaultsAreValid() {
        Settings settings = Settings.load(Path.of("").toAbsolutePath(), null, Map.of(), Map.of());
        assertThat(settings.number("serai.port")).isEqualTo(8080);
        assertThat(settings.size("serai.max-body")).isEqualTo(1024 * 1024);
        assertThat(settings.startingWith("serai.destination."))
                .containsEntry("serai.destination.console.notifier", "console");
    }

    @Test
    void everyDefaultIsOfItsOwnTypeAndRange() {
        assertThat(SettingsCatalog.all()).isNotEmpty().allSatisfy(setting -> setting.check(setting.fallback()));
    }
}
