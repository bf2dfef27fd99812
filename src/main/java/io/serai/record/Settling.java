package io.serai.record;

import io.serai.alert.Severity;
import io.serai.record.SettleSql.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** One settle: works out in memory what becomes of each change, and writes each table once. */
final class Settling {
    private static final Bulk<Map.Entry<Long, Incident>> ALERT_INCIDENTS = Bulk.<Map.Entry<Long, Incident>>update(
                    "alert")
            .number("id", Map.Entry::getKey)
            .number("incident", joined -> joined.getValue().id);

    private final Store store;
    private final Connection connection;
    private final SettleSql sql;
    private final long now;
    private final List<ChangeRow> changes = new ArrayList<>();
    private final SortedMap<String, Long> tallies = new TreeMap<>();

    Settling(Store store, Connection connection, long now) {
        this.store = store;
        this.connection = connection;
        this.now = now;
        sql = store.dialect() == Dialect.SQLITE
                ? new SqliteSettleSql(store, connection)
                : new PostgresSettleSql(connection);
    }

    Settlement settle(List<Settled> settled, String node) throws SQLException {
        Set<Long> taken = sql.take(settled.stream().map(Settled::receipt).toList());
        for (Settled receipt : settled) {
            if (taken.remove(receipt.receipt())) {
                receipt.changes().forEach(change -> changes.add(new ChangeRow(receipt.receipt(), change, now)));
            }
        }
        Set<String> destinations = Set.of();
        if (!changes.isEmpty()) {
            incidents();
            number();
            ChangeRow.INSERT.write(store, connection, changes);
            destinations = deliveries();
            sql.add(node, tallies);
        }
        return new Settlement(changes.size(), destinations);
    }

    private void number() throws SQLException {
        long[] numbers = sql.numbers("change", changes.size());
        for (int i = 0; i < numbers.length; i++) {
            changes.get(i).id = numbers[i];
        }
    }

    private void incidents() throws SQLException {
        Set<Long> alerts = new HashSet<>();
        Set<String> keys = new HashSet<>();
        for (ChangeRow change : changes) {
            alerts.add(change.settled.alert());
            if (change.settled.incident() != null) {
                keys.add(change.settled.incident().key());
            }
        }
        Map<Long, Long> known = sql.incidentsOf(alerts);
        if (known.isEmpty() && keys.isEmpty()) {
            return;
        }
        List<Incident> all = new ArrayList<>(sql.incidents(new HashSet<>(known.values()), keys));
        Map<Long, Incident> byId = new HashMap<>();
        Map<String, Incident> openByKey = new HashMap<>();
        for (Incident incident : all) {
            byId.put(incident.id, incident);
            if (incident.open()) {
                openByKey.put(incident.key, incident);
            }
        }
        Map<Long, Incident> memberOf = new HashMap<>();
        known.forEach((alert, incident) -> memberOf.put(alert, byId.get(incident)));
        Map<Long, Incident> joined = new LinkedHashMap<>();
        for (ChangeRow change : changes) {
            Incident incident = memberOf.get(change.settled.alert());
            IncidentPlan plan = change.settled.incident();
            if (incident != null && incident.open()) {
                Severity severity = plan == null ? null : plan.severity();
                incident.hear(change.settled.verdict(), severity, now);
            } else if (plan != null && plan.open()) {
                incident = openIncident(plan, openByKey, all);
                incident.join(plan.severity(), now);
                memberOf.put(change.settled.alert(), incident);
                joined.put(change.settled.alert(), incident);
            }
            change.incident = incident;
        }
        write(all, joined);
    }

    private Incident openIncident(IncidentPlan plan, Map<String, Incident> openByKey, List<Incident> all) {
        Incident open = openByKey.get(plan.key());
        if (open != null && open.open()) {
            if (open.lastAt + plan.window().toMillis() >= now) {
                return open;
            }
            open.close(now);
        }
        Incident opened = Incident.opened(plan, now);
        openByKey.put(plan.key(), opened);
        all.add(opened);
        return opened;
    }

    private void write(List<Incident> all, Map<Long, Incident> joined) throws SQLException {
        // Closing comes first: of one key only one may be open.
        IncidentRows.UPDATE.write(
                store,
                connection,
                all.stream()
                        .filter(incident -> incident.touched && !incident.fresh)
                        .toList());
        List<Incident> fresh = all.stream().filter(incident -> incident.fresh).toList();
        if (!fresh.isEmpty()) {
            long[] numbers = sql.numbers("incident", fresh.size());
            for (int i = 0; i < numbers.length; i++) {
                fresh.get(i).id = numbers[i];
            }
            IncidentRows.INSERT.write(store, connection, fresh);
        }
        ALERT_INCIDENTS.write(store, connection, List.copyOf(joined.entrySet()));
    }

    /** Inserts the deliveries; only the newest of each alert and destination is still to be sent. */
    private Set<String> deliveries() throws SQLException {
        Map<Target, Integer> versions = new LinkedHashMap<>();
        for (ChangeRow change : changes) {
            int count = change.settled.deliveries().size();
            tallies.merge(count == 0 ? "routed.nowhere" : "routed.delivery", 1L, Long::sum);
            for (PlannedDelivery plan : change.settled.deliveries()) {
                versions.merge(target(change, plan), change.settled.version(), Math::max);
            }
        }
        if (versions.isEmpty()) {
            return Set.of();
        }
        Map<Target, Integer> newest = new HashMap<>(versions);
        sql.newest(versions.keySet()).forEach((target, version) -> newest.merge(target, version, Math::max));
        long superseded = sql.supersede(versions, now);
        Set<String> destinations = new HashSet<>();
        List<DeliveryRow> rows = new ArrayList<>();
        for (ChangeRow change : changes) {
            for (PlannedDelivery plan : change.settled.deliveries()) {
                int version = newest.get(target(change, plan));
                if (version > change.settled.version()) {
                    rows.add(DeliveryRow.superseded(change, plan, now, version));
                    superseded++;
                } else {
                    rows.add(DeliveryRow.pending(change, plan, now));
                    destinations.add(plan.destination());
                }
            }
        }
        DeliveryRow.INSERT.write(store, connection, rows);
        tallies.put("delivery.created", (long) rows.size());
        if (superseded > 0) {
            tallies.put("delivery.superseded", superseded);
        }
        return destinations;
    }

    private static Target target(ChangeRow change, PlannedDelivery plan) {
        return new Target(change.settled.alert(), plan.destination());
    }
}
