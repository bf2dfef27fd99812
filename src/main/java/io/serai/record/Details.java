package io.serai.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.alert.Severity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;

/** Completes receipts that carried an identity only, once their details were read back (D11). */
public final class Details {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TRIES = 4;

    private final Store store;
    private final Clock clock;

    public Details(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Puts the completed contents into the receipt and, while the receipt is the newest word about it, into the alert;
     * then lets the receipt go on to be routed. One transaction; a receipt that does not wait for details any more is
     * left alone. Verdicts stay as they are: details are no new word.
     *
     * @param contents by position in the body; a position without one stays as it was
     * @throws LedgerUnavailable when the store does not answer; nothing was written
     */
    public void complete(long receipt, Map<Integer, ObjectNode> contents) {
        for (int tries = 1; ; tries++) {
            try {
                store.transaction(connection -> {
                    if (waits(connection, receipt)) {
                        boolean routed = write(connection, receipt, contents);
                        release(connection, receipt, routed);
                    }
                    return null;
                });
                return;
            } catch (SQLException e) {
                if (!StoreFailure.retryable(e) || tries == TRIES) {
                    throw new LedgerUnavailable("Details could not be written: the ledger does not answer.", e);
                }
            }
        }
    }

    private boolean waits(Connection connection, long receipt) throws SQLException {
        String lock = store.dialect() == Dialect.POSTGRESQL ? " for update" : "";
        try (PreparedStatement statement =
                connection.prepareStatement("select lane from inbox where receipt = ?" + lock)) {
            statement.setLong(1, receipt);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getInt(1) == Lane.FETCH.code();
            }
        }
    }

    private static boolean write(Connection connection, long receipt, Map<Integer, ObjectNode> contents)
            throws SQLException {
        ArrayNode items = items(connection, receipt);
        boolean routed = false;
        for (int i = 0; i < items.size(); i++) {
            ObjectNode item = (ObjectNode) items.get(i);
            routed |= routed(item.path("verdict").asText());
            ObjectNode content = contents.get(i);
            if (content != null) {
                item.set("content", content);
                alert(connection, receipt, item.path("alert").asLong(), content);
            }
        }
        try (PreparedStatement statement =
                connection.prepareStatement("update receipt set items = ? where seq = ?")) {
            statement.setString(1, items.toString());
            statement.setLong(2, receipt);
            statement.executeUpdate();
        }
        return routed;
    }

    private static ArrayNode items(Connection connection, long receipt) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select items from receipt where seq = ?")) {
            statement.setLong(1, receipt);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("receipt " + receipt + " waits in the inbox and is not there");
                }
                return (ArrayNode) JSON.readTree(row.getString(1));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the ledger wrote a receipt's items, and they are not JSON", e);
        }
    }

    private static boolean routed(String word) {
        for (Verdict verdict : Verdict.values()) {
            if (verdict.word().equals(word)) {
                return verdict.routed();
            }
        }
        return false;
    }

    private static void alert(Connection connection, long receipt, long alert, ObjectNode content) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "update alert set content = ?, severity = ? where id = ? and receipt = ?")) {
            statement.setString(1, content.toString());
            statement.setInt(
                    2, Severity.of(content.path("severity").asText()).orElseThrow().rank());
            statement.setLong(3, alert);
            statement.setLong(4, receipt);
            statement.executeUpdate();
        }
    }

    private void release(Connection connection, long receipt, boolean routed) throws SQLException {
        if (!routed) {
            try (PreparedStatement statement = connection.prepareStatement("delete from inbox where receipt = ?")) {
                statement.setLong(1, receipt);
                statement.executeUpdate();
            }
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(
                "update inbox set lane = ?, due_at = ?, attempts = 0, last_error = null where receipt = ?")) {
            statement.setInt(1, Lane.ROUTE.code());
            statement.setLong(2, clock.millis());
            statement.setLong(3, receipt);
            statement.executeUpdate();
        }
    }
}
