package io.serai.record;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Deletes what is older than the ledger is to remember, in small transactions so that receipts need not wait for it.
 * What is still to be done stays whatever its age: receipts in the inbox, deliveries that are open, alerts that are open,
 * and of these the last delivery to each destination, which is to be told their end.
 */
public final class Retention {
    private static final int BATCH = 500;
    private static final int SIZE_BATCHES = 200;

    private static final Old ATTEMPTS = new Old(
            "attempt",
            """
            id < ? and not exists (select 1 from delivery d where d.id = attempt.delivery and d.ended_at is null)""");
    private static final Old DELIVERIES = new Old(
            "delivery",
            """
            id < ? and ended_at < ?
                and (report_of is not null
                    or exists (select 1 from delivery later
                        where later.alert = delivery.alert and later.destination = delivery.destination
                            and later.version > delivery.version and later.report_of is null)
                    or not exists (select 1 from alert a where a.id = delivery.alert
                        and (a.status <> 5 or exists (select 1 from inbox where inbox.receipt = a.receipt))))""");
    private static final Old CHANGES = new Old(
            "change",
            """
            id < ? and not exists (select 1 from delivery d where d.alert = change.alert and d.change = change.id)""");
    private static final Old ALERTS = new Old(
            "alert",
            """
            status = 5 and last_received < ?
                and not exists (select 1 from delivery d where d.alert = alert.id and d.ended_at is null)
                and not exists (select 1 from inbox where inbox.receipt = alert.receipt)""");
    private static final Old INCIDENTS = new Old("incident", "closed_at < ?");
    private static final String KEYS =
            """
            delete from idempotency where key in (
                select key from idempotency where expires_at <= ? limit %d)"""
                    .formatted(BATCH);

    /**
     * What may be deleted of a table. Looked for beside who records, because what must stay may be most of it; whether it
     * still holds is asked once more when it is deleted.
     */
    private record Old(String table, String condition) {
        String find() {
            return "select id from " + table + " where id > ? and " + condition + " order by id limit " + BATCH;
        }

        String delete(List<Long> ids) {
            String list = ids.stream().map(String::valueOf).collect(Collectors.joining(","));
            return "delete from " + table + " where id in (" + list + ") and " + condition;
        }
    }

    private final Store store;
    private final Clock clock;
    private final ReceiptRemoval receipts;
    private final ReferenceRemoval references;

    public Retention(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
        receipts = new ReceiptRemoval(store);
        references = new ReferenceRemoval(store);
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
            long deleted = keys(now);
            deleted += all(ATTEMPTS, firstSince("attempt", "id", "at", before));
            deleted += all(DELIVERIES, firstSince("delivery", "id", "created_at", before), before);
            deleted += all(CHANGES, firstSince("change", "id", "at", before));
            deleted += all(ALERTS, before);
            deleted += receipts(firstSince("receipt", "seq", "received_at", before));
            deleted += all(INCIDENTS, before);
            deleted += references.all();
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
        try (Connection connection = store.reader().getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select " + id + " from " + table + " where " + time + " >= ? order by " + id + " limit 1")) {
            statement.setLong(1, since);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : Long.MAX_VALUE;
            }
        }
    }

    /** One pass in the order of the numbers: whoever writes waits for the deletion of one batch at most. */
    private long all(Old old, long... limits) throws SQLException {
        long deleted = 0;
        long last = 0;
        List<Long> ids;
        do {
            ids = find(old, last, limits);
            if (!ids.isEmpty()) {
                last = ids.get(ids.size() - 1);
                deleted += write(old.delete(ids), limits);
            }
        } while (ids.size() == BATCH);
        return deleted;
    }

    private List<Long> find(Old old, long after, long... limits) throws SQLException {
        try (Connection connection = store.reader().getConnection();
                PreparedStatement statement = connection.prepareStatement(old.find())) {
            statement.setLong(1, after);
            for (int i = 0; i < limits.length; i++) {
                statement.setLong(i + 2, limits[i]);
            }
            List<Long> ids = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
            return ids;
        }
    }

    private long keys(long now) throws SQLException {
        long deleted = 0;
        while (number("select count(*) from (select 1 from idempotency where expires_at <= " + now + " limit 1) old")
                > 0) {
            deleted += write(KEYS, now);
        }
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

    private int write(String sql, long... limits) throws SQLException {
        try (Connection connection = store.writer().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < limits.length; i++) {
                statement.setLong(i + 1, limits[i]);
            }
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
