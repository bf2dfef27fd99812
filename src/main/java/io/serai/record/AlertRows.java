package io.serai.record;

import io.serai.alert.Severity;
import io.serai.alert.Status;
import java.sql.ResultSet;
import java.sql.SQLException;

/** How the state of an alert is read. */
final class AlertRows {
    static final String SELECT =
            """
            select fingerprint, id, status, severity, digest, content_hash, count, version, opened_version,
                first_received, last_received, event_time
            from alert""";

    private AlertRows() {}

    static long id(ResultSet row) throws SQLException {
        return row.getLong(2);
    }

    static AlertState state(ResultSet row) throws SQLException {
        return new AlertState(
                Status.ofCode(row.getInt(3)),
                Severity.ofRank(row.getInt(4)),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getInt(8),
                row.getInt(9),
                row.getLong(10),
                row.getLong(11),
                nullableLong(row, 12));
    }

    static Long nullableLong(ResultSet row, int column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }
}
