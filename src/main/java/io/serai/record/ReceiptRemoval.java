package io.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Deletes receipts. An alert that is still known takes over what its receipt says of it, in the same transaction. */
final class ReceiptRemoval {
    /** Rows that the driver holds at once: one may be a whole body. */
    private static final int FETCH_SIZE = 20;

    private static final String OLDEST =
            """
            select seq from receipt where seq < ?
                and not exists (select 1 from inbox where inbox.receipt = receipt.seq)
            order by seq limit ?""";
    private static final String TAKE_OVER_ROW =
            """
            update alert set content_receipt = null,
                content = (select substr(items, alert.content_from, alert.content_length) from receipt
                           where seq = alert.content_receipt)
            where id = ? and content_receipt = ?""";
    private static final String TAKE_OVER_ROWS =
            """
            update alert a set content_receipt = null, content = substr(r.items, a.content_from, a.content_length)
            from unnest(?::bigint[], ?::bigint[]) as u (id, receipt), receipt r
            where a.id = u.id and a.content_receipt = u.receipt and r.seq = u.receipt""";

    private final Store store;

    /** One that spoke of an alert. */
    private record Speaker(long alert, long receipt) {}

    ReceiptRemoval(Store store) {
        this.store = store;
    }

    /**
     * Deletes the oldest that are not waiting any more.
     *
     * @param before only those with a smaller number
     * @return how many
     */
    int oldest(long before, int max) throws SQLException {
        String list;
        List<Speaker> speakers;
        // A receipt that waits no more is never changed, and never waits again: reading it need not hold up who
        // records.
        try (Connection reader = store.reader().getConnection()) {
            // Else the driver of PostgreSQL reads all items into memory at once. The pool ends it.
            reader.setAutoCommit(false);
            List<Long> receipts = receipts(reader, before, max);
            if (receipts.isEmpty()) {
                return 0;
            }
            list = receipts.stream().map(String::valueOf).collect(Collectors.joining(","));
            speakers = speakers(reader, list);
        }
        return store.transaction(connection -> {
            takeOver(connection, speakers);
            try (PreparedStatement statement =
                    connection.prepareStatement("delete from receipt where seq in (" + list + ")")) {
                return statement.executeUpdate();
            }
        });
    }

    private static List<Long> receipts(Connection connection, long before, int max) throws SQLException {
        List<Long> receipts = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(OLDEST)) {
            statement.setLong(1, before);
            statement.setInt(2, max);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    receipts.add(row.getLong(1));
                }
            }
        }
        return receipts;
    }

    private static List<Speaker> speakers(Connection connection, String list) throws SQLException {
        List<Speaker> speakers = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("select seq, items from receipt where seq in (" + list + ")")) {
            statement.setFetchSize(FETCH_SIZE);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    for (JsonNode member : ReceiptItems.parse(row.getString(2))) {
                        if (member.has("content") && member.has("alert")) {
                            speakers.add(new Speaker(member.get("alert").asLong(), row.getLong(1)));
                        }
                    }
                }
            }
        }
        return speakers;
    }

    private void takeOver(Connection connection, List<Speaker> speakers) throws SQLException {
        if (speakers.isEmpty()) {
            return;
        }
        if (store.dialect() == Dialect.POSTGRESQL) {
            Script script = new Script();
            script.rows(TAKE_OVER_ROWS, speakers).longs(Speaker::alert).longs(Speaker::receipt);
            script.on(connection).executeUpdate();
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(TAKE_OVER_ROW)) {
            for (Speaker speaker : speakers) {
                statement.setLong(1, speaker.alert());
                statement.setLong(2, speaker.receipt());
                statement.executeUpdate();
            }
        }
    }
}
