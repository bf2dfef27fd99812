package io.serai.deliver;

import io.serai.record.DeliveryState;
import io.serai.record.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The statements of the outbox that are longer than a line, for both stores. */
final class OutboxSql {
    /** Older deliveries of the same alert go first; reports tell about other deliveries and keep no order. */
    private static final String CLAIM =
            """
            update delivery
            set lease_owner = ?, lease_until = ?, fence = fence + 1
            where id in (
                select d.id from delivery d
                where d.destination = ? and d.ended_at is null and d.due_at <= ?
                  and (d.lease_until is null or d.lease_until <= ?)
                  and (d.report_of is not null or not exists (
                      select 1 from delivery older
                      where older.alert = d.alert and older.destination = d.destination and older.id < d.id
                        and older.ended_at is null and older.report_of is null))
                order by d.due_at, d.id
                limit ?%s)
            returning id""";

    /** Starts from what is due, not from what waits: after a long outage the latter are many. */
    private static final String SUPERSEDE =
            """
            update delivery
            set state = ?, ended_at = ?, outcome = ?
            where state = ? and lease_until is null and ended_at is null and id in (
                select older.id from delivery d
                join delivery older on older.alert = d.alert and older.destination = d.destination and older.id < d.id
                where d.destination = ? and d.ended_at is null and d.due_at <= ? and d.lease_until is null
                  and d.report_of is null and older.report_of is null and older.ended_at is null and older.state = ?
                limit 500)
            returning id, attempts""";

    private static final String EXPIRE =
            """
            update delivery
            set state = ?, ended_at = ?, outcome = ?, fence = fence + 1, lease_owner = null, lease_until = null
            where ended_at is null and created_at < ? and destination not in (%s)
            returning id, attempts""";

    /** The last word about a delivery that ended without another send. */
    private static final String ENDED =
            """
            insert into attempt (delivery, number, at, took, result, message, transaction_id)
            values (?, ?, ?, 0, ?, ?, '')""";

    private static final String TALLY =
            """
            insert into tally (name, node, value) values (?, ?, ?)
            on conflict (name, node) do update set value = tally.value + excluded.value""";

    private static final String REFERENCE =
            """
            insert into reference (destination, alert, opened, value) values (?, ?, ?, ?)
            on conflict (destination, alert, opened) do update set value = excluded.value""";

    private static final String REPORT =
            """
            insert into delivery (change, alert, version, destination, notifier, state, attempts, replays,
                idempotency_key, reason, report_of, report, created_at, due_at, fence)
            select change, alert, version, ?, ?, ?, 0, 0, ?, ?, id, ?, ?, ?, 0
            from delivery where id = ? and report_of is null""";

    private static final String REPLAY =
            """
            update delivery
            set state = ?, attempts = 0, replays = replays + 1, ended_at = null, due_at = ?, fence = fence + 1
            where id in (select id from delivery where state = ? and %s order by id limit ?) and state = ?
            returning id""";

    private static final String AUDIT =
            """
            insert into attempt (delivery, number, at, took, result, message, transaction_id)
            values (?, 0, ?, 0, 'replayed', ?, '')""";

    private OutboxSql() {}

    static List<Long> claim(
            Connection connection, Dialect dialect, String destination, int limit, String owner, long now, long lease)
            throws SQLException {
        String lock = dialect == Dialect.POSTGRESQL ? " for update skip locked" : "";
        try (PreparedStatement update = connection.prepareStatement(CLAIM.formatted(lock))) {
            update.setString(1, owner);
            update.setLong(2, now + lease);
            update.setString(3, destination);
            update.setLong(4, now);
            update.setLong(5, now);
            update.setInt(6, limit);
            return ids(update);
        }
    }

    /** Ends deliveries that wait for a retry while a newer word of their alert is due. Returns how many. */
    static int supersede(Connection connection, String destination, String node, long now) throws SQLException {
        String message = "a newer word of the alert waits";
        try (PreparedStatement update = connection.prepareStatement(SUPERSEDE)) {
            update.setInt(1, DeliveryState.SUPERSEDED.code());
            update.setLong(2, now);
            update.setString(3, outcome(message));
            update.setInt(4, DeliveryState.RETRYING.code());
            update.setString(5, destination);
            update.setLong(6, now);
            update.setInt(7, DeliveryState.RETRYING.code());
            return ended(connection, update, DeliveryState.SUPERSEDED, message, node, now);
        }
    }

    /** Ends open deliveries, made before a time, to destinations that nobody configured. Returns how many. */
    static int expire(Connection connection, String node, Set<String> known, long before, long now)
            throws SQLException {
        String message = "the destination is not configured";
        String marks = "''" + ", ?".repeat(known.size());
        try (PreparedStatement update = connection.prepareStatement(EXPIRE.formatted(marks))) {
            update.setInt(1, DeliveryState.DEAD.code());
            update.setLong(2, now);
            update.setString(3, outcome(message));
            update.setLong(4, before);
            int at = 5;
            for (String each : known) {
                update.setString(at++, each);
            }
            return ended(connection, update, DeliveryState.DEAD, message, node, now);
        }
    }

    private static String outcome(String message) {
        return "{\"message\":\"" + message + "\"}";
    }

    private static int ended(
            Connection connection, PreparedStatement update, DeliveryState state, String message, String node, long now)
            throws SQLException {
        int number = 0;
        try (PreparedStatement attempt = connection.prepareStatement(ENDED);
                ResultSet row = update.executeQuery()) {
            while (row.next()) {
                attempt.setLong(1, row.getLong(1));
                attempt.setInt(2, row.getInt(2));
                attempt.setLong(3, now);
                attempt.setString(4, state.word());
                attempt.setString(5, message);
                attempt.addBatch();
                number++;
            }
            attempt.executeBatch();
        }
        if (number > 0) {
            tally(connection, "delivery." + state.word(), node, number);
        }
        return number;
    }

    static boolean newerWaits(Connection connection, Delivery delivery) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select 1 from delivery newer"
                + " where newer.alert = ? and newer.destination = ? and newer.id > ? and newer.ended_at is null"
                + " and newer.report_of is null"
                + " and exists (select 1 from delivery d where d.id = ? and d.report_of is null) limit 1")) {
            query.setLong(1, delivery.alert());
            query.setString(2, delivery.destination());
            query.setLong(3, delivery.id());
            query.setLong(4, delivery.id());
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    static void tally(Connection connection, String name, String node, long by) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(TALLY)) {
            upsert.setString(1, name);
            upsert.setString(2, node);
            upsert.setLong(3, by);
            upsert.executeUpdate();
        }
    }

    static void reference(Connection connection, Delivery delivery, String value) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(REFERENCE)) {
            upsert.setString(1, delivery.destination());
            upsert.setLong(2, delivery.alert());
            upsert.setInt(3, delivery.opened());
            upsert.setString(4, value);
            upsert.executeUpdate();
        }
    }

    /** One report per end: a replayed delivery that ends again is reported again. Reports are not reported. */
    static void report(Connection connection, Delivery of, Destination to, String report, long now)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(REPORT)) {
            insert.setString(1, to.name());
            insert.setString(2, to.notifier());
            insert.setInt(3, DeliveryState.PENDING.code());
            insert.setString(4, of.idempotencyKey() + "-report-" + of.replays());
            insert.setString(5, "report of " + of.destination());
            insert.setString(6, report);
            insert.setLong(7, now);
            insert.setLong(8, now);
            insert.setLong(9, of.id());
            insert.executeUpdate();
        }
    }

    /** Revives dead deliveries and writes one audit row each. */
    static int replay(
            Connection connection, String node, String where, List<Object> values, int limit, long now, String who)
            throws SQLException {
        List<Long> ids;
        try (PreparedStatement update = connection.prepareStatement(REPLAY.formatted(where))) {
            int at = 1;
            update.setInt(at++, DeliveryState.PENDING.code());
            update.setLong(at++, now);
            update.setInt(at++, DeliveryState.DEAD.code());
            for (Object value : values) {
                update.setObject(at++, value);
            }
            update.setInt(at++, limit);
            update.setInt(at, DeliveryState.DEAD.code());
            ids = ids(update);
        }
        try (PreparedStatement audit = connection.prepareStatement(AUDIT)) {
            for (long id : ids) {
                audit.setLong(1, id);
                audit.setLong(2, now);
                audit.setString(3, "replayed by " + who);
                audit.addBatch();
            }
            audit.executeBatch();
        }
        if (!ids.isEmpty()) {
            tally(connection, "delivery." + DeliveryState.DEAD.word(), node, -ids.size());
        }
        return ids.size();
    }

    private static List<Long> ids(PreparedStatement returning) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (ResultSet row = returning.executeQuery()) {
            while (row.next()) {
                ids.add(row.getLong(1));
            }
        }
        return ids;
    }
}
