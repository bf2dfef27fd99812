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

/** Row by row with prepared statements: a call into SQLite costs no round trip. */
final class SqliteSettleSql implements SettleSql {
    private final Store store;
    private final Connection connection;

    SqliteSettleSql(Store store, Connection connection) {
        this.store = store;
        this.connection = connection;
    }

    @Override
    public Set<Long> take(Collection<Long> receipts) throws SQLException {
        PreparedStatement statement = prepared("delete from inbox where receipt = ? and lane = " + Lane.ROUTE.code());
        Set<Long> taken = new HashSet<>();
        for (long receipt : receipts) {
            statement.setLong(1, receipt);
            if (statement.executeUpdate() == 1) {
                taken.add(receipt);
            }
        }
        return taken;
    }

    @Override
    public Map<Long, Long> incidentsOf(Collection<Long> alerts) throws SQLException {
        PreparedStatement statement = prepared("select incident from alert where id = ? and incident is not null");
        Map<Long, Long> incidents = new HashMap<>();
        for (long alert : alerts) {
            statement.setLong(1, alert);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    incidents.put(alert, row.getLong(1));
                }
            }
        }
        return incidents;
    }

    @Override
    public List<Incident> incidents(Collection<Long> ids, Collection<String> keys) throws SQLException {
        Map<Long, Incident> incidents = new HashMap<>();
        PreparedStatement byId = prepared(IncidentRows.SELECT + " where id = ?");
        for (long id : ids) {
            byId.setLong(1, id);
            read(byId, incidents);
        }
        PreparedStatement byKey = prepared(IncidentRows.SELECT + " where key = ? and closed_at is null");
        for (String key : keys) {
            byKey.setString(1, key);
            read(byKey, incidents);
        }
        return new ArrayList<>(incidents.values());
    }

    private static void read(PreparedStatement statement, Map<Long, Incident> incidents) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            if (row.next()) {
                Incident incident = IncidentRows.read(row);
                incidents.putIfAbsent(incident.id, incident);
            }
        }
    }

    @Override
    public Map<Target, Integer> newest(Collection<Target> targets) throws SQLException {
        PreparedStatement statement =
                prepared("select max(version) from delivery where alert = ? and destination = ? and report_of is null");
        Map<Target, Integer> newest = new HashMap<>();
        for (Target target : targets) {
            statement.setLong(1, target.alert());
            statement.setString(2, target.destination());
            try (ResultSet row = statement.executeQuery()) {
                int version = row.getInt(1);
                if (!row.wasNull()) {
                    newest.put(target, version);
                }
            }
        }
        return newest;
    }

    @Override
    public int supersede(Map<Target, Integer> versions, long now) throws SQLException {
        PreparedStatement statement = prepared(
                """
                update delivery set state = ?, ended_at = ?, outcome = ?
                where alert = ? and destination = ? and version < ? and ended_at is null and report_of is null
                    and (lease_until is null or lease_until <= ?)""");
        int ended = 0;
        for (Map.Entry<Target, Integer> newer : versions.entrySet()) {
            statement.setInt(1, DeliveryState.SUPERSEDED.code());
            statement.setLong(2, now);
            statement.setString(3, DeliveryRow.supersededBy(newer.getValue()));
            statement.setLong(4, newer.getKey().alert());
            statement.setString(5, newer.getKey().destination());
            statement.setInt(6, newer.getValue());
            statement.setLong(7, now);
            ended += statement.executeUpdate();
        }
        return ended;
    }

    @Override
    public long[] numbers(String table, int count) throws SQLException {
        PreparedStatement statement = prepared("select seq from sqlite_sequence where name = ?");
        statement.setString(1, table);
        long[] numbers = new long[count];
        try (ResultSet row = statement.executeQuery()) {
            long last = row.next() ? row.getLong(1) : 0;
            for (int i = 0; i < count; i++) {
                numbers[i] = ++last;
            }
        }
        return numbers;
    }

    @Override
    public void add(String node, SortedMap<String, Long> tallies) throws SQLException {
        Tallies.add(store, connection, node, tallies);
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        return store.prepared(connection, sql);
    }
}
