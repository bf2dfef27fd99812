package io.serai.record;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** One statement for all rows: what costs is the round trip. */
final class PostgresSettleSql implements SettleSql {
    private static final String NEWEST =
            """
            select u.alert, u.destination, d.version
            from unnest(?::bigint[], ?::text[]) as u (alert, destination)
            cross join lateral (
                select version from delivery d
                where d.alert = u.alert and d.destination = u.destination and d.report_of is null
                order by version desc limit 1) d""";
    /** The coalesce keeps a planner without statistics off the partial index of what is due: there is too much of it. */
    private static final String SUPERSEDE =
            """
            update delivery d set state = %d, ended_at = u.now, outcome = u.outcome
            from unnest(?::bigint[], ?::text[], ?::int[], ?::text[], ?::bigint[])
                as u (alert, destination, version, outcome, now)
            where d.alert = u.alert and d.destination = u.destination and d.version < u.version
                and coalesce(d.ended_at, 0) = 0 and d.report_of is null
                and (d.lease_until is null or d.lease_until <= u.now)"""
                    .formatted(DeliveryState.SUPERSEDED.code());

    private final Connection connection;

    PostgresSettleSql(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Set<Long> take(Collection<Long> receipts) throws SQLException {
        Set<Long> taken = new HashSet<>();
        try (PreparedStatement statement =
                connection.prepareStatement("delete from inbox where receipt = any (?::bigint[])" + " and lane = "
                        + Lane.ROUTE.code() + " returning receipt")) {
            statement.setObject(1, longs(receipts));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    taken.add(row.getLong(1));
                }
            }
        }
        return taken;
    }

    @Override
    public Map<Long, Long> incidentsOf(Collection<Long> alerts) throws SQLException {
        Map<Long, Long> incidents = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "select id, incident from alert where id = any (?::bigint[]) and incident is not null")) {
            statement.setObject(1, longs(alerts));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    incidents.put(row.getLong(1), row.getLong(2));
                }
            }
        }
        return incidents;
    }

    @Override
    public List<Incident> incidents(Collection<Long> ids, Collection<String> keys) throws SQLException {
        List<Incident> incidents = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(IncidentRows.SELECT
                + " where id = any (?::bigint[]) union " + IncidentRows.SELECT
                + " where key = any (?::text[]) and closed_at is null")) {
            statement.setObject(1, longs(ids));
            statement.setObject(2, keys.toArray(String[]::new));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    incidents.add(IncidentRows.read(row));
                }
            }
        }
        return incidents;
    }

    @Override
    public Map<Target, Integer> newest(Collection<Target> targets) throws SQLException {
        Map<Target, Integer> newest = new HashMap<>();
        Script script = new Script();
        script.rows(NEWEST, List.copyOf(targets)).longs(Target::alert).texts(Target::destination);
        try (ResultSet row = script.on(connection).executeQuery()) {
            while (row.next()) {
                newest.put(new Target(row.getLong(1), row.getString(2)), row.getInt(3));
            }
        }
        return newest;
    }

    @Override
    public int supersede(Map<Target, Integer> versions, long now) throws SQLException {
        Script script = new Script();
        script.rows(SUPERSEDE, List.copyOf(versions.entrySet()))
                .longs(newer -> newer.getKey().alert())
                .texts(newer -> newer.getKey().destination())
                .ints(Map.Entry::getValue)
                .texts(newer -> DeliveryRow.supersededBy(newer.getValue()))
                .longs(newer -> now);
        return script.on(connection).executeUpdate();
    }

    @Override
    public void add(String node, SortedMap<String, Long> tallies) throws SQLException {
        Script script = new Script();
        Tallies.add(script, node, tallies);
        script.on(connection).executeUpdate();
    }

    @Override
    public long[] numbers(String table, int count) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select nextval('" + table + "_id_seq') from generate_series(1, ?)")) {
            statement.setInt(1, count);
            long[] numbers = new long[count];
            try (ResultSet row = statement.executeQuery()) {
                for (int i = 0; i < count && row.next(); i++) {
                    numbers[i] = row.getLong(1);
                }
            }
            return numbers;
        }
    }

    private static long[] longs(Collection<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }
}
