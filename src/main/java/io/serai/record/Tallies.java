package io.serai.record;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Running totals, kept in the transactions that they count. */
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

    /** Adds to the totals, always in the order of their names so that two writers of one node cannot deadlock. */
    static void add(Store store, Connection connection, String node, SortedMap<String, Long> tallies)
            throws SQLException {
        List<Map.Entry<String, Long>> rows = List.copyOf(tallies.entrySet());
        if (store.dialect() == Dialect.POSTGRESQL) {
            PreparedStatement statement = store.prepared(connection, ADD_ALL);
            statement.setString(1, node);
            statement.setObject(2, rows.stream().map(Map.Entry::getKey).toArray(String[]::new));
            statement.setObject(3, rows.stream().mapToLong(Map.Entry::getValue).toArray());
            statement.executeUpdate();
            return;
        }
        PreparedStatement statement = store.prepared(connection, ADD);
        for (Map.Entry<String, Long> row : rows) {
            statement.setString(1, row.getKey());
            statement.setString(2, node);
            statement.setLong(3, row.getValue());
            statement.executeUpdate();
        }
    }
}
