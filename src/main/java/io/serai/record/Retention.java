package io.serai.record;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;

/**
 * Deletes what is older than the ledger is to remember, in small transactions so that receipts need not wait for it.
 * What is still to be done stays whatever its age: receipts in the inbox, deliveries that are open, alerts that are open,
 * and of these the last delivery to each destination, which is to be told their end.
 */
public final class Retention {
    private static final int BATCH = 500;
    private static final int SIZE_BATCHES = 200;

    private static final String ATTEMPTS =
            """
            delete from attempt where id in (
                select a.id from attempt a left join delivery d on d.id = a.delivery
                where a.id < ? and (d.id is null or d.ended_at is not null) order by a.id limit %d)""";
    private static final String DELIVERIES =
            """
            delete from delivery where id in (
                select d.id from delivery d where d.id < ? and d.ended_at < ?
                    and (d.report_of is not null
                        or exists (select 1 from delivery later
                            where later.alert = d.alert and later.destination = d.destination
                                and later.version > d.version and later.report_of is null)
                        or not exists (select 1 from alert a where a.id = d.alert
                            and (a.status <> 5 or exists (select 1 from inbox where inbox.receipt = a.receipt))))
                order by d.id limit %d)""";
    private static final String CHANGES =
            """
            delete from change where id in (
                select c.id from change c where c.id < ?
                    and not exists (select 1 from delivery d where d.alert = c.alert and d.change = c.id)
                order by c.id limit %d)""";
    private static final String REFERENCES =
            """
            delete from reference where not exists (select 1 from alert where alert.id = reference.alert)
                and alert <= (select coalesce(max(id), 0) from alert)""";
    private static final String ALERTS =
            """
            delete from alert where id in (
                select a.id from alert a where a.status = 5 and a.last_received < ?
                    and not exists (select 1 from delivery d where d.alert = a.id and d.ended_at is null)
                    and not exists (select 1 from inbox where inbox.receipt = a.receipt)
                order by a.id limit %d)""";
    private static final String INCIDENTS =
            """
            delete from incident where id in (
                select i.id from incident i where i.closed_at < ? order by i.id limit %d)""";
    private static final String KEYS =
            """
            delete from idempotency where key in (
                select key from idempotency where expires_at <= ? limit %d)""";

    private final Store store;
    private final Clock clock;
    private final ReceiptRemoval receipts;

    public Retention(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
        receipts = new ReceiptRemoval(store);
    }

    /**
     * Deletes until the limits hold, or nothing is left that may be deleted.
     *
     * @return how many rows were deleted
     * @throws LedgerUnavailable when the store does not answer; what was deleted until then stays deleted
     */
    public long sweep(RetentionLimits limits) {
        long now = clock.millis();
        long before = now - limits.age().toMillis();
        try {
            long deleted = all(KEYS, now);
            deleted += all(ATTEMPTS, firstSince("attempt", "id", "at", before));
            deleted += all(DELIVERIES, firstSince("delivery", "id", "created_at", before), before);
            deleted += all(CHANGES, firstSince("change", "id", "at", before));
            deleted += all(ALERTS, before);
            deleted += receipts(firstSince("receipt", "seq", "received_at", before));
            deleted += all(INCIDENTS, before);
            deleted += run(REFERENCES);
            for (int i = 0; i < SIZE_BATCHES && limits.bytes() > 0 && bytes() > limits.bytes(); i++) {
                int rows = receipts.oldest(Long.MAX_VALUE, BATCH);
                deleted += rows;
                if (rows == 0) {
                    break;
                }
            }
            return deleted;
        } catch (SQLException e) {
            throw new LedgerUnavailable("Old rows could not be deleted: the ledger does not answer.", e);
        }
    }

    /**
     * What the ledger takes at the moment, in bytes. On SQLite the pages in use; on PostgreSQL, where deleting frees no
     * page at once, the bodies and items of all receipts, which are nearly all of it.
     */
    long bytes() throws SQLException {
        return store.dialect() == Dialect.SQLITE
                ? (number("pragma page_count") - number("pragma freelist_count")) * number("pragma page_size")
                : number("select coalesce(sum(octet_length(body) + octet_length(items)), 0) from receipt");
    }

    /** The number of the first row that is young enough; numbers grow with time, so no index of the times is needed. */
    private long firstSince(String table, String id, String time, long since) throws SQLException {
        try (Connection connection = store.writer().getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select " + id + " from " + table + " where " + time + " >= ? order by " + id + " limit 1")) {
            statement.setLong(1, since);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : Long.MAX_VALUE;
            }
        }
    }

    private long all(String sql, long... limits) throws SQLException {
        long deleted = 0;
        int rows;
        do {
            rows = once(sql, limits);
            deleted += rows;
        } while (rows == BATCH);
        return deleted;
    }

    private long receipts(long before) throws SQLException {
        long deleted = 0;
        int rows;
        do {
            rows = receipts.oldest(before, BATCH);
            deleted += rows;
        } while (rows == BATCH);
        return deleted;
    }

    private int once(String sql, long... limits) throws SQLException {
        try (Connection connection = store.writer().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql.formatted(BATCH))) {
            for (int i = 0; i < limits.length; i++) {
                statement.setLong(i + 1, limits[i]);
            }
            return statement.executeUpdate();
        }
    }

    private int run(String sql) throws SQLException {
        try (Connection connection = store.writer().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return statement.executeUpdate();
        }
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = store.reader().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
