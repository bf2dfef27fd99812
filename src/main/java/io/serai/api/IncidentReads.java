package io.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.alert.Severity;
import io.serai.alert.Status;
import io.serai.record.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** Incidents as the API shows them. */
final class IncidentReads {
    static final Set<String> PARAMETERS = Set.of("open", "limit", "cursor");
    private static final String SELECT =
            "select id, key, title, status, severity, alerts, opened_at, last_at, closed_at from incident where 1 = 1";

    private final Store store;

    IncidentReads(Store store) {
        this.store = store;
    }

    ObjectNode list(Parameters parameters) {
        Rows rows = new Rows(store, SELECT);
        if (parameters.text("open").isPresent()) {
            rows.then(parameters.flag("open") ? "and closed_at is null" : "and closed_at is not null");
        }
        return rows.page("incidents", "id", parameters, IncidentReads::incident);
    }

    Optional<ObjectNode> find(long id) {
        return new Rows(store, SELECT)
                .and("id = ?", Optional.of(id)).read(IncidentReads::incident).stream()
                        .findFirst();
    }

    private static ObjectNode incident(ResultSet row) throws SQLException {
        return Rows.object()
                .put("id", Rows.id(row.getLong("id")))
                .put("key", row.getString("key"))
                .put("title", row.getString("title"))
                .put("status", Status.ofCode(row.getInt("status")).word())
                .put("severity", Severity.ofRank(row.getInt("severity")).word())
                .put("alerts", row.getInt("alerts"))
                .put("opened_at", Rows.time(row.getLong("opened_at")))
                .put("last_at", Rows.time(row.getLong("last_at")))
                .put("closed_at", Rows.time(Rows.number(row, "closed_at")));
    }
}
