package io.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.alert.Severity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

/** Fills a receipt of lane FETCH with the details that were read back (D11). */
final class Completing {
    private final Store store;
    private final Connection connection;

    Completing(Store store, Connection connection) {
        this.store = store;
        this.connection = connection;
    }

    /** False when the receipt does not wait in lane FETCH any more; then nothing is changed. */
    boolean complete(long receipt, List<Fetched> details, Receipt raw, long now) throws SQLException {
        if (!move(receipt, now)) {
            return false;
        }
        ArrayNode items = items(receipt);
        boolean routed = false;
        for (JsonNode member : items) {
            routed |= ReceiptItems.verdict(member).routed();
        }
        for (Fetched detail : details) {
            ObjectNode member = (ObjectNode) items.get(detail.index());
            ObjectNode content = ReceiptItems.object(detail.content());
            member.set("content", content);
            refresh(member.get("alert").asLong(), member.get("version").asInt(), content);
        }
        write("update receipt set items = ? where seq = ?", items.toString(), receipt);
        if (!routed) {
            take(receipt);
        }
        if (raw != null) {
            keep(raw, receipt);
        }
        return true;
    }

    private boolean move(long receipt, long now) throws SQLException {
        PreparedStatement statement = store.prepared(
                connection,
                """
                update inbox set lane = ?, due_at = ?, attempts = 0, last_error = null where receipt = ? and lane = ?""");
        statement.setInt(1, Lane.ROUTE.code());
        statement.setLong(2, now);
        statement.setLong(3, receipt);
        statement.setInt(4, Lane.FETCH.code());
        return statement.executeUpdate() == 1;
    }

    private ArrayNode items(long receipt) throws SQLException {
        PreparedStatement statement = store.prepared(connection, "select items from receipt where seq = ?");
        statement.setLong(1, receipt);
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return ReceiptItems.parse(row.getString(1));
        }
    }

    /**
     * The hash of the content stays that of the word that was pushed: the same thin word again does not replace the
     * details. A newer version that came in while they were fetched keeps its own.
     */
    private void refresh(long alert, int version, ObjectNode content) throws SQLException {
        PreparedStatement statement =
                store.prepared(connection, "update alert set content = ?, severity = ? where id = ? and version = ?");
        statement.setString(1, content.toString());
        statement.setInt(
                2, Severity.of(content.path("severity").asText()).orElseThrow().rank());
        statement.setLong(3, alert);
        statement.setInt(4, version);
        statement.executeUpdate();
    }

    private void write(String sql, String text, long id) throws SQLException {
        PreparedStatement statement = store.prepared(connection, sql);
        statement.setString(1, text);
        statement.setLong(2, id);
        statement.executeUpdate();
    }

    private void take(long receipt) throws SQLException {
        PreparedStatement statement = store.prepared(connection, "delete from inbox where receipt = ?");
        statement.setLong(1, receipt);
        statement.executeUpdate();
    }

    private void keep(Receipt raw, long parent) throws SQLException {
        PreparedStatement statement = store.prepared(
                connection,
                """
                insert into receipt (provider, instance, source, received_at, content_type, headers, body, parent,
                    quarantined, items)
                values (?, ?, ?, ?, ?, ?, ?, ?, 0, '[]')""");
        statement.setString(1, raw.provider());
        statement.setString(2, raw.instance());
        statement.setInt(3, Source.FETCH.code());
        statement.setLong(4, raw.receivedAt().toEpochMilli());
        if (raw.contentType() == null) {
            statement.setNull(5, Types.VARCHAR);
        } else {
            statement.setString(5, raw.contentType());
        }
        statement.setString(6, Entry.json(raw.headers()));
        statement.setBytes(7, raw.body());
        statement.setLong(8, parent);
        statement.executeUpdate();
    }
}
