package io.serai.record;

import io.serai.alert.Fingerprint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Batches on PostgreSQL: one statement per table, with arrays. Rows are locked in the order of their fingerprints, and a
 * fingerprint that another node inserts at the same time is decided again from that node's row.
 */
final class PostgresWriter implements BatchWriter {
    private static final String NUMBERS = "select nextval(pg_get_serial_sequence('receipt', 'seq')) from generate_series(1, ?)";
    private static final String FIND =
            AlertRows.SELECT + " where fingerprint = any (?::bytea[]) order by fingerprint for update";
    private static final String DELIVERY_KEYS =
            """
            insert into idempotency (key, receipt, expires_at)
            select * from unnest(?::bytea[], ?::bigint[], ?::bigint[]) as u (key, receipt, expires_at) order by key
            on conflict (key) do update set receipt = excluded.receipt, expires_at = excluded.expires_at
            where idempotency.expires_at <= excluded.expires_at - ?
            returning receipt""";
    private static final String INSERT_ALERTS =
            """
            insert into alert (fingerprint, provider, instance, status, severity, digest, content_hash, count, version,
                opened_version, first_received, last_received, event_time, receipt, content)
            select * from unnest(?::bytea[], ?::text[], ?::text[], ?::int[], ?::int[], ?::bigint[], ?::bigint[],
                ?::bigint[], ?::int[], ?::int[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[])
            on conflict (fingerprint) do nothing returning id, fingerprint""";
    private static final String UPDATE_ALERTS =
            """
            update alert a set status = u.status, severity = u.severity, digest = u.digest, content_hash = u.content_hash,
                count = u.count, version = u.version, opened_version = u.opened_version,
                last_received = u.last_received, event_time = u.event_time, receipt = u.receipt,
                content = coalesce(u.content, a.content)
            from unnest(?::bigint[], ?::int[], ?::int[], ?::bigint[], ?::bigint[], ?::bigint[], ?::int[], ?::int[],
                ?::bigint[], ?::bigint[], ?::bigint[], ?::text[])
                as u (id, status, severity, digest, content_hash, count, version, opened_version, last_received,
                    event_time, receipt, content)
            where a.id = u.id""";
    private static final String INSERT_RECEIPTS =
            """
            insert into receipt (seq, provider, instance, source, received_at, as_of, key_id, remote, content_type,
                headers, body, parent, quarantined, items)
            select * from unnest(?::bigint[], ?::text[], ?::text[], ?::int[], ?::bigint[], ?::bigint[], ?::text[],
                ?::text[], ?::text[], ?::text[], ?::bytea[], ?::bigint[], ?::int[], ?::text[])""";
    private static final String INSERT_INBOX =
            """
            insert into inbox (receipt, lane, due_at, attempts)
            select receipt, lane, due_at, 0 from unnest(?::bigint[], ?::int[], ?::bigint[]) as u (receipt, lane, due_at)""";

    private final Store store;
    private final String node;

    PostgresWriter(Store store, String node) {
        this.store = store;
        this.node = node;
    }

    @Override
    public void write(Batch batch) throws SQLException {
        store.transaction(connection -> {
            number(connection, batch.entries);
            markRedelivered(connection, batch);
            alerts(connection, batch);
            receipts(connection, batch.entries);
            inbox(connection, batch.entries);
            cursors(connection, batch.entries);
            Tallies.add(store, connection, node, batch.tallies());
            return null;
        });
    }

    private static void number(Connection connection, List<Entry> entries) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NUMBERS)) {
            statement.setInt(1, entries.size());
            try (ResultSet row = statement.executeQuery()) {
                for (Entry entry : entries) {
                    row.next();
                    entry.seq = row.getLong(1);
                }
            }
        }
    }

    private static void markRedelivered(Connection connection, Batch batch) throws SQLException {
        Map<Fingerprint, Entry> first = new HashMap<>();
        for (Entry entry : batch.entries) {
            if (entry.deliveryKey != null && first.putIfAbsent(Fingerprint.of(entry.deliveryKey), entry) != null) {
                batch.redelivered(entry);
            }
        }
        if (first.isEmpty()) {
            return;
        }
        Map<Long, Entry> known = new HashMap<>();
        first.values().forEach(entry -> known.put(entry.seq, entry));
        Entry[] keyed = first.values().toArray(Entry[]::new);
        try (PreparedStatement statement = connection.prepareStatement(DELIVERY_KEYS)) {
            statement.setObject(1, Arrays.stream(keyed).map(entry -> entry.deliveryKey).toArray(byte[][]::new));
            statement.setObject(2, Arrays.stream(keyed).mapToLong(entry -> entry.seq).toArray());
            statement.setObject(
                    3, Arrays.stream(keyed).mapToLong(entry -> entry.receivedAt + DELIVERY_KEY_MILLIS).toArray());
            statement.setLong(4, DELIVERY_KEY_MILLIS);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    known.remove(row.getLong(1));
                }
            }
        }
        known.values().forEach(batch::redelivered);
    }

    private static void alerts(Connection connection, Batch batch) throws SQLException {
        List<Track> open = Arrays.asList(batch.tracks);
        while (!open.isEmpty()) {
            open = undecided(connection, open);
        }
        List<Track> changed = new ArrayList<>();
        for (Track track : batch.tracks) {
            if (track.changed()) {
                changed.add(track);
            }
        }
        if (!changed.isEmpty()) {
            update(connection, changed);
        }
    }

    /** Decides the tracks and inserts the new ones; answers those that another node inserted in between. */
    private static List<Track> undecided(Connection connection, List<Track> tracks) throws SQLException {
        Map<Fingerprint, Track> unknown = new HashMap<>();
        tracks.forEach(track -> unknown.put(track.fingerprint, track));
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setObject(1, keys(tracks));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Track track = unknown.remove(Fingerprint.of(row.getBytes(1)));
                    track.id = AlertRows.id(row);
                    track.decide(AlertRows.state(row));
                }
            }
        }
        List<Track> fresh = new ArrayList<>();
        for (Track track : tracks) {
            if (unknown.containsKey(track.fingerprint)) {
                track.decide(null);
                if (track.fresh()) {
                    fresh.add(track);
                }
            }
        }
        return fresh.isEmpty() ? List.of() : insert(connection, fresh);
    }

    private static List<Track> insert(Connection connection, List<Track> fresh) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT_ALERTS)) {
            Columns<Track> columns = new Columns<>(statement, fresh);
            columns.bytes(track -> track.key);
            columns.texts(track -> track.speaker.receipt.provider());
            columns.texts(track -> track.speaker.receipt.instance());
            columns.ints(track -> track.state.status().code());
            columns.ints(track -> track.state.severity().rank());
            columns.longs(track -> track.state.digest());
            columns.longs(track -> track.state.contentHash());
            columns.longs(track -> track.state.count());
            columns.ints(track -> track.state.version());
            columns.ints(track -> track.state.openedVersion());
            columns.longs(track -> track.state.firstReceived());
            columns.longs(track -> track.state.lastReceived());
            columns.nullableLongs(track -> track.state.eventTime());
            columns.longs(track -> track.speaker.seq);
            columns.texts(track -> track.content);
            Map<Fingerprint, Track> missing = new HashMap<>();
            fresh.forEach(track -> missing.put(track.fingerprint, track));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    missing.remove(Fingerprint.of(row.getBytes(2))).id = row.getLong(1);
                }
            }
            return fresh.stream().filter(track -> missing.containsKey(track.fingerprint)).toList();
        }
    }

    private static void update(Connection connection, List<Track> changed) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(UPDATE_ALERTS)) {
            Columns<Track> columns = new Columns<>(statement, changed);
            columns.longs(track -> track.id);
            columns.ints(track -> track.state.status().code());
            columns.ints(track -> track.state.severity().rank());
            columns.longs(track -> track.state.digest());
            columns.longs(track -> track.state.contentHash());
            columns.longs(track -> track.state.count());
            columns.ints(track -> track.state.version());
            columns.ints(track -> track.state.openedVersion());
            columns.longs(track -> track.state.lastReceived());
            columns.nullableLongs(track -> track.state.eventTime());
            columns.longs(track -> track.speaker.seq);
            columns.texts(track -> track.content);
            statement.executeUpdate();
        }
    }

    private static void receipts(Connection connection, List<Entry> entries) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT_RECEIPTS)) {
            Columns<Entry> columns = new Columns<>(statement, entries);
            columns.longs(entry -> entry.seq);
            columns.texts(entry -> entry.receipt.provider());
            columns.texts(entry -> entry.receipt.instance());
            columns.ints(entry -> entry.receipt.source().code());
            columns.longs(entry -> entry.receivedAt);
            columns.nullableLongs(
                    entry -> entry.receipt.asOf() == null ? null : entry.receipt.asOf().toEpochMilli());
            columns.texts(entry -> entry.receipt.keyId());
            columns.texts(entry -> entry.receipt.remote());
            columns.texts(entry -> entry.receipt.contentType());
            columns.texts(entry -> entry.headers);
            columns.bytes(entry -> entry.receipt.body());
            columns.nullableLongs(entry -> entry.receipt.parent());
            columns.ints(Entry::quarantined);
            columns.texts(Entry::itemsJson);
            statement.executeUpdate();
        }
    }

    private static void inbox(Connection connection, List<Entry> entries) throws SQLException {
        List<Entry> routed = entries.stream().filter(entry -> entry.lane() != null).toList();
        if (routed.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(INSERT_INBOX)) {
            Columns<Entry> columns = new Columns<>(statement, routed);
            columns.longs(entry -> entry.seq);
            columns.ints(entry -> entry.lane().code());
            columns.longs(entry -> entry.receivedAt);
            statement.executeUpdate();
        }
    }

    private static void cursors(Connection connection, List<Entry> entries) throws SQLException {
        for (Entry entry : entries) {
            if (entry.cursor != null) {
                try (PreparedStatement statement = connection.prepareStatement(PollCursors.WRITE)) {
                    statement.setString(1, entry.cursor.name());
                    statement.setString(2, entry.cursor.value());
                    statement.setLong(3, entry.receivedAt);
                    statement.executeUpdate();
                }
            }
        }
    }

    private static byte[][] keys(List<Track> tracks) {
        return tracks.stream().map(track -> track.key).toArray(byte[][]::new);
    }
}
