package io.serai.dynatrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.config.ConfigurationError;
import io.serai.deliver.Destination;
import io.serai.deliver.Destinations;
import io.serai.deliver.NotifierCatalog;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.ProviderSettings;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** D2, D18, D20: the Python webhook's configuration, with its traps. */
class ConfigImportTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("config.json");
    }

    @Test
    void aWholeFileBecomesPropertiesWithoutASecret() throws IOException {
        String imported = imported(
                """
                {"dynatrace": {"tenant": "https://qrs77.live.dynatrace.example/", "api_token": "dt0c01.SECRETONE"},
                 "webhook": {"username": "hook", "password": "SECRETTWO", "interface": "10.1.2.3", "port": 5005},
                 "dir_received": "problems_received", "dir_sent": "problems_sent", "log_dir": "log", "log_file": "webhook.log",
                 "incident_notification": {"active": true, "exec_win": "C:\\\\i.bat", "exec_unix": "/opt/incident/open.sh -v now"},
                 "sms_notification": {"active": true, "twilio_account": "AC77", "twilio_token": "SECRETTHREE",
                                      "twilio_number": "+15005550006", "to_number": "+4917012345"}}
                """);

        assertThat(imported).doesNotContain("SECRET").doesNotContain("WARNING");
        Properties properties = properties(imported);
        assertThat(properties)
                .containsEntry("serai.provider.dynatrace.tenant", "https://qrs77.live.dynatrace.example")
                .containsEntry("serai.provider.dynatrace.api-token", "{{env:DYNATRACE_API_TOKEN}}")
                .containsEntry("serai.provider.dynatrace.username", "hook")
                .containsEntry("serai.provider.dynatrace.password", "{{env:DYNATRACE_WEBHOOK_PASSWORD}}")
                .containsEntry("serai.host", "10.1.2.3")
                .containsEntry("serai.port", "5005")
                .containsEntry("serai.destination.incident.notifier", "exec")
                .containsEntry("serai.destination.incident.executable", "/opt/incident/open.sh")
                .containsEntry("serai.destination.incident.arguments", "-v now")
                .containsEntry("serai.destination.sms.notifier", "twilio")
                .containsEntry("serai.destination.sms.auth-token", "{{env:TWILIO_AUTH_TOKEN}}")
                .containsEntry("serai.destination.sms.to", "+4917012345")
                .containsEntry("serai.destination.incident.report-to", "problem-comments")
                .containsEntry("serai.destination.sms.report-to", "problem-comments")
                .containsEntry("serai.destination.problem-comments.notifier", "dynatrace-comment")
                .containsEntry("serai.destination.problem-comments.tenant", "https://qrs77.live.dynatrace.example");
        assertThat(imported).contains("dir_received is not needed", "log_file is not needed");
    }

    @Test
    void theShellInFrontOfTheShippedScriptIsLeftOut() throws IOException {
        String imported = imported(
                """
                {"incident_notification": {"active": true, "exec_unix": "/bin/sh legacy_script.sh"}}
                """);

        assertThat(properties(imported))
                .containsEntry("serai.destination.incident.executable", "legacy_script.sh")
                .doesNotContainKey("serai.destination.incident.arguments");
        assertThat(imported)
                .contains("# WARNING: \"/bin/sh\" in front", "# WARNING: The script's path is not absolute");
    }

    @Test
    void anOpenInterfaceAndTheDefaultPasswordAreWarnedOfAndNotCarriedOver() throws IOException {
        String imported = imported(
                """
                {"dynatrace": {"tenant": "http://xxxxxxxx.live.dynatrace.com", "api_token": "YOUR_API_TOKEN"},
                 "webhook": {"username": "dynatrace", "password": "s3cr3t", "interface": "0.0.0.0", "port": 5000}}
                """);

        assertThat(imported)
                .contains("# WARNING: webhook.interface was 0.0.0.0", "# WARNING: webhook.password is the default")
                .contains("# WARNING: dynatrace.tenant is not filled in")
                .doesNotContain("s3cr3t");
        assertThat(properties(imported)).doesNotContainKeys("serai.host", "serai.provider.dynatrace.tenant");
    }

    @Test
    void whatWasNotActiveMakesNoDestination() throws IOException {
        Properties properties = properties(
                imported(
                        """
                {"incident_notification": {"active": false, "exec_unix": "/opt/x"}, "sms_notification": {"active": false}}
                """));

        assertThat(properties.stringPropertyNames()).noneMatch(key -> key.startsWith("serai.destination."));
    }

    @Test
    void aLineBreakInAValueMakesNoSecondProperty() throws IOException {
        Properties properties = properties(
                imported(
                        """
                {"webhook": {"username": "a\\nserai.host=0.0.0.0", "interface": "10.0.0.1"}}
                """));

        assertThat(properties).containsEntry("serai.host", "10.0.0.1");
        assertThat(properties.getProperty("serai.provider.dynatrace.username")).isEqualTo("a\nserai.host=0.0.0.0");
    }

    @Test
    void whatIsImportedIsAConfigurationThatIsUnderstood() throws IOException {
        Properties properties = properties(
                imported(
                        """
                {"dynatrace": {"tenant": "https://qrs77.live.dynatrace.example", "api_token": "x"},
                 "webhook": {"username": "hook", "password": "y", "interface": "10.1.2.3", "port": 5005},
                 "incident_notification": {"active": true, "exec_unix": "/bin/sh /opt/incident/open.sh -v"},
                 "sms_notification": {"active": true, "twilio_account": "AC0123456789abcdef0123456789abcdef",
                    "twilio_token": "z", "twilio_number": "+15005550006", "to_number": "+4917012345678"}}
                """));
        Map<String, String> settings = new HashMap<>();
        properties.forEach((key, value) -> settings.put(key.toString(), value.toString()));
        Path routes = Path.of("routes");

        ProviderSettings providers = new ProviderSettings(settings, ProviderCatalog.load(routes));
        Destinations destinations = Destinations.of(settings, NotifierCatalog.load(routes));

        assertThat(providers.basic("dynatrace", "default")).isPresent();
        assertThat(destinations.all()).extracting(Destination::notifier).contains("exec", "twilio");
    }

    @Test
    void whatIsNoJsonIsOneLine() {
        assertThatThrownBy(() -> imported("{\"dynatrace\": {")).isInstanceOf(ConfigurationError.class);
        assertThatThrownBy(() -> imported("[]"))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageContaining("config.json of the Python webhook");
    }

    private String imported(String json) throws IOException {
        return ConfigImport.toProperties(Files.writeString(file, json));
    }

    private static Properties properties(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        return properties;
    }
}
