package io.serai.record;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The committed receipts that still have to be fetched or routed. Reading takes nothing out: a receipt stays until it is
 * settled, so that a crash in between loses nothing.
 */
public final class Inbox {
    /** The lease under which one node routes (P4). */
    public static final String ROUTE_LEASE = "route";

    private static final int TRIES = 4;
    /** Of the mapped alerts that are read at once: in memory they take about ten times as much. */
    private static final long DUE_BYTES = 8L << 20;

    private final Store store;
    private final Leases leases;
    private final String node;
    private final Clock clock;

    public Inbox(Store store, Leases leases, String node, Clock clock) {
        this.store = store;
        this.leases = leases;
        this.node = node;
        this.clock = clock;
    }

    /** What is due. The lane is no parameter: what waits for details has an index of its own, which the planner takes only when it knows. */
    static String waitingSql(Lane lane, int max) {
        return """
                select r.seq, r.provider, r.instance, r.source, r.received_at, i.attempts, r.items
                from (select i.receipt, i.attempts, octet_length(r.items) as size,
                             sum(octet_length(r.items)) over (order by i.receipt) as total
                      from (select receipt, attempts from inbox where lane = %d and due_at <= ?
                            order by receipt limit %d) i
                      join receipt r on r.seq = i.receipt) i
                join receipt r on r.seq = i.receipt
                where i.total <= %d or i.total = i.size order by r.seq"""
                .formatted(lane.code(), max, DUE_BYTES);
    }

    /**
     * What waits in a lane and is due, oldest receipt first; no more of it than fits into memory, and at least one.
     *
     * @throws LedgerUnavailable when the store does not answer
     */
    public List<Work> due(Lane lane, int max) {
        try (Connection connection = store.reader().getConnection();
                PreparedStatement statement = connection.prepareStatement(waitingSql(lane, max))) {
            statement.setLong(1, clock.millis());
            List<Work> due = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    due.add(new Work(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            Source.ofCode(row.getInt(4)),
                            Instant.ofEpochMilli(row.getLong(5)),
                            row.getInt(6),
                            ReceiptItems.read(row.getString(7), lane == Lane.ROUTE)));
                }
            }
            return due;
        } catch (SQLException e) {
            throw new LedgerUnavailable("The inbox could not be read: the ledger does not answer.", e);
        }
    }

    /**
     * Puts a receipt off, and counts the attempt.
     *
     * @param error why, in one sentence for the operator
     * @throws LedgerUnavailable when the store does not answer
     */
    public void defer(long receipt, Instant dueAt, String error) {
        try (Connection connection = store.writer().getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "update inbox set due_at = ?, attempts = attempts + 1, last_error = ? where receipt = ?")) {
            statement.setLong(1, dueAt.toEpochMilli());
            statement.setString(2, error);
            statement.setLong(3, receipt);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new LedgerUnavailable("The inbox could not be written: the ledger does not answer.", e);
        }
    }

    /**
     * Writes the changes, incidents and deliveries of routed receipts and takes the receipts out of the inbox, all in one
     * transaction. A receipt that is not in lane ROUTE any more is passed over: it was settled before.
     *
     * @param leaseToken of the lease {@link #ROUTE_LEASE}
     * @throws LeaseLost         when another node routes now; nothing was written
     * @throws LedgerUnavailable when the store does not answer; nothing was written
     */
    public Settlement settle(long leaseToken, List<Settled> settled) {
        return settle(leaseToken, settled, List.of());
    }

    /**
     * As {@link #settle(long, List)}; of the receipts put off, only what is given as settled is written, and they wait on.
     *
     * @param putOff some of the settled receipts
     */
    public Settlement settle(long leaseToken, List<Settled> settled, List<PutOff> putOff) {
        return write(connection -> {
            if (!leases.holds(connection, ROUTE_LEASE, leaseToken)) {
                throw new LeaseLost(ROUTE_LEASE);
            }
            Settlement settlement = new Settling(store, connection, clock.millis()).settle(settled, node);
            putBack(connection, putOff);
            return settlement;
        });
    }

    private static void putBack(Connection connection, List<PutOff> putOff) throws SQLException {
        if (putOff.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(
                "insert into inbox (receipt, lane, due_at, attempts, last_error) values (?, ?, ?, ?, ?)")) {
            for (PutOff each : putOff) {
                statement.setLong(1, each.receipt());
                statement.setInt(2, Lane.ROUTE.code());
                statement.setLong(3, each.dueAt().toEpochMilli());
                statement.setInt(4, each.attempts());
                statement.setString(5, each.error());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /**
     * Writes the details of a receipt in lane FETCH and moves it on to lane ROUTE, in one transaction. A receipt of which
     * nothing is to be routed leaves the inbox.
     *
     * @param raw what was read, kept as a receipt of its own with this one as its parent; null for none
     * @return false when the receipt was not in lane FETCH any more; nothing was written
     * @throws LedgerUnavailable when the store does not answer; nothing was written
     */
    public boolean complete(long receipt, List<Fetched> details, Receipt raw) {
        return write(connection -> new Completing(store, connection).complete(receipt, details, raw, clock.millis()));
    }

    private <T> T write(Store.Work<T> work) {
        for (int tries = 1; ; tries++) {
            try {
                return store.transaction(work);
            } catch (SQLException e) {
                if (!StoreFailure.retryable(e) || tries == TRIES) {
                    throw new LedgerUnavailable("The inbox could not be written: the ledger does not answer.", e);
                }
            }
        }
    }

    /**
     * Brings forward what is not due yet: the clock was put back by so much.
     *
     * @throws LedgerUnavailable when the store does not answer
     */
    public void pullIn(Duration by) {
        try (Connection connection = store.writer().getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("update inbox set due_at = due_at - ? where due_at > ?")) {
            statement.setLong(1, by.toMillis());
            statement.setLong(2, clock.millis());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new LedgerUnavailable("The inbox could not be written: the ledger does not answer.", e);
        }
    }

    /**
     * How long the oldest receipt that was not tried yet has waited for routing; zero when there is none. What was put off
     * does not count: it has been looked at.
     *
     * @throws LedgerUnavailable when the store does not answer
     */
    public Duration behind() {
        try (Connection connection = store.reader().getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select due_at from inbox where lane = ? and attempts = 0 order by receipt limit 1")) {
            statement.setInt(1, Lane.ROUTE.code());
            try (ResultSet row = statement.executeQuery()) {
                long since = row.next() ? row.getLong(1) : Long.MAX_VALUE;
                long now = clock.millis();
                return Duration.ofMillis(now - Math.min(since, now));
            }
        } catch (SQLException e) {
            throw new LedgerUnavailable("The inbox could not be read: the ledger does not answer.", e);
        }
    }

    /** How many receipts wait in a lane, due or not. */
    public long waiting(Lane lane) {
        try (Connection connection = store.reader().getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("select count(*) from inbox where lane = " + lane.code())) {
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw new LedgerUnavailable("The inbox could not be read: the ledger does not answer.", e);
        }
    }
}
