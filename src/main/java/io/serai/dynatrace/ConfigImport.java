package io.serai.dynatrace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serai.config.ConfigurationError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Turns the {@code config.json} of Dynatrace's Custom-Webhook-Python into lines for {@code application.properties} (D2).
 * Secrets are never written: each becomes a placeholder for an environment variable, and a comment names it. What should
 * not be carried over as it is (the default password, an open interface, a shell in front of a script) is a comment that
 * begins with {@code # WARNING}.
 */
public final class ConfigImport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern WORDS = Pattern.compile("\\s+");
    private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ksh", "zsh");
    private static final Set<String> NOBODY_SET_IT =
            Set.of("", "YOUR_API_TOKEN", "AC027e8af87e11d3f080bXXXXXXXXXXX", "2e3070021e718067df2b2dXXXXXXXXXX");

    private final List<String> lines = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> secrets = new ArrayList<>();
    private final List<String> commented = new ArrayList<>();
    private String tenant = "";

    private ConfigImport() {}

    /**
     * @return the lines, each ended by a line feed
     * @throws ConfigurationError when the file cannot be read or is not that JSON
     */
    public static String toProperties(Path file) {
        return new ConfigImport().convert(read(file));
    }

    private static JsonNode read(Path file) {
        try {
            JsonNode config = JSON.readTree(Files.readAllBytes(file));
            if (config != null && config.isObject()) {
                return config;
            }
        } catch (IOException unreadable) {
            throw new ConfigurationError(
                    file.toString(), "cannot be read as JSON", "Give the config.json of the Python webhook");
        }
        throw new ConfigurationError(
                file.toString(), "is not a JSON object", "Give the config.json of the Python webhook");
    }

    private String convert(JsonNode config) {
        tenant(config.path("dynatrace"));
        webhook(config.path("webhook"));
        script(config.path("incident_notification"));
        sms(config.path("sms_notification"));
        comments();
        folders(config);
        StringBuilder out = new StringBuilder("# Imported from the config.json of Dynatrace's custom webhook.\n");
        warnings.forEach(
                warning -> out.append("# WARNING: ").append(escaped(warning)).append('\n'));
        secrets.forEach(
                secret -> out.append("# Set before the start: ").append(secret).append('\n'));
        lines.forEach(line -> out.append(line).append('\n'));
        return out.toString();
    }

    private void tenant(JsonNode dynatrace) {
        String tenant = text(dynatrace, "tenant").replaceAll("/+$", "");
        if (tenant.isEmpty() || tenant.contains("xxxxxxxx")) {
            warnings.add(
                    "dynatrace.tenant is not filled in: details are not fetched and problems not polled without it.");
            return;
        }
        this.tenant = tenant;
        property("serai.provider.dynatrace.tenant", tenant);
        if (!tenant.startsWith("https://")) {
            warnings.add("The tenant's address is not https: the API token would cross the network in clear.");
        }
        property("serai.provider.dynatrace.api", "v1");
        secret(
                "serai.provider.dynatrace.api-token",
                "DYNATRACE_API_TOKEN",
                text(dynatrace, "api_token"),
                "dynatrace.api_token");
    }

    private void webhook(JsonNode webhook) {
        String interfaceAddress = text(webhook, "interface");
        if (interfaceAddress.equals("0.0.0.0") || interfaceAddress.equals("::")) {
            warnings.add("webhook.interface was " + interfaceAddress
                    + ", open to every network. serai.host stays on loopback: put a TLS proxy in front of it.");
        } else if (!interfaceAddress.isEmpty()) {
            property("serai.host", interfaceAddress);
        }
        property("serai.port", webhook.path("port").asText("5000"));
        property("serai.provider.dynatrace.root", "true");
        property("serai.provider.dynatrace.username", webhook.path("username").asText("dynatrace"));
        secret("serai.provider.dynatrace.password", "DYNATRACE_WEBHOOK_PASSWORD", "", "webhook.password");
        if (text(webhook, "password").equals("s3cr3t")) {
            warnings.add("webhook.password is the default of the Python webhook, known to everybody: choose another one"
                    + " here and in Settings > Integration > Problem notifications.");
        }
    }

    private void script(JsonNode incident) {
        if (incident.isMissingNode()) {
            return;
        }
        if (!incident.path("active").asBoolean(true)) {
            lines.add("# incident_notification was not active: no destination is made of it.");
            return;
        }
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        List<String> words = new ArrayList<>(
                List.of(WORDS.split((windows ? text(incident, "exec_win") : text(incident, "exec_unix")).trim())));
        if (words.get(0).isEmpty()) {
            warnings.add("incident_notification names no executable: no destination is made of it.");
            return;
        }
        String first = words.get(0);
        if (words.size() > 1 && SHELLS.contains(first.substring(first.lastIndexOf('/') + 1))) {
            warnings.add("\"" + first + "\" in front of the script is left out: the script is started itself, without a"
                    + " shell, and needs a #! line and the right to be executed.");
            words.remove(0);
        }
        String script = words.remove(0);
        if (!Path.of(script).isAbsolute()) {
            warnings.add("The script's path is not absolute: correct serai.destination.incident.executable.");
        }
        property("serai.destination.incident.notifier", "exec");
        property("serai.destination.incident.providers", "dynatrace");
        property("serai.destination.incident.executable", script);
        if (!words.isEmpty()) {
            property("serai.destination.incident.arguments", String.join(" ", words));
        }
        commented.add("incident");
    }

    private void sms(JsonNode sms) {
        if (sms.isMissingNode()) {
            return;
        }
        if (!sms.path("active").asBoolean(false)) {
            lines.add("# sms_notification was not active: no destination is made of it.");
            return;
        }
        property("serai.destination.sms.notifier", "twilio");
        property("serai.destination.sms.providers", "dynatrace");
        property("serai.destination.sms.account-sid", text(sms, "twilio_account"));
        secret(
                "serai.destination.sms.auth-token",
                "TWILIO_AUTH_TOKEN",
                text(sms, "twilio_token"),
                "sms_notification.twilio_token");
        property("serai.destination.sms.from", text(sms, "twilio_number"));
        property("serai.destination.sms.to", text(sms, "to_number"));
        commented.add("sms");
        if (text(sms, "to_number").contains("XXX") || text(sms, "twilio_number").contains("XXX")) {
            warnings.add("The numbers of sms_notification are those of the example: correct serai.destination.sms.");
        }
    }

    // The Python webhook noted every result on the problem (D19, D20).
    private void comments() {
        if (commented.isEmpty() || tenant.isEmpty()) {
            return;
        }
        property("serai.destination.problem-comments.notifier", "dynatrace-comment");
        property("serai.destination.problem-comments.tenant", tenant);
        property("serai.destination.problem-comments.api", "v1");
        property("serai.destination.problem-comments.api-token", "{{env:DYNATRACE_API_TOKEN}}");
        commented.forEach(each -> property("serai.destination." + each + ".report-to", "problem-comments"));
    }

    private void folders(JsonNode config) {
        for (String name : List.of("dir_received", "dir_sent", "log_dir", "log_file")) {
            if (config.hasNonNull(name)) {
                lines.add("# " + name + " is not needed: the ledger keeps every notification, details and outcome.");
            }
        }
    }

    private void secret(String key, String variable, String value, String from) {
        property(key, "{{env:" + variable + "}}");
        secrets.add(variable + (NOBODY_SET_IT.contains(value) ? "" : ", the value of " + from)
                + " (or {{file:...}} instead)");
    }

    private void property(String key, String value) {
        lines.add(key + "=" + escaped(value));
    }

    /** As a properties file needs it; a line break in the JSON must not begin a property of its own. */
    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }
}
