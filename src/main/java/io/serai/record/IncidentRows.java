package io.serai.record;

import java.sql.ResultSet;
import java.sql.SQLException;

/** How incidents are read and written. */
final class IncidentRows {
    static final String SELECT =
            "select id, key, title, severity, alerts, open_alerts, opened_at, last_at, closed_at from incident";
    static final Bulk<Incident> INSERT = Bulk.<Incident>insert("incident")
            .number("id", incident -> incident.id)
            .text("key", incident -> incident.key)
            .text("title", incident -> incident.title)
            .integer("status", Incident::status)
            .integer("severity", incident -> incident.severity)
            .integer("alerts", incident -> incident.alerts)
            .integer("open_alerts", incident -> incident.openAlerts)
            .number("opened_at", incident -> incident.openedAt)
            .number("last_at", incident -> incident.lastAt)
            .number("closed_at", incident -> incident.closedAt);
    static final Bulk<Incident> UPDATE = Bulk.<Incident>update("incident")
            .number("id", incident -> incident.id)
            .integer("status", Incident::status)
            .integer("severity", incident -> incident.severity)
            .integer("alerts", incident -> incident.alerts)
            .integer("open_alerts", incident -> incident.openAlerts)
            .number("last_at", incident -> incident.lastAt)
            .number("closed_at", incident -> incident.closedAt);

    private IncidentRows() {}

    static Incident read(ResultSet row) throws SQLException {
        return new Incident(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getInt(4),
                row.getInt(5),
                row.getInt(6),
                row.getLong(7),
                row.getLong(8),
                AlertRows.nullableLong(row, 9));
    }
}
