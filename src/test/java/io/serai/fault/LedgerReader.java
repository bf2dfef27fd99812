package io.serai.fault;

import io.serai.alert.Status;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;

/** Reads the ledger's tables past the product that wrote them. */
final class LedgerReader {

    /** The words behind the ledger's codes, which start at 1. */
    private static final List<String> STATES = List.of("", "pending", "delivered", "retrying", "dead", "superseded");

    private static final String OWED =
            """
            select (select count(*) from inbox),
                   (select count(*) from delivery where ended_at is null)""";

    private final Database database;

    LedgerReader(Database database) {
        this.database = database;
    }

    /**
     * Waits until every receipt is routed and every delivery has ended.
     *
     * @param patience how long without any progress
     */
    void awaitQuiet(Duration patience) {
        long[] last = {Long.MAX_VALUE};
        long[] progress = {System.nanoTime()};
        Awaitility.await("routing and delivery to end")
                .atMost(Duration.ofMinutes(15))
                .until(() -> {
                    long owed = owed();
                    if (owed < last[0]) {
                        progress[0] = System.nanoTime();
                    }
                    last[0] = owed;
                    if (System.nanoTime() - progress[0] > patience.toNanos()) {
                        throw new IllegalStateException(
                                owed + " receipts and deliveries are left and no progress is made: " + left());
                    }
                    return owed == 0;
                });
    }

    /** How many receipts are to be routed and deliveries to be made. */
    long owed() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(OWED)) {
            row.next();
            return row.getLong(1) + row.getLong(2);
        }
    }

    private String left() throws SQLException {
        StringBuilder left = new StringBuilder();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("select receipt, attempts, last_error from inbox limit 3")) {
                while (rows.next()) {
                    left.append("[receipt ")
                            .append(rows.getLong(1))
                            .append(", attempts ")
                            .append(rows.getInt(2))
                            .append(", ")
                            .append(rows.getString(3))
                            .append("] ");
                }
            }
            try (ResultSet rows = statement.executeQuery("select id, destination, state, attempts, due_at, lease_owner,"
                    + " lease_until, outcome from delivery where ended_at is null limit 3")) {
                while (rows.next()) {
                    left.append("[delivery ")
                            .append(rows.getLong(1))
                            .append(" to ")
                            .append(rows.getString(2))
                            .append(", state ")
                            .append(rows.getInt(3))
                            .append(", attempts ")
                            .append(rows.getInt(4))
                            .append(", due in ")
                            .append(rows.getLong(5) - System.currentTimeMillis())
                            .append(" ms, owner ")
                            .append(rows.getString(6))
                            .append(" for ")
                            .append(rows.getLong(7) - System.currentTimeMillis())
                            .append(" ms, ")
                            .append(rows.getString(8))
                            .append("] ");
                }
            }
        }
        return left.toString();
    }

    Books read() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            return new Books(receipts(statement), alerts(statement), duties(statement));
        }
    }

    private static Set<String> receipts(Statement statement) throws SQLException {
        Set<String> receipts = new HashSet<>();
        try (ResultSet rows = statement.executeQuery("select seq from receipt")) {
            while (rows.next()) {
                receipts.add(rows.getString(1));
            }
        }
        return receipts;
    }

    private static Map<String, Books.Row> alerts(Statement statement) throws SQLException {
        Map<String, Books.Row> alerts = new HashMap<>();
        try (ResultSet rows = statement.executeQuery("select fingerprint, count, version, status from alert")) {
            while (rows.next()) {
                alerts.put(
                        HexFormat.of().formatHex(rows.getBytes(1)),
                        new Books.Row(
                                rows.getLong(2),
                                rows.getInt(3),
                                Status.ofCode(rows.getInt(4)).word()));
            }
        }
        return alerts;
    }

    private static List<Books.Duty> duties(Statement statement) throws SQLException {
        List<Books.Duty> duties = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("select d.destination, a.fingerprint, d.version, d.state,"
                + " d.idempotency_key from delivery d join alert a on a.id = d.alert")) {
            while (rows.next()) {
                duties.add(new Books.Duty(
                        rows.getString(1),
                        HexFormat.of().formatHex(rows.getBytes(2)),
                        rows.getInt(3),
                        STATES.get(rows.getInt(4)),
                        rows.getString(5)));
            }
        }
        return duties;
    }
}
