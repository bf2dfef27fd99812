package io.serai.route;

import io.serai.record.SettledChange;
import io.serai.record.Verdict;
import io.serai.record.Work;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/**
 * What earlier changes of a batch's alerts have led to: how far each alert is routed, and who was told since it opened.
 * Read once for a batch, then kept up with what the batch itself decides.
 */
final class History {
    private static final int CHUNK = 500;
    /** By way of the alert's own key: PostgreSQL reads all of a new table otherwise, before it has counted it. */
    private static final String ROUTED =
            """
            select alert.id, (select max(change.version) from change where change.alert = alert.id)
            from alert where alert.id in (%s)""";
    /** A resolve that is routed already ended what came before it. */
    private static final String TOLD =
            """
            select distinct delivery.alert, delivery.destination from delivery
            where delivery.alert in (%s) and delivery.report_of is null and delivery.version > coalesce(
                (select max(change.version) from change
                 where change.alert = delivery.alert and change.verdict = %d), 0)"""
                    .replace("%d", String.valueOf(Verdict.RESOLVED.code()));

    private static final String DONE = "select alert, version from change where alert in (%s)";

    private final Map<Long, State> states = new HashMap<>();
    private final Set<Done> done = new HashSet<>();

    /** Reads what the batch needs; nothing about alerts that are in no receipt of it. */
    static History read(DataSource reader, List<Work> batch) throws SQLException {
        Set<Long> alerts = new HashSet<>();
        Set<Long> resolved = new HashSet<>();
        Set<Long> retried = new HashSet<>();
        for (Work work : batch) {
            for (Work.Item item : work.items()) {
                alerts.add(item.alert());
                if (item.verdict() == Verdict.RESOLVED) {
                    resolved.add(item.alert());
                }
                if (work.attempts() > 0) {
                    retried.add(item.alert());
                }
            }
        }
        History history = new History();
        Map<Long, Set<String>> told = new HashMap<>();
        try (Connection connection = reader.getConnection()) {
            query(connection, TOLD, resolved, row -> told.computeIfAbsent(row.getLong(1), any -> new HashSet<>(4))
                    .add(row.getString(2)));
            query(
                    connection,
                    ROUTED,
                    alerts,
                    row -> history.states.put(
                            row.getLong(1), new State(row.getInt(2), told.getOrDefault(row.getLong(1), Set.of()))));
            query(connection, DONE, retried, row -> history.done.add(new Done(row.getLong(1), row.getInt(2))));
        }
        return history;
    }

    /** True when this very change was routed before its receipt was put off for another. */
    boolean done(long alert, int version) {
        return done.contains(new Done(alert, version));
    }

    /** The newest version of the alert that has been routed; 0 when none has. */
    int routedVersion(long alert) {
        return state(alert).version();
    }

    /** The destinations that were told about the alert since it opened. */
    Set<String> told(long alert) {
        return state(alert).told();
    }

    /** Notes what was decided, for later changes of the same alert in this batch. */
    void add(SettledChange change) {
        State state = state(change.alert());
        Set<String> told = new HashSet<>();
        if (change.verdict() != Verdict.RESOLVED) {
            told.addAll(state.told());
            change.deliveries().forEach(delivery -> told.add(delivery.destination()));
        }
        states.put(change.alert(), new State(Math.max(state.version(), change.version()), told));
    }

    private State state(long alert) {
        return states.getOrDefault(alert, State.UNKNOWN);
    }

    private static void query(Connection connection, String sql, Collection<Long> alerts, Row each)
            throws SQLException {
        List<Long> all = new ArrayList<>(alerts);
        for (int from = 0; from < all.size(); from += CHUNK) {
            List<Long> chunk = all.subList(from, Math.min(from + CHUNK, all.size()));
            String marks = String.join(",", Collections.nCopies(chunk.size(), "?"));
            try (PreparedStatement statement = connection.prepareStatement(sql.replace("%s", marks))) {
                for (int i = 0; i < chunk.size(); i++) {
                    statement.setLong(i + 1, chunk.get(i));
                }
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        each.accept(rows);
                    }
                }
            }
        }
    }

    private record Done(long alert, int version) {}

    private record State(int version, Set<String> told) {
        static final State UNKNOWN = new State(0, Set.of());
    }

    private interface Row {
        void accept(ResultSet row) throws SQLException;
    }
}
