package io.serai.audit;

import io.serai.record.Dialect;
import io.serai.record.LedgerUnavailable;
import io.serai.record.Store;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The audit: an append-only table whose rows are a chain of hashes, one chain for all nodes of a ledger (fault 62). */
public final class Audit {
    private static final String LAST = "select seq, hash from audit order by seq desc limit 1";
    private static final String INSERT =
            "insert into audit (" + AuditRow.COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    /** Any number that nobody else uses; one writes to the chain at a time, and no right to change the table is needed. */
    private static final String LOCK = "select pg_advisory_xact_lock(7305804402)";

    private static final int FETCH = 500;

    private final Store store;
    private final String node;
    private final Clock clock;

    /** @param node the name of the node that writes */
    public Audit(Store store, String node, Clock clock) {
        this.store = store;
        this.node = node;
        this.clock = clock;
    }

    /** SHA-256 of a state as we write it, in hex; null for none. */
    public static String hash(String state) {
        return state == null ? null : AuditRow.sha256(state.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes an entry in a transaction of its own.
     *
     * @return its number
     * @throws LedgerUnavailable when that fails
     */
    public long append(AuditEntry entry) {
        try {
            return store.transaction(connection -> append(connection, entry));
        } catch (SQLException e) {
            throw new LedgerUnavailable("The audit cannot be written: the ledger does not answer.", e);
        }
    }

    /** Writes an entry in the transaction of the change: both are there, or neither is. */
    public long append(Connection connection, AuditEntry entry) throws SQLException {
        long seq = 0;
        String previous = AuditRow.START;
        try (Statement statement = connection.createStatement()) {
            if (store.dialect() == Dialect.POSTGRESQL) {
                statement.execute(LOCK);
            }
            try (ResultSet last = statement.executeQuery(LAST)) {
                if (last.next()) {
                    seq = last.getLong(1);
                    previous = last.getString(2);
                }
            }
        }
        insert(connection, AuditRow.next(seq + 1, clock.millis(), node, entry, previous));
        return seq + 1;
    }

    private static void insert(Connection connection, AuditRow row) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            AuditEntry entry = row.entry();
            insert.setLong(1, row.seq());
            insert.setLong(2, row.at());
            insert.setString(3, row.node());
            insert.setString(4, entry.who());
            insert.setString(5, entry.action());
            insert.setString(6, entry.subject());
            insert.setString(7, entry.outcome());
            insert.setString(8, entry.before());
            insert.setString(9, entry.after());
            insert.setString(10, entry.detail());
            insert.setString(11, row.previous());
            insert.setString(12, row.hash());
            insert.executeUpdate();
        }
    }

    /** The state that the last entry of this action and subject left behind, as its hash; empty when there is none. */
    public Optional<String> lastState(String action, String subject) {
        return rows("where action = ? and subject = ? order by seq desc", List.of(action, subject), 1).stream()
                .map(row -> row.entry().after())
                .findFirst();
    }

    /**
     * Entries, newest first.
     *
     * @param before only those with a lower number; null for all
     * @param who    only of this one; null for all
     * @param action only of this action, or with a dot at its end of all that begin so; null for all
     */
    public List<AuditRow> list(Long before, String who, String action, int limit) {
        StringBuilder where = new StringBuilder("where 1 = 1");
        List<Object> values = new ArrayList<>();
        if (before != null) {
            where.append(" and seq < ?");
            values.add(before);
        }
        if (who != null) {
            where.append(" and who = ?");
            values.add(who);
        }
        if (action != null) {
            where.append(" and substr(action, 1, ?) = ?");
            values.add(action.endsWith(".") ? action.length() : Integer.MAX_VALUE);
            values.add(action);
        }
        return rows(where.append(" order by seq desc").toString(), values, limit);
    }

    private List<AuditRow> rows(String condition, List<Object> values, int limit) {
        try (Connection connection = store.reader().getConnection();
                PreparedStatement query = connection.prepareStatement(
                        "select " + AuditRow.COLUMNS + " from audit " + condition + " limit " + limit)) {
            for (int i = 0; i < values.size(); i++) {
                query.setObject(i + 1, values.get(i));
            }
            List<AuditRow> rows = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    rows.add(AuditRow.of(row));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    /**
     * Walks the whole chain.
     *
     * @param known a head that somebody noted before, as {@link Verdict#head}; null for none. That nothing was cut off at
     *     the end can be seen by it only.
     */
    public Verdict verify(String known) {
        try (Connection connection = store.reader().getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(FETCH);
                try (ResultSet row =
                        statement.executeQuery("select " + AuditRow.COLUMNS + " from audit order by seq")) {
                    return verdict(row, known);
                }
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private static Verdict verdict(ResultSet rows, String known) throws SQLException {
        long seq = 0;
        String previous = AuditRow.START;
        boolean seen = known == null;
        while (rows.next()) {
            AuditRow row = AuditRow.of(rows);
            String problem = row.seq() != seq + 1
                    ? "the row before it is missing"
                    : !row.previous().equals(previous)
                            ? "it does not follow the row before it"
                            : row.intact() ? null : "it was changed";
            if (problem != null) {
                return new Verdict(seq, head(seq, previous), row.seq(), problem);
            }
            seq = row.seq();
            previous = row.hash();
            seen |= head(seq, previous).equals(known);
        }
        return seen
                ? new Verdict(seq, head(seq, previous), null, null)
                : new Verdict(
                        seq, head(seq, previous), seq + 1, "the noted head is not in the chain: its end was cut off");
    }

    private static String head(long seq, String hash) {
        return seq + ":" + hash;
    }

    private static LedgerUnavailable unreadable(SQLException e) {
        return new LedgerUnavailable("The audit cannot be read: the ledger does not answer.", e);
    }

    /**
     * What a walk over the chain found.
     *
     * @param entries  how many follow each other as they should, from the first one on
     * @param head     number and hash of the last of these: note it elsewhere to see later that nothing was cut off
     * @param brokenAt the number at which the chain breaks; null when it does not
     * @param problem  how it breaks; null when it does not
     */
    public record Verdict(long entries, String head, Long brokenAt, String problem) {}
}
