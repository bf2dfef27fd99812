package io.serai.deliver;

import io.serai.record.Store;
import io.serai.record.Verdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Rows as the stages before delivery leave them: an alert, a change of it, a delivery. */
final class Rows {
    private static final AtomicLong NEXT = new AtomicLong(1);

    private final Store store;

    Rows(Store store) {
        this.store = store;
    }

    /** An alert in its first version. */
    long alert() {
        long number = NEXT.getAndIncrement();
        return insert(
                "insert into alert (fingerprint, provider, instance, status, severity, digest, content_hash, count,"
                        + " version, opened_version, first_received, last_received, receipt, content)"
                        + " values (?, 'prometheus', 'default', 1, 2, 0, 0, 1, 1, 1, 0, 0, 1, '{}') returning id",
                new byte[] {(byte) (number >> 16), (byte) (number >> 8), (byte) number});
    }

    /** A pending delivery of a change of the alert. */
    long delivery(long alert, int version, Verdict verdict, String destination, long now) {
        long change = insert(
                "insert into change (alert, receipt, version, verdict, at, content, decisions)"
                        + " values (?, 1, ?, ?, ?, ?, '[]') returning id",
                alert,
                version,
                verdict.code(),
                now,
                "{\"id\":\"" + alert + "\",\"title\":\"version " + version + "\",\"status\":\"firing\"}");
        return insert(
                "insert into delivery (change, alert, version, destination, notifier, state, attempts, replays,"
                        + " idempotency_key, reason, created_at, due_at, fence)"
                        + " values (?, ?, ?, ?, 'webhook', 1, 0, 0, ?, 'test', ?, ?, 0) returning id",
                change,
                alert,
                version,
                destination,
                "key-" + change,
                now,
                now);
    }

    long insert(String sql, Object... values) {
        return query(sql, true, values).get(0);
    }

    List<Long> numbers(String sql, Object... values) {
        return query(sql, false, values);
    }

    private List<Long> query(String sql, boolean write, Object... values) {
        try (Connection connection = (write ? store.writer() : store.reader()).getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            List<Long> numbers = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    numbers.add(row.getLong(1));
                }
            }
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return numbers;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
