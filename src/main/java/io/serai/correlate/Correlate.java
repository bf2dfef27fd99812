package io.serai.correlate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.alert.Severity;
import io.serai.alert.Status;
import io.serai.config.ConfigurationError;
import io.serai.record.IncidentPlan;
import io.serai.route.Change;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;

/**
 * The correlate stage as the routes see it: bean {@code correlate}. Alerts with the same values of the key fields,
 * whichever provider they come from, belong to one incident while the last of them is younger than the window (K8, K29).
 * The ledger opens, joins and closes incidents; here it is only said which one is meant.
 */
public final class Correlate {
    private static final String STAGE = "correlate";
    private static final Set<String> FIELDS =
            Set.of("provider", "instance", "source_id", "title", "severity", "service", "environment", "url");

    private final List<String> keys;
    private final Duration window;
    private final String explained;

    /**
     * @param keys   {@code serai.incident.keys}: alert fields, {@code labels.<name>} or {@code annotations.<name>}
     * @param window {@code serai.incident.window}
     * @throws ConfigurationError for a key that no alert has, or a window that is not positive
     */
    public Correlate(List<String> keys, Duration window) {
        for (String key : keys) {
            if (!FIELDS.contains(key) && !key.matches("(labels|annotations)\\..+")) {
                throw new ConfigurationError(
                        "serai.incident.keys",
                        "'" + key + "' is not a field of an alert",
                        "Use service, environment, " + "another text field, or labels.<name>");
            }
        }
        if (window.isNegative() || window.isZero()) {
            throw new ConfigurationError(
                    "serai.incident.window", "it must be positive", "Write 15m or another duration");
        }
        this.keys = List.copyOf(keys);
        this.window = window;
        this.explained = "same " + String.join(", ", keys) + " within " + words(window);
    }

    /** Says which incident the alert belongs to; one with none of the key fields has its own. */
    public void group(Exchange exchange) {
        Change change = Change.of(exchange);
        ObjectNode alert = Change.alertOf(exchange);
        if (alert.path("test").asBoolean()) {
            change.decisions().add(STAGE, "no incident", "test message");
            return;
        }
        StringBuilder key = new StringBuilder(48);
        StringBuilder name = new StringBuilder(32);
        for (String field : keys) {
            String value = value(alert, field);
            if (!value.isEmpty()) {
                key.append(key.isEmpty() ? "" : ",").append(field).append('=').append(value.replace(",", "\\,"));
                name.append(name.isEmpty() ? "" : " / ").append(value);
            }
        }
        String title = alert.path("title").asText();
        boolean alone = key.isEmpty();
        if (alone) {
            key.append(alert.path("fingerprint").asText());
        }
        Status status = Status.of(alert.path("status").asText()).orElseThrow();
        Severity severity = Severity.of(alert.path("severity").asText()).orElseThrow();
        change.belongsTo(
                new IncidentPlan(key.toString(), alone ? title : name + ": " + title, severity, status.open(), window));
        change.decisions()
                .add(
                        STAGE,
                        alone ? "incident of its own" : "incident " + key,
                        alone ? "has none of " + String.join(", ", keys) : explained);
    }

    private static String value(ObjectNode alert, String field) {
        int dot = field.indexOf('.');
        JsonNode node = dot < 0
                ? alert.path(field)
                : alert.path(field.substring(0, dot)).path(field.substring(dot + 1));
        return node.isTextual() ? node.textValue().trim() : "";
    }

    private static String words(Duration window) {
        return window.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    }
}
