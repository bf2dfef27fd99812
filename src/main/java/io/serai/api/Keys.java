package io.serai.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.audit.Audit;
import io.serai.audit.AuditEntry;
import io.serai.door.ErrorCode;
import io.serai.door.KeyVerifier;
import io.serai.door.Principal;
import io.serai.door.Refusal;
import io.serai.record.LedgerUnavailable;
import io.serai.record.Store;
import io.serai.repeat.Repeating;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serai's own keys. The ledger keeps the SHA-256 of each, never the key. A key made by another process or node works at
 * once; one that was revoked there is dead within two seconds.
 */
public final class Keys implements KeyVerifier, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Keys.class);
    private static final Duration READ_EVERY = Duration.ofSeconds(1);
    private static final Duration WRITE_EVERY = Duration.ofSeconds(30);
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(90);

    private final Store store;
    private final Audit audit;
    private final Clock clock;
    private final KeyTable table;
    private final KeyRing ring;
    private final KeyUse use;
    private final Repeating timer = new Repeating("keys");

    /** For a process without a name of its own: what it does is audited as done on this machine. */
    public Keys(Store store, Clock clock) {
        this(store, new Audit(store, "local", clock), clock);
    }

    /** @param audit where each change of a key is written, in the same transaction */
    public Keys(Store store, Audit audit, Clock clock) {
        this.store = store;
        this.audit = audit;
        this.clock = clock;
        this.table = new KeyTable(store.dialect(), clock);
        this.ring = new KeyRing(store, clock);
        this.use = new KeyUse(store, ring);
    }

    /** From now on the keys in memory are read anew every second, and their last use is written every half minute. */
    public Keys start() {
        timer.every(Duration.ZERO, READ_EVERY, this::read);
        timer.every(WRITE_EVERY, this::writeUse);
        return this;
    }

    private void read() {
        try {
            ring.read();
        } catch (LedgerUnavailable e) {
            LOG.debug("the keys were not read, it is tried again in a second");
        }
    }

    private void writeUse() {
        try {
            use.write();
        } catch (LedgerUnavailable e) {
            LOG.warn("the keys' last use was not written, it is tried again in half a minute");
        }
    }

    @Override
    public Optional<Principal> remembered(String presented) {
        return ring.remembered(presented);
    }

    /** @throws Refusal 503 when the ledger cannot be asked */
    @Override
    public Optional<Principal> verify(String presented) {
        Optional<Principal> held = ring.remembered(presented);
        return held.isPresent() || KeyText.parse(presented).isEmpty() ? held : ring.lookUp(presented);
    }

    /** Writes down when keys were last used. */
    @Override
    public void close() {
        timer.close();
        writeUse();
    }

    /** Makes a machine's key without an end; see {@link #create(NewKey, String)}. */
    public ObjectNode create(List<String> scopes, String note) {
        return create(new NewKey(scopes, note), "serai");
    }

    /**
     * Makes a key.
     *
     * @param who who makes it
     * @return {@code id}, {@code key}, which nobody can read again, {@code scopes}, and {@code expires_at} where it has an end
     */
    public ObjectNode create(NewKey wanted, String who) {
        return write(connection -> {
            ObjectNode made = table.insert(connection, wanted);
            audit(connection, who, "key.create", null, made.path("id").asText());
            return made;
        });
    }

    private void audit(Connection connection, String who, String action, KeyRow before, String id) throws SQLException {
        audit.append(
                connection,
                AuditEntry.done(
                        who,
                        action,
                        "key " + id,
                        before == null ? null : Audit.hash(before.state().toString()),
                        Audit.hash(
                                table.find(connection, id).orElseThrow().state().toString())));
    }

    /** Makes a key unless one with this note was ever made here, by any node; empty then. */
    Optional<ObjectNode> createOnce(List<String> scopes, String note) {
        NewKey wanted = new NewKey(scopes, note);
        return write(connection -> {
            if (table.everMade(connection, note)) {
                return Optional.empty();
            }
            ObjectNode made = table.insert(connection, wanted);
            audit(connection, "first start", "key.create", null, made.path("id").asText());
            return Optional.of(made);
        });
    }

    /** All keys without the keys themselves, oldest first. */
    public ObjectNode list() {
        ObjectNode list = Rows.object();
        Map<String, Long> used = ring.used();
        new Rows(store, KeyRow.SELECT + " order by created_at, id")
                .read(row -> KeyRow.of(row).json(clock.instant(), used.get(row.getString("id"))))
                .forEach(list.putArray("keys")::add);
        return list;
    }

    /** The keys that may send for a provider and for no other one, as {@link #list} has them, without their last use. */
    ObjectNode ofProvider(String provider) {
        ObjectNode list = Rows.object();
        ArrayNode array = list.putArray("keys");
        new Rows(store, KeyRow.SELECT + " where scopes = ? order by created_at, id")
                .bind("ingest:" + provider)
                .read(row -> KeyRow.of(row).state())
                .forEach(array::add);
        return list;
    }

    /**
     * Makes a key like another one, which goes on for a while so that its holder can change over.
     *
     * @param overlap how long the other one still works; zero ends it at once
     * @param who     who does it
     * @return as {@link #create(NewKey, String)}, and {@code replaces} and {@code overlap_until}
     * @throws Refusal 404 when there is no such key that is alive, 400 when it was rotated before
     */
    public ObjectNode rotate(String id, Duration overlap, String who) {
        if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
            throw Parameters.wrong("overlap", "must be 0s to " + LONGEST_OVERLAP.toDays() + "d");
        }
        return write(connection -> {
            KeyRow old = table.locked(connection, id)
                    .filter(each -> each.aliveAt(clock.millis()))
                    .orElseThrow(() -> new Refusal(ErrorCode.NOT_FOUND, "There is no such key, or it has ended."));
            if (old.successor() != null) {
                throw new Refusal(
                        ErrorCode.VALIDATION_ERROR, "This key was rotated before: rotate " + old.successor() + ".");
            }
            ObjectNode made = table.insert(connection, old.again());
            long until = Math.min(
                    clock.millis() + overlap.toMillis(), old.expiresAt() == null ? Long.MAX_VALUE : old.expiresAt());
            table.succeed(connection, id, made.path("id").asText(), until, overlap.isZero());
            audit(connection, who, "key.create", null, made.path("id").asText());
            audit(connection, who, "key.rotate", old, id);
            return made.put("replaces", id).put("overlap_until", Rows.time(until));
        });
    }

    /** @throws Refusal 404 when there is no such key that is not revoked already */
    public ObjectNode revoke(String id, String who) {
        writeUse();
        return write(connection -> {
            KeyRow old = table.locked(connection, id)
                    .filter(each -> each.revokedAt() == null)
                    .orElseThrow(
                            () -> new Refusal(ErrorCode.NOT_FOUND, "There is no such key, or it is revoked already."));
            table.revoke(connection, id);
            audit(connection, who, "key.revoke", old, id);
            return Rows.object().put("id", id).put("revoked", true);
        });
    }

    private <T> T write(Store.Work<T> work) {
        try {
            T written = store.transaction(work);
            ring.forget();
            return written;
        } catch (SQLException e) {
            throw new LedgerUnavailable("The keys cannot be written: the ledger does not answer.", e);
        }
    }
}
