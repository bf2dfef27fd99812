package io.serai.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.alert.Severity;
import io.serai.config.ConfigurationError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationsTest {
    private static final NotifierCatalog NOTIFIERS = NotifierCatalog.load(Path.of("routes"));

    private static Destinations read(String... settings) {
        Map<String, String> keys = new HashMap<>(Map.of(
                "serai.destination.hooks.notifier", "webhook",
                "serai.destination.hooks.url", "https://hooks.invalid/in"));
        for (int i = 0; i < settings.length; i += 2) {
            keys.put(settings[i], settings[i + 1]);
        }
        return Destinations.of(keys, NOTIFIERS);
    }

    @Test
    void whatIsNotSetIsTheDefault() {
        Destination hooks = read().get("hooks");

        assertThat(hooks.severities()).isEmpty();
        assertThat(hooks.concurrency()).isEqualTo(4);
        assertThat(hooks.retry()).isEqualTo(RetryPolicy.standard());
        assertThat(hooks.network().proxy()).isNull();
        assertThat(hooks.options()).containsOnlyKeys("url");
        assertThat(hooks.secrets()).contains("url", "secret");
    }

    /** G15. */
    @Test
    void aDestinationsOwnRetryWinsOverTheOneForAll() {
        Destinations both = read(
                "serai.retry.count", "9",
                "serai.retry.codes", "5xx",
                "serai.destination.hooks.retry.count", "2",
                "serai.destination.other.notifier", "console");

        assertThat(both.get("hooks").retry().count()).isEqualTo(2);
        assertThat(both.get("hooks").retry().codes()).hasToString("5xx");
        assertThat(both.get("other").retry().count()).isEqualTo(9);
    }

    @Test
    void everythingCanBeSet() {
        Destination hooks = read(
                        "serai.destination.hooks.severities", "critical, high",
                        "serai.destination.hooks.providers", "prometheus",
                        "serai.destination.hooks.concurrency", "2",
                        "serai.destination.hooks.timeout", "30s",
                        "serai.destination.hooks.breaker.delay", "1m",
                        "serai.destination.hooks.proxy.host", "proxy.invalid",
                        "serai.destination.hooks.proxy.port", "8888",
                        "serai.destination.hooks.proxy.user", "u",
                        "serai.destination.hooks.proxy.password", "p-canary",
                        "serai.destination.hooks.report-to", "other",
                        "serai.destination.other.notifier", "console")
                .get("hooks");

        assertThat(hooks.severities()).containsExactlyInAnyOrder(Severity.CRITICAL, Severity.HIGH);
        assertThat(hooks.providers()).containsExactly("prometheus");
        assertThat(hooks.network().timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(hooks.breaker().delay()).isEqualTo(Duration.ofMinutes(1));
        assertThat(hooks.network().proxy()).hasToString("http://proxy.invalid:8888");
        assertThat(hooks.reportTo()).isEqualTo("other");
        assertThat(hooks.toString()).doesNotContain("p-canary", "invalid");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hooks.notifier | webhok | hooks.notifier: is no notifier. Did you mean 'webhook'.",
                "hooks.severites | high | hooks.severites: the notifier webhook has no such setting. Did you mean 'severities'.",
                "hooks.severities | high,hot | hooks.severities: is no list of severities. Use critical, high, medium, low or info.",
                "hooks.concurrency | 0 | hooks.concurrency: is not a whole number in range. Use 1 to 256.",
                "hooks.timeout | 10 | hooks.timeout: is not a duration. Write it like 500ms, 30s, 5m, 2h or 1d.",
                "hooks.breaker.timeout | 10s | hooks.breaker.timeout: is not longer than timeout. Make it at least twice as long.",
                "hooks.retry.codes | 599-500 | hooks.retry.codes: has an inverted range, which matches nothing. Write the lower code first.",
                "hooks.retry.enabled | maybe | hooks.retry.enabled: is neither true nor false. Write true or false.",
                "hooks.url | example.org | hooks.url: is no http or https address. Write https://host/path.",
                "hooks.proxy.port | 3128 | hooks.proxy.port: has no effect without a proxy. Set serai.destination.hooks.proxy.host too.",
                "hooks.report-to | nowhere | hooks.report-to: is no destination. Name one of hooks.",
                "hooks.ca-file | /no/such/file | hooks.ca-file: cannot be read. Give a readable PEM file.",
                "other.url | https://x | other.notifier: is missing. Name one of"
            })
    void aWrongSettingIsOneLineThatNamesKeyAndRemedy(String key, String value, String message) {
        assertThatThrownBy(() -> read("serai.destination." + key, value))
                .isInstanceOf(ConfigurationError.class)
                .message()
                .startsWith("serai.destination." + message)
                .doesNotContain("\n");
    }
}
