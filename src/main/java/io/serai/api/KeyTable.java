package io.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.record.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;

/** The keys' rows, read and written in a transaction of the caller's. */
final class KeyTable {
    private final Dialect dialect;
    private final Clock clock;

    KeyTable(Dialect dialect, Clock clock) {
        this.dialect = dialect;
        this.clock = clock;
    }

    /**
     * Makes a key and keeps its hash.
     *
     * @return {@code id}, {@code key}, {@code scopes}, and {@code expires_at} where it has an end
     */
    ObjectNode insert(Connection connection, NewKey wanted) throws SQLException {
        KeyText key = KeyText.generate();
        Long expires = wanted.expires() == null
                ? null
                : clock.millis() + wanted.expires().toMillis();
        try (PreparedStatement insert = connection.prepareStatement("insert into api_key"
                + " (id, hash, scopes, note, created_at, person, team, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, key.id());
            insert.setBytes(2, key.hash());
            insert.setString(3, String.join(" ", wanted.scopes()));
            insert.setString(4, wanted.note());
            insert.setLong(5, clock.millis());
            insert.setString(6, wanted.person() == null ? null : wanted.person().user());
            insert.setString(7, wanted.person() == null ? null : wanted.person().team());
            insert.setObject(8, expires);
            insert.executeUpdate();
        }
        ObjectNode made = Rows.object().put("id", key.id()).put("key", key.text());
        wanted.scopes().forEach(made.putArray("scopes")::add);
        return expires == null ? made : made.put("expires_at", Rows.time(expires));
    }

    /** Whether there ever was a key with that note. Until the transaction ends nobody else makes one. */
    boolean everMade(Connection connection, String note) throws SQLException {
        if (dialect == Dialect.POSTGRESQL) {
            try (PreparedStatement lock = connection.prepareStatement("lock table api_key in exclusive mode")) {
                lock.execute();
            }
        }
        try (PreparedStatement query = connection.prepareStatement("select 1 from api_key where note = ?")) {
            query.setString(1, note);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    Optional<KeyRow> find(Connection connection, String id) throws SQLException {
        return find(connection, id, "");
    }

    /** Until the transaction ends: of two that change a key at once, one finds it changed. */
    Optional<KeyRow> locked(Connection connection, String id) throws SQLException {
        return find(connection, id, dialect == Dialect.POSTGRESQL ? " for update" : "");
    }

    private static Optional<KeyRow> find(Connection connection, String id, String lock) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(KeyRow.SELECT + " where id = ?" + lock)) {
            query.setString(1, id);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(KeyRow.of(row)) : Optional.empty();
            }
        }
    }

    /**
     * Another key takes its place.
     *
     * @param until  when it ends, in milliseconds since 1970
     * @param atOnce that it works no more from now on
     */
    void succeed(Connection connection, String id, String successor, long until, boolean atOnce) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update api_key set successor = ?, expires_at = ?, revoked_at = ? where id = ?")) {
            update.setString(1, successor);
            update.setLong(2, until);
            update.setObject(3, atOnce ? clock.millis() : null);
            update.setString(4, id);
            update.executeUpdate();
        }
    }

    /** It works no more from now on. */
    void revoke(Connection connection, String id) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update api_key set revoked_at = ? where id = ?")) {
            update.setLong(1, clock.millis());
            update.setString(2, id);
            update.executeUpdate();
        }
    }
}
