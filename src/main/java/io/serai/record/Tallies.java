package io.serai.record;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.SortedMap;

/**
 * Running totals, kept in the transactions that they count. They are always added to in the order of their names, so that
 * two writers of one node cannot deadlock.
 */
final class Tallies {
    private static final String ADD =
            """
            insert into tally (name, node, value) values (?, ?, ?)
            on conflict (name, node) do update set value = tally.value + excluded.value""";
    private static final String ADD_ALL =
            """
            insert into tally (name, node, value)
            select name, ?, value from unnest(?::text[], ?::bigint[]) as u (name, value)
            on conflict (name, node) do update set value = tally.value + excluded.value""";

    private Tallies() {}

    /** Adds row by row, as SQLite likes it. */
    static void add(Store store, Connection connection, String node, SortedMap<String, Long> tallies)
            throws SQLException {
        PreparedStatement statement = store.prepared(connection, ADD);
        for (Map.Entry<String, Long> tally : tallies.entrySet()) {
            statement.setString(1, tally.getKey());
            statement.setString(2, node);
            statement.setLong(3, tally.getValue());
            statement.executeUpdate();
        }
    }

    /** Adds all at once on PostgreSQL. */
    static void add(Script script, String node, SortedMap<String, Long> tallies) {
        script.add(
                ADD_ALL,
                node,
                tallies.keySet().toArray(String[]::new),
                tallies.values().stream().mapToLong(Long::longValue).toArray());
    }
}
