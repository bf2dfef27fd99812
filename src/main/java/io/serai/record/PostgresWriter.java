package io.serai.record;

import io.serai.alert.Fingerprint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Batches on PostgreSQL: one statement per table, with arrays, and two round trips for all of it. Rows are locked and
 * inserted in the order of their fingerprints. The arrays are unfolded in the list of columns, not in {@code from}: there
 * each column would be laid aside in a table of its own first, which costs a seventh of the whole insert.
 */
final class PostgresWriter implements BatchWriter {
    private static final String RECEIPT_NUMBERS = "select nextval('receipt_seq_seq') from generate_series(1, ?)";
    private static final String ALERT_NUMBERS = "select nextval('alert_id_seq') from generate_series(1, ?)";
    private static final String FIND =
            AlertRows.SELECT + " where fingerprint = any (?::bytea[]) order by fingerprint for update";
    private static final String DELIVERY_KEYS =
            """
            insert into idempotency (key, receipt, expires_at)
            select * from unnest(?::bytea[], ?::bigint[], ?::bigint[]) as u (key, receipt, expires_at) order by key
            on conflict (key) do update set receipt = excluded.receipt, expires_at = excluded.expires_at
            where idempotency.expires_at <= excluded.expires_at - %d
            returning receipt"""
                    .formatted(DELIVERY_KEY_MILLIS);
    /** Without "on conflict": when another node was faster, the whole batch is decided again, which is rare and simple. */
    private static final String INSERT_ALERTS =
            """
            insert into alert (id, fingerprint, provider, instance, status, severity, digest, content_hash, count,
                version, opened_version, first_received, last_received, event_time, receipt, content, content_receipt,
                content_from, content_length)
            select unnest(?::bigint[]), unnest(?::bytea[]), unnest(?::text[]), unnest(?::text[]), unnest(?::int[]),
                unnest(?::int[]), unnest(?::bigint[]), unnest(?::bigint[]), unnest(?::bigint[]), unnest(?::int[]),
                unnest(?::int[]), unnest(?::bigint[]), unnest(?::bigint[]), unnest(?::bigint[]), unnest(?::bigint[]),
                unnest(?::text[]), unnest(?::bigint[]), unnest(?::int[]), unnest(?::int[])""";

    private static final String UPDATE_ALERTS =
            """
            update alert a set status = u.status, severity = u.severity, digest = u.digest, content_hash = u.content_hash,
                count = u.count, version = u.version, opened_version = u.opened_version,
                last_received = u.last_received, event_time = u.event_time, receipt = u.receipt,
                content = coalesce(u.content, a.content),
                content_receipt = case when u.content is null then a.content_receipt else u.content_receipt end,
                content_from = case when u.content is null then a.content_from else u.content_from end,
                content_length = case when u.content is null then a.content_length else u.content_length end
            from unnest(?::bigint[], ?::int[], ?::int[], ?::bigint[], ?::bigint[], ?::bigint[], ?::int[], ?::int[],
                ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::int[], ?::int[])
                as u (id, status, severity, digest, content_hash, count, version, opened_version, last_received,
                    event_time, receipt, content, content_receipt, content_from, content_length)
            where a.id = u.id""";
    private static final String INSERT_RECEIPTS =
            """
            insert into receipt (seq, provider, instance, source, received_at, as_of, key_id, remote, content_type,
                headers, body, parent, quarantined, items)
            select unnest(?::bigint[]), unnest(?::text[]), unnest(?::text[]), unnest(?::int[]), unnest(?::bigint[]),
                unnest(?::bigint[]), unnest(?::text[]), unnest(?::text[]), unnest(?::text[]), unnest(?::text[]),
                unnest(?::bytea[]), unnest(?::bigint[]), unnest(?::int[]), unnest(?::text[])""";
    private static final String INSERT_INBOX =
            """
            insert into inbox (receipt, lane, due_at, attempts)
            select unnest(?::bigint[]), unnest(?::int[]), unnest(?::bigint[]), 0""";

    private static final int ALERT_NUMBERS_AHEAD = 256;

    private final Store store;
    private final String node;
    private final Queue<Long> alertNumbers = new ArrayDeque<>();

    PostgresWriter(Store store, String node) {
        this.store = store;
        this.node = node;
    }

    @Override
    public void write(Batch batch) throws SQLException {
        store.transaction(connection -> {
            if (batch.entries.stream().anyMatch(entry -> entry.deliveryKey != null)) {
                numberReceipts(connection, batch.entries);
                markRedelivered(connection, batch);
                decide(connection, batch, false);
            } else {
                decide(connection, batch, true);
            }
            finish(connection, batch);
            return null;
        });
    }

    private static void numberReceipts(Connection connection, List<Entry> entries) throws SQLException {
        PreparedStatement statement =
                new Script().add(RECEIPT_NUMBERS, entries.size()).on(connection);
        statement.execute();
        readReceiptNumbers(statement, entries);
    }

    private static void readReceiptNumbers(PreparedStatement statement, List<Entry> entries) throws SQLException {
        try (ResultSet row = statement.getResultSet()) {
            for (Entry entry : entries) {
                row.next();
                entry.seq = row.getLong(1);
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
        Map<Long, Entry> known = new HashMap<>();
        first.values().forEach(entry -> known.put(entry.seq, entry));
        Script script = new Script();
        script.rows(DELIVERY_KEYS, List.copyOf(first.values()))
                .bytes(entry -> entry.deliveryKey)
                .longs(entry -> entry.seq)
                .longs(entry -> entry.receivedAt + DELIVERY_KEY_MILLIS);
        try (ResultSet row = script.on(connection).executeQuery()) {
            while (row.next()) {
                known.remove(row.getLong(1));
            }
        }
        known.values().forEach(batch::redelivered);
    }

    /** Locks and reads what is known of the batch's alerts, decides, and numbers the new ones. */
    private void decide(Connection connection, Batch batch, boolean numberReceipts) throws SQLException {
        Script script = new Script();
        if (numberReceipts) {
            script.add(RECEIPT_NUMBERS, batch.entries.size());
        }
        script.rows(FIND, Arrays.asList(batch.tracks)).bytes(track -> track.key);
        PreparedStatement statement = script.on(connection);
        statement.execute();
        if (numberReceipts) {
            readReceiptNumbers(statement, batch.entries);
            statement.getMoreResults();
        }
        Map<Fingerprint, Track> unknown = new HashMap<>();
        for (Track track : batch.tracks) {
            unknown.put(track.fingerprint, track);
        }
        try (ResultSet row = statement.getResultSet()) {
            while (row.next()) {
                Track track = unknown.remove(Fingerprint.of(row.getBytes(1)));
                track.id = AlertRows.id(row);
                track.decide(AlertRows.state(row));
            }
        }
        for (Track track : unknown.values()) {
            track.decide(null);
            if (track.fresh()) {
                track.id = nextAlertNumber(connection);
            }
        }
    }

    private long nextAlertNumber(Connection connection) throws SQLException {
        if (alertNumbers.isEmpty()) {
            try (ResultSet row = new Script()
                    .add(ALERT_NUMBERS, ALERT_NUMBERS_AHEAD)
                    .on(connection)
                    .executeQuery()) {
                while (row.next()) {
                    alertNumbers.add(row.getLong(1));
                }
            }
        }
        return alertNumbers.remove();
    }

    private void finish(Connection connection, Batch batch) throws SQLException {
        batch.entries.forEach(Entry::render);
        Script script = new Script();
        insertAlerts(script, Arrays.stream(batch.tracks).filter(Track::fresh).toList());
        updateAlerts(script, Arrays.stream(batch.tracks).filter(Track::changed).toList());
        insertReceipts(script, batch.entries);
        insertInbox(
                script,
                batch.entries.stream().filter(entry -> entry.lane() != null).toList());
        for (Entry entry : batch.entries) {
            if (entry.cursor != null) {
                script.add(PollCursors.WRITE, entry.cursor.name(), entry.cursor.value(), entry.receivedAt);
            }
        }
        Tallies.add(script, node, batch.tallies());
        script.add("commit").on(connection).execute();
    }

    private static void insertAlerts(Script script, List<Track> fresh) {
        if (fresh.isEmpty()) {
            return;
        }
        Columns<Track> identity = script.rows(INSERT_ALERTS, fresh)
                .longs(track -> track.id)
                .bytes(track -> track.key)
                .texts(track -> track.speaker.receipt.provider())
                .texts(track -> track.speaker.receipt.instance());
        lastWord(state(identity).longs(track -> track.state.firstReceived()));
    }

    private static void updateAlerts(Script script, List<Track> changed) {
        if (changed.isEmpty()) {
            return;
        }
        lastWord(state(script.rows(UPDATE_ALERTS, changed).longs(track -> track.id)));
    }

    private static Columns<Track> state(Columns<Track> columns) {
        return columns.ints(track -> track.state.status().code())
                .ints(track -> track.state.severity().rank())
                .longs(track -> track.state.digest())
                .longs(track -> track.state.contentHash())
                .longs(track -> track.state.count())
                .ints(track -> track.state.version())
                .ints(track -> track.state.openedVersion());
    }

    private static void lastWord(Columns<Track> columns) {
        columns.longs(track -> track.state.lastReceived())
                .nullableLongs(track -> track.state.eventTime())
                .longs(track -> track.speaker.seq)
                .texts(Track::content)
                .nullableLongs(Track::contentReceipt)
                .ints(Track::contentFrom)
                .ints(Track::contentLength);
    }

    private static void insertReceipts(Script script, List<Entry> entries) {
        script.rows(INSERT_RECEIPTS, entries)
                .longs(entry -> entry.seq)
                .texts(entry -> entry.receipt.provider())
                .texts(entry -> entry.receipt.instance())
                .ints(entry -> entry.receipt.source().code())
                .longs(entry -> entry.receivedAt)
                .nullableLongs(entry -> entry.receipt.asOf() == null
                        ? null
                        : entry.receipt.asOf().toEpochMilli())
                .texts(entry -> entry.receipt.keyId())
                .texts(entry -> entry.receipt.remote())
                .texts(entry -> entry.receipt.contentType())
                .texts(entry -> entry.headers)
                .bytes(entry -> entry.receipt.body())
                .nullableLongs(entry -> entry.receipt.parent())
                .ints(Entry::quarantined)
                .texts(entry -> entry.rendered);
    }

    private static void insertInbox(Script script, List<Entry> routed) {
        if (routed.isEmpty()) {
            return;
        }
        script.rows(INSERT_INBOX, routed)
                .longs(entry -> entry.seq)
                .ints(entry -> entry.lane().code())
                .longs(entry -> entry.receivedAt);
    }
}
