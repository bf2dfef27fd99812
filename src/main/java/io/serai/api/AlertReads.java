package io.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.alert.Fingerprint;
import io.serai.alert.Severity;
import io.serai.alert.Status;
import io.serai.record.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Alerts as the API shows them: the canonical form of schema/alert.schema.json with all its fields. */
final class AlertReads {
    static final Set<String> PARAMETERS =
            Set.of("provider", "status", "severity", "fingerprint", "incident", "limit", "cursor");
    private static final String SELECT = "select id, fingerprint, provider, instance, status, severity, count, version,"
            + " first_received, last_received, receipt, incident, content from alert_full where 1 = 1";
    private static final List<String> TEXTS = List.of(
            "provider",
            "instance",
            "source_id",
            "title",
            "description",
            "status",
            "severity",
            "service",
            "environment",
            "starts_at",
            "ends_at",
            "url");

    private final Store store;

    AlertReads(Store store) {
        this.store = store;
    }

    ObjectNode list(Parameters parameters) {
        return new Rows(store, SELECT)
                .and("provider = ?", parameters.text("provider"))
                .and(
                        "status = ?",
                        parameters
                                .word("status", Status::of, words(Status.values()))
                                .map(Status::code))
                .and(
                        "severity = ?",
                        parameters
                                .word("severity", Severity::of, words(Severity.values()))
                                .map(Severity::rank))
                .and("fingerprint = ?", parameters.fingerprint("fingerprint").map(Fingerprint::bytes))
                .and("incident = ?", parameters.number("incident"))
                .page("alerts", "id", parameters, AlertReads::alert);
    }

    private static String words(Enum<?>[] values) {
        StringBuilder words = new StringBuilder();
        for (Enum<?> value : values) {
            words.append(words.isEmpty() ? "" : ", ").append(value.name().toLowerCase(Locale.ROOT));
        }
        return words.toString();
    }

    /** @param id its number, or its fingerprint */
    Optional<ObjectNode> find(String id) {
        Rows rows = new Rows(store, SELECT);
        if (id.matches("[0-9a-f]{32}")) {
            rows.and("fingerprint = ?", Optional.of(Fingerprint.parse(id).bytes()));
        } else {
            rows.and("id = ?", Optional.of(Parameters.id("id", id)));
        }
        return rows.read(AlertReads::alert).stream().findFirst();
    }

    private static ObjectNode alert(ResultSet row) throws SQLException {
        ObjectNode content = (ObjectNode) Rows.json(row.getString("content"));
        ObjectNode alert = Rows.object();
        alert.put("id", Rows.id(row.getLong("id")));
        alert.put("fingerprint", Fingerprint.of(row.getBytes("fingerprint")).toString());
        for (String field : TEXTS) {
            alert.set(field, content.path(field).isMissingNode() ? alert.nullNode() : content.get(field));
        }
        alert.put("provider", row.getString("provider"));
        alert.put("instance", row.getString("instance"));
        alert.put("status", Status.ofCode(row.getInt("status")).word());
        alert.put("severity", Severity.ofRank(row.getInt("severity")).word());
        alert.put("count", row.getLong("count"));
        alert.put("first_received", Rows.time(row.getLong("first_received")));
        alert.put("last_received", Rows.time(row.getLong("last_received")));
        alert.put("version", row.getInt("version"));
        alert.put("receipt", Rows.id(row.getLong("receipt")));
        alert.put("incident", Rows.id(Rows.number(row, "incident")));
        content.properties().stream()
                .filter(each -> !alert.has(each.getKey()))
                .forEach(each -> alert.set(each.getKey(), each.getValue()));
        return alert;
    }
}
