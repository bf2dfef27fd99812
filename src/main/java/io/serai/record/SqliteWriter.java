package io.serai.record;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.function.Consumer;

/** Batches on SQLite: no round trips to save, so plain statements that stay prepared on the one writing connection. */
final class SqliteWriter implements BatchWriter {
    private static final int WORTH_GATHERING = 20;

    private final Store store;
    private final String node;
    private final LogSync sync;

    SqliteWriter(Store store, String node) {
        this.store = store;
        this.node = node;
        sync = store.logSync();
    }

    @Override
    public void write(Batch batch) throws SQLException {
        sync.check();
        store.transactionBeforeSync(connection -> {
            write(batch, new Statements(store, connection));
            Tallies.add(store, connection, node, batch.tallies());
            return null;
        });
    }

    @Override
    public void whenDurable(Runnable durable, Consumer<SQLException> lost) {
        sync.then(durable, lost);
    }

    @Override
    public int worthGathering() {
        return WORTH_GATHERING;
    }

    @Override
    public boolean stuck(long nanos) {
        return sync.stuck(nanos);
    }

    @Override
    public void abandon() {
        sync.abandon();
    }

    @Override
    public void drain() {
        sync.drain();
    }

    private static void write(Batch batch, Statements to) throws SQLException {
        long receipt = last(to.lastReceipt);
        for (Entry entry : batch.entries) {
            entry.seq = ++receipt;
            if (entry.deliveryKey != null && !firstDelivery(entry, to.deliveryKey)) {
                batch.redelivered(entry);
            }
        }
        long alert = last(to.lastAlert);
        for (Track track : batch.tracks) {
            find(track, to.find);
            if (track.fresh()) {
                track.id = ++alert;
            }
        }
        batch.entries.forEach(Entry::render);
        for (Track track : batch.tracks) {
            if (track.fresh()) {
                insert(track, to.insertAlert);
            } else if (track.changed()) {
                update(track, track.spoken() ? to.updateAlert : to.countAlert);
            }
        }
        for (Entry entry : batch.entries) {
            insert(entry, to.insertReceipt);
            Lane lane = entry.lane();
            if (lane != null) {
                to.insertInbox.setLong(1, entry.seq);
                to.insertInbox.setInt(2, lane.code());
                to.insertInbox.setLong(3, entry.receivedAt);
                to.insertInbox.executeUpdate();
            }
            if (entry.cursor != null) {
                to.cursor.setString(1, entry.cursor.name());
                to.cursor.setString(2, entry.cursor.value());
                to.cursor.setLong(3, entry.receivedAt);
                to.cursor.executeUpdate();
            }
        }
    }

    private static long last(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static boolean firstDelivery(Entry entry, PreparedStatement statement) throws SQLException {
        statement.setBytes(1, entry.deliveryKey);
        statement.setLong(2, entry.seq);
        statement.setLong(3, entry.receivedAt + DELIVERY_KEY_MILLIS);
        statement.setLong(4, entry.receivedAt);
        return statement.executeUpdate() == 1;
    }

    private static void find(Track track, PreparedStatement statement) throws SQLException {
        statement.setBytes(1, track.key);
        try (ResultSet row = statement.executeQuery()) {
            if (row.next()) {
                track.id = AlertRows.id(row);
                track.decide(AlertRows.state(row));
            } else {
                track.decide(null);
            }
        }
    }

    private static void insert(Track track, PreparedStatement statement) throws SQLException {
        bind(track, statement);
        statement.setLong(11, track.id);
        bindContent(track, statement);
        statement.setBytes(16, track.key);
        statement.setString(17, track.speaker.receipt.provider());
        statement.setString(18, track.speaker.receipt.instance());
        statement.setLong(19, track.state.firstReceived());
        statement.executeUpdate();
    }

    private static void update(Track track, PreparedStatement statement) throws SQLException {
        bind(track, statement);
        statement.setLong(11, track.id);
        if (track.spoken()) {
            bindContent(track, statement);
        }
        statement.executeUpdate();
    }

    private static void bindContent(Track track, PreparedStatement statement) throws SQLException {
        statement.setString(12, track.content());
        setLong(statement, 13, track.contentReceipt());
        statement.setInt(14, track.contentFrom());
        statement.setInt(15, track.contentLength());
    }

    private static void bind(Track track, PreparedStatement statement) throws SQLException {
        AlertState state = track.state;
        statement.setInt(1, state.status().code());
        statement.setInt(2, state.severity().rank());
        statement.setLong(3, state.digest());
        statement.setLong(4, state.contentHash());
        statement.setLong(5, state.count());
        statement.setInt(6, state.version());
        statement.setInt(7, state.openedVersion());
        statement.setLong(8, state.lastReceived());
        setLong(statement, 9, state.eventTime());
        statement.setLong(10, track.speaker.seq);
    }

    private static void insert(Entry entry, PreparedStatement statement) throws SQLException {
        Receipt receipt = entry.receipt;
        statement.setLong(1, entry.seq);
        statement.setString(2, receipt.provider());
        statement.setString(3, receipt.instance());
        statement.setInt(4, receipt.source().code());
        statement.setLong(5, entry.receivedAt);
        setLong(statement, 6, receipt.asOf() == null ? null : receipt.asOf().toEpochMilli());
        statement.setString(7, receipt.keyId());
        statement.setString(8, receipt.remote());
        statement.setString(9, receipt.contentType());
        statement.setString(10, entry.headers);
        statement.setBytes(11, receipt.body());
        setLong(statement, 12, receipt.parent());
        statement.setInt(13, entry.quarantined());
        statement.setString(14, entry.rendered);
        statement.executeUpdate();
    }

    private static void setLong(PreparedStatement statement, int position, Long value) throws SQLException {
        if (value == null) {
            statement.setNull(position, Types.BIGINT);
        } else {
            statement.setLong(position, value);
        }
    }

    private static final class Statements {
        final PreparedStatement lastReceipt;
        final PreparedStatement lastAlert;
        final PreparedStatement deliveryKey;
        final PreparedStatement find;
        final PreparedStatement insertAlert;
        final PreparedStatement updateAlert;
        final PreparedStatement countAlert;
        final PreparedStatement insertReceipt;
        final PreparedStatement insertInbox;
        final PreparedStatement cursor;

        Statements(Store store, Connection connection) throws SQLException {
            lastReceipt = store.prepared(connection, "select seq from sqlite_sequence where name = 'receipt'");
            lastAlert = store.prepared(connection, "select seq from sqlite_sequence where name = 'alert'");
            deliveryKey = store.prepared(
                    connection,
                    """
                    insert into idempotency (key, receipt, expires_at) values (?, ?, ?)
                    on conflict (key) do update set receipt = excluded.receipt, expires_at = excluded.expires_at
                    where idempotency.expires_at <= ?""");
            find = store.prepared(connection, AlertRows.SELECT + " where fingerprint = ?");
            insertAlert = store.prepared(
                    connection,
                    """
                    insert into alert (status, severity, digest, content_hash, count, version, opened_version,
                        last_received, event_time, receipt, id, content, content_receipt, content_from, content_length,
                        fingerprint, provider, instance, first_received)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""");
            String update =
                    """
                    update alert set status = ?, severity = ?, digest = ?, content_hash = ?, count = ?, version = ?,
                        opened_version = ?, last_received = ?, event_time = ?, receipt = ?%s where id = ?11""";
            countAlert = store.prepared(connection, update.formatted(""));
            updateAlert = store.prepared(
                    connection,
                    update.formatted(
                            ", content = ?12, content_receipt = ?13, content_from = ?14, content_length = ?15"));
            insertReceipt = store.prepared(
                    connection,
                    """
                    insert into receipt (seq, provider, instance, source, received_at, as_of, key_id, remote,
                        content_type, headers, body, parent, quarantined, items)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""");
            insertInbox = store.prepared(
                    connection, "insert into inbox (receipt, lane, due_at, attempts) values (?, ?, ?, 0)");
            cursor = store.prepared(connection, PollCursors.WRITE);
        }
    }
}
