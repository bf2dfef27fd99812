package io.serai.record;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Running totals on PostgreSQL and SQLite, kept in the transactions that they count. */
final class Tallies {
    static final String ADD =
            """
            insert into tally (name, node, value) values (?, ?, ?)
            on conflict (name, node) do update set value = tally.value + excluded.value""";
    private static final String ADD_ALL =
            """
            insert into tally (name, node, value)
            select name, ?, value from unnest(?::text[], ?::bigint[]) as u (name, value)
            on conflict (name, node) do update set value = tally.value + excluded.value""";

    private Tallies() {}

    /** Adds on PostgreSQL, always in the order of the names so that two writers of one node cannot deadlock. */
    static void add(Connection connection, String node, SortedMap<String, Long> tallies) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADD_ALL)) {
            List<Map.Entry<String, Long>> rows = List.copyOf(tallies.entrySet());
            statement.setString(1, node);
            statement.setObject(2, rows.stream().map(Map.Entry::getKey).toArray(String[]::new));
            statement.setObject(3, rows.stream().mapToLong(Map.Entry::getValue).toArray());
            statement.executeUpdate();
        }
    }
}
