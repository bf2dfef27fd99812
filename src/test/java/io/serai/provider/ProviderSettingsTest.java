package io.serai.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.config.ConfigurationError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderSettingsTest {
    private static final ProviderCatalog CATALOG = ProviderCatalog.load(Path.of("routes"));

    /** The operator searches for what the line names. */
    @ParameterizedTest
    @CsvSource({"''", "default2.", "west."})
    void halfATokenIsNamedByTheWholeKeyOfWhatIsMissing(String instance) {
        String keys = "serai.provider.cloudevents." + instance;

        assertThatThrownBy(() -> new ProviderSettings(Map.of(keys + "token-audience", "serai"), CATALOG))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith(keys + "token-issuer: ");
    }

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "30 s, PT30S", "1d, PT24H"})
    void everyFormOfADurationThatIsTakenIsRead(String text, Duration duration) {
        ProviderSettings settings =
                new ProviderSettings(Map.of("serai.provider.prometheus.resolve-after", text), CATALOG);

        assertThat(settings.duration("prometheus", "default", "resolve-after")).hasValue(duration);
    }

    @Test
    void whatIsNotSetIsReadFromTheFolder() {
        assertThat(new ProviderSettings(Map.of(), CATALOG).duration("prometheus", "west", "resolve-after"))
                .hasValue(Duration.ofMinutes(5));
    }
}
