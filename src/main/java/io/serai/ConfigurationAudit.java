package io.serai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.audit.Audit;
import io.serai.audit.AuditEntry;
import io.serai.config.ConfigurationError;
import io.serai.config.Redaction;
import io.serai.config.Settings;
import io.serai.json.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes into the audit that a node runs with another configuration than the last time: settings, routes, mappings.
 * Secrets count as set or not set; of the rest only the hash is kept.
 */
final class ConfigurationAudit {
    private static final String ACTION = "configuration";
    /** Beyond that their number says enough. */
    private static final int NAMED = 50;

    private ConfigurationAudit() {}

    /** At a start. */
    static void started(Audit audit, Settings settings) {
        write(audit, "start", settings, StrictJson.mapper().createObjectNode());
    }

    /**
     * After an edit was taken over: who made it, the file system does not say.
     *
     * @param edit    its short name
     * @param changed files that differ, as {@code routes/…}
     */
    static void reloaded(Audit audit, Settings settings, String edit, Collection<String> changed) {
        ObjectNode detail = StrictJson.mapper().createObjectNode().put("edit", edit);
        changed.stream().limit(NAMED).forEach(detail.putArray("changed")::add);
        write(audit, "reload", settings, detail.put("files", changed.size()));
    }

    private static void write(Audit audit, String who, Settings settings, ObjectNode detail) {
        String subject = "node " + settings.node();
        String now = Audit.hash(state(settings));
        Optional<String> before = audit.lastState(ACTION, subject);
        if (!before.equals(Optional.of(now))) {
            audit.append(new AuditEntry(who, ACTION, subject, "done", before.orElse(null), now, detail.toString()));
        }
    }

    private static String state(Settings settings) {
        StringBuilder state = new StringBuilder();
        settings.all().forEach((key, value) -> {
            // The routes are in it by their content; they lie in a copy of ours, another one each time.
            if (!key.equals("serai.routes")) {
                state.append(key)
                        .append('=')
                        .append(Settings.secret(key) ? value.isEmpty() : Redaction.redact(value))
                        .append('\n');
            }
        });
        Path routes = settings.path("serai.routes");
        try (Stream<Path> files = Files.walk(routes)) {
            for (Path file : files.filter(ConfigurationAudit::counts).sorted().toList()) {
                state.append(routes.relativize(file)).append('=');
                state.append(Audit.hash(Files.readString(file))).append('\n');
            }
        } catch (IOException e) {
            throw new ConfigurationError(
                    "serai.routes", "the folder " + routes + " cannot be read", "Make it readable for this user");
        }
        return state.toString();
    }

    private static boolean counts(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".yaml") || name.endsWith(".jq");
    }
}
