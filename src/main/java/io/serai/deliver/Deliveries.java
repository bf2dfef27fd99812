package io.serai.deliver;

import io.serai.record.DeliveryState;
import io.serai.record.LedgerUnavailable;
import io.serai.record.Store;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The deliveries as operators see them: for the API, explain and metrics. Reads only.
 *
 * <p>Every method throws {@link LedgerUnavailable} when the store does not answer.
 */
public final class Deliveries {
    private static final String COLUMNS = "select id, change, alert, version, destination, notifier, state, attempts,"
            + " replays, idempotency_key, reason, report_of, created_at, due_at, ended_at, lease_owner, outcome"
            + " from delivery";

    private final Store store;

    public Deliveries(Store store) {
        this.store = store;
    }

    /**
     * One delivery.
     *
     * @param reportOf number of the delivery whose end it reports; null for none
     * @param due      when it is sent next; meaningless once it has ended
     * @param ended    null while it is open
     * @param owner    the node that is sending it now; null for none
     * @param outcome  JSON of the last outcome: message, status_code, result; null before the first attempt
     */
    public record View(
            long id,
            long change,
            long alert,
            int version,
            String destination,
            String notifier,
            DeliveryState state,
            int attempts,
            int replays,
            String idempotencyKey,
            String reason,
            Long reportOf,
            Instant created,
            Instant due,
            Instant ended,
            String owner,
            String outcome) {}

    /**
     * One attempt, or the audit row of a replay (result {@code replayed}, number 0).
     *
     * @param result     {@code delivered}, {@code retry}, {@code dead}, {@code superseded} or {@code replayed}
     * @param statusCode null when there was no answer
     */
    public record AttemptView(
            int number,
            Instant at,
            Duration took,
            String result,
            Integer statusCode,
            String message,
            String transactionId) {}

    /**
     * Which deliveries to list, newest first. Null means any.
     *
     * @param before only deliveries with a smaller number: the number of the last row of the page before
     * @param limit  at most 1000
     */
    public record Filter(DeliveryState state, String destination, Long alert, Long before, int limit) {}

    public List<View> list(Filter filter) {
        StringBuilder sql = new StringBuilder(COLUMNS + " where 1 = 1");
        List<Object> values = new ArrayList<>();
        add(
                sql,
                values,
                " and state = ?",
                filter.state() == null ? null : filter.state().code());
        add(sql, values, " and destination = ?", filter.destination());
        add(sql, values, " and alert = ?", filter.alert());
        add(sql, values, " and id < ?", filter.before());
        sql.append(" order by id desc limit ?");
        values.add(Math.max(1, Math.min(filter.limit(), 1000)));
        return query(sql.toString(), values, Deliveries::view);
    }

    public Optional<View> find(long id) {
        return query(COLUMNS + " where id = ?", List.of(id), Deliveries::view).stream()
                .findFirst();
    }

    /** Oldest first. */
    public List<AttemptView> attempts(long delivery) {
        return query(
                "select number, at, took, result, status_code, message, transaction_id from attempt where delivery = ?"
                        + " order by id",
                List.of(delivery),
                row -> new AttemptView(
                        row.getInt("number"),
                        Instant.ofEpochMilli(row.getLong("at")),
                        Duration.ofMillis(row.getLong("took")),
                        row.getString("result"),
                        (Integer) row.getObject("status_code"),
                        row.getString("message"),
                        row.getString("transaction_id")));
    }

    /** How many deliveries each destination has in each state. */
    public Map<String, Map<DeliveryState, Long>> counts() {
        Map<String, Map<DeliveryState, Long>> counts = new TreeMap<>();
        query(
                "select destination, state, count(*) as number from delivery group by destination, state",
                List.of(),
                row -> counts.computeIfAbsent(row.getString("destination"), any -> new TreeMap<>())
                        .put(DeliveryState.ofCode(row.getInt("state")), row.getLong("number")));
        return counts;
    }

    private static void add(StringBuilder sql, List<Object> values, String condition, Object value) {
        if (value != null) {
            sql.append(condition);
            values.add(value);
        }
    }

    private static View view(ResultSet row) throws SQLException {
        return new View(
                row.getLong("id"),
                row.getLong("change"),
                row.getLong("alert"),
                row.getInt("version"),
                row.getString("destination"),
                row.getString("notifier"),
                DeliveryState.ofCode(row.getInt("state")),
                row.getInt("attempts"),
                row.getInt("replays"),
                row.getString("idempotency_key"),
                row.getString("reason"),
                number(row, "report_of"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("due_at")),
                number(row, "ended_at") == null ? null : Instant.ofEpochMilli(number(row, "ended_at")),
                row.getString("lease_owner"),
                row.getString("outcome"));
    }

    private static Long number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    private interface Reader<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(String sql, List<?> values, Reader<T> reader) {
        try (Connection connection = store.reader().getConnection();
                PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                query.setObject(i + 1, values.get(i));
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    rows.add(reader.of(row));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new LedgerUnavailable("The deliveries cannot be read: the ledger does not answer.", e);
        }
    }
}
