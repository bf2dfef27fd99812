package io.serai.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @TempDir
    Path home;

    private Settings load(String file, Map<String, String> environment, Map<String, String> overrides)
            throws IOException {
        Files.writeString(home.resolve("application.properties"), file);
        return Settings.load(home, null, environment, overrides);
    }

    private Settings load(String file) throws IOException {
        return load(file, Map.of(), Map.of());
    }

    @Test
    void theCommandLineWinsOverTheEnvironmentAndThatOverTheFile() throws IOException {
        String file = "serai.port=1001\nserai.door.queue=11\nserai.host=127.0.0.2\n";
        Settings settings =
                load(file, Map.of("SERAI_PORT", "1002", "SERAI_DOOR_QUEUE", "12"), Map.of("serai.port", "1003"));
        assertThat(settings.number("serai.port")).isEqualTo(1003);
        assertThat(settings.number("serai.door.queue")).isEqualTo(12);
        assertThat(settings.text("serai.host")).isEqualTo("127.0.0.2");
        assertThat(settings.duration("serai.incident.window")).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void withoutAFileTheDefaultsApply() {
        Settings settings = Settings.load(home, null, Map.of("PATH", "/bin", "SERAI_JAVA_OPTS", "-Xmx1g"), Map.of());
        assertThat(settings.list("serai.incident.keys")).containsExactly("service", "environment");
        assertThat(settings.path("serai.data")).isEqualTo(home.resolve("data"));
        assertThat(settings.size("serai.retention.size")).isEqualTo(10L << 30);
        assertThat(settings.flag("serai.behind-proxy")).isFalse();
    }

    @Test
    void anEmptyValueMeansTheDefault() throws IOException {
        assertThat(load("serai.port=\n").number("serai.port")).isEqualTo(8080);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "serai.prot=1 | serai.prot: is no setting. Did you mean serai.port?",
                "serai.port=many | serai.port: is not a whole number. Use 0 to 65535.",
                "serai.port=70000 | serai.port: is out of range. Use 0 to 65535.",
                "serai.max-body=1TB | serai.max-body: is not a size such as 512KB, 1MB or 10GB. Use 1KB to 64MB.",
                "serai.max-body=65MB | serai.max-body: is out of range. Use 1KB to 64MB.",
                "serai.incident.window=15 | serai.incident.window: is not a duration such as 500ms, 30s, 15m, 2h or 1d. Use 1s to 30d.",
                "serai.behind-proxy=yes | serai.behind-proxy: is neither true nor false. Write true or false.",
                "serai.unheard-of=1 | serai.unheard-of: is no setting. Delete it, or see application.properties for all keys.",
                "sera.port=1 | sera.port: is no setting. Did you mean serai.port?",
                "serai.ledger.password={{env:NOBODY_SET_IT}} | serai.ledger.password: the environment variable NOBODY_SET_IT is not set. Set it before the start.",
                "serai.ledger.password={{vault:x}} | serai.ledger.password: has a placeholder of no known kind. Write {{env:NAME}} or {{file:/path}}.",
            })
    void whatIsWrongIsNamedInOneLineWithTheRemedy(String line, String message) {
        assertThatThrownBy(() -> load(line + "\n"))
                .isInstanceOf(ConfigurationError.class)
                .hasMessage(message);
    }

    @Test
    void aKeyWrittenTwiceIsRefused() {
        assertThatThrownBy(() -> load("serai.port=1\nserai.port=2\n"))
                .hasMessageStartingWith("serai.port: is set twice");
    }

    @Test
    void aNamedFileThatIsMissingIsRefused() {
        assertThatThrownBy(() -> Settings.load(home, home.resolve("none.properties"), Map.of(), Map.of()))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageContaining("none.properties: cannot be read");
    }

    @Test
    void secretsComeFromTheEnvironmentAndFromFilesAndAreKnownAsSuch() throws IOException {
        Files.writeString(home.resolve("token"), "s3cret-from-file\n");
        Settings settings = load(
                "serai.ledger.password={{env:DB_PASSWORD}}\n"
                        + "serai.provider.dynatrace.api-token={{file:token}}\n"
                        + "serai.destination.ops.url=https://{{env:HOOK_HOST:hooks.invalid}}/x\n",
                Map.of("DB_PASSWORD", "s3cret-from-env"),
                Map.of());
        assertThat(settings.text("serai.ledger.password")).isEqualTo("s3cret-from-env");
        assertThat(settings.text("serai.provider.dynatrace.api-token")).isEqualTo("s3cret-from-file");
        assertThat(settings.text("serai.destination.ops.url")).isEqualTo("https://hooks.invalid/x");
        assertThat(settings.secretValues()).containsExactly("s3cret-from-env", "s3cret-from-file");
        assertThat(settings.toString()).doesNotContain("s3cret");
    }

    @Test
    void aVariableThatAPlaceholderNamesIsNoSetting() throws IOException {
        Settings settings =
                load("serai.ledger.password={{env:SERAI_DB_PASSWORD}}\n", Map.of("SERAI_DB_PASSWORD", "x"), Map.of());
        assertThat(settings.text("serai.ledger.password")).isEqualTo("x");
    }

    @Test
    void theEnvironmentReachesProvidersAndDestinationsThatTheFileDeclares() throws IOException {
        Files.createDirectories(home.resolve("routes/providers/dynatrace"));
        Settings settings = load(
                "serai.destination.ops-slack.notifier=slack\nserai.destination.ops.notifier=email\n"
                        + "serai.provider.dynatrace.eu.tenant=https://eu.invalid\n",
                Map.of(
                        "SERAI_DESTINATION_OPS_SLACK_URL", "https://slack.invalid",
                        "SERAI_DESTINATION_OPS_RETRY_COUNT", "2",
                        "SERAI_DESTINATION_OPS_PROXY_HOST", "proxy.invalid",
                        "SERAI_PROVIDER_DYNATRACE_API_TOKEN", "one",
                        "SERAI_PROVIDER_DYNATRACE_EU_API_TOKEN", "two"),
                Map.of());
        assertThat(settings.startingWith("serai.destination."))
                .containsOnlyKeys(
                        "serai.destination.ops-slack.notifier",
                        "serai.destination.ops-slack.url",
                        "serai.destination.ops.notifier",
                        "serai.destination.ops.retry.count",
                        "serai.destination.ops.proxy.host");
        assertThat(settings.startingWith("serai.provider."))
                .containsEntry("serai.provider.dynatrace.api-token", "one")
                .containsEntry("serai.provider.dynatrace.eu.api-token", "two");
    }

    @Test
    void aDestinationMayBeDeclaredByTheEnvironmentAlone() throws IOException {
        Settings settings = load(
                "",
                Map.of("SERAI_DESTINATION_ON_CALL_NOTIFIER", "webhook", "SERAI_DESTINATION_ON_CALL_URL", "http://x"),
                Map.of());
        assertThat(settings.startingWith("serai.destination."))
                .containsOnlyKeys("serai.destination.on-call.notifier", "serai.destination.on-call.url");
    }

    @Test
    void aVariableThatIsNoSettingIsRefused() {
        assertThatThrownBy(() -> load("", Map.of("SERAI_PROT", "1"), Map.of()))
                .hasMessage("SERAI_PROT: is no setting. Did you mean SERAI_PORT?");
        assertThatThrownBy(() -> load("", Map.of("SERAI_DESTINATION_OPS_URL", "x"), Map.of()))
                .hasMessageContaining("Declare the destination with SERAI_DESTINATION_<NAME>_NOTIFIER");
    }

    @Test
    void keysOfCamelAndOfTheOperatorPassThrough() throws IOException {
        Settings settings = load("camel.main.name=x\nacme.base={{env:LATER}}\n");
        assertThat(settings.all()).containsEntry("camel.main.name", "x").containsEntry("acme.base", "{{env:LATER}}");
    }

    @Test
    void keyNamesThatMeanSecrets() {
        assertThat(Settings.secret("serai.destination.sms.auth-token")).isTrue();
        assertThat(Settings.secret("serai.destination.pager.routing-key")).isTrue();
        assertThat(Settings.secret("serai.destination.x.proxy.password")).isTrue();
        assertThat(Settings.secret("serai.destination.jira.project-key")).isFalse();
        assertThat(Settings.secret("serai.incident.keys")).isFalse();
    }

    @Test
    void listeningBeyondThisMachineIsADecision() throws IOException {
        Exposure.check(load("serai.host=127.0.0.1\n"));
        Exposure.check(load("serai.host=0.0.0.0\nserai.behind-proxy=true\n"));
        Settings open = load("serai.host=0.0.0.0\n");
        assertThatThrownBy(() -> Exposure.check(open)).hasMessageStartingWith("serai.host: is open to other machines");
    }

    @Test
    void redactionReplacesTheLongestSecretFirst() {
        Redaction.hide(List.of("canary-value", "canary-value-long", "abc"));
        assertThat(Redaction.redact("a=canary-value-long b=canary-value abc")).isEqualTo("a=*** b=*** abc");
    }
}
