package io.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.serai.door.ErrorCode;
import io.serai.door.KeyVerifier;
import io.serai.door.Principal;
import io.serai.door.Refusal;
import io.serai.record.Dialect;
import io.serai.record.LedgerUnavailable;
import io.serai.record.Store;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serai's own keys. The ledger keeps the SHA-256 of each, never the key. A key made by another process works at once; a
 * revoked one is dead within two seconds.
 */
public final class Keys implements KeyVerifier, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Keys.class);
    private static final Duration REMEMBERED = Duration.ofSeconds(2);
    private static final long FLUSH_MILLIS = 60_000;
    private static final Pattern SCOPE = Pattern.compile("ingest:(\\*|[a-z0-9][a-z0-9-]{0,62})|read|operate|admin");
    private static final byte[] NOBODY = new byte[32];

    private final Store store;
    private final Clock clock;
    private final Cache<String, Row> rows = Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(10_000)
            .build();
    private final Map<String, Long> used = new ConcurrentHashMap<>();
    private final AtomicLong flushed;

    private record Row(byte[] hash, Principal principal) {}

    public Keys(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.flushed = new AtomicLong(clock.millis());
    }

    /** @throws Refusal 503 when the ledger cannot be asked */
    @Override
    public Optional<Principal> verify(String presented) {
        Optional<KeyText> key = KeyText.parse(presented);
        Optional<Row> row = key.flatMap(each -> row(each.id()));
        // Compared for an unknown id too, so that the time does not tell which ids exist.
        byte[] hash = key.map(KeyText::hash).orElse(NOBODY);
        boolean same = MessageDigest.isEqual(row.map(Row::hash).orElse(NOBODY), hash);
        if (!same || row.isEmpty()) {
            return Optional.empty();
        }
        used(key.get().id());
        return row.map(Row::principal);
    }

    private Optional<Row> row(String id) {
        Row known = rows.getIfPresent(id);
        if (known != null) {
            return Optional.of(known);
        }
        try {
            Optional<Row> found = new Rows(
                            store, "select hash, scopes from api_key where id = ? and revoked_at is null")
                            .bind(id)
                            .read(row ->
                                    new Row(row.getBytes("hash"), new Principal(id, scopes(row.getString("scopes")))))
                            .stream()
                            .findFirst();
            // An id that is not there is not remembered: the key may be made the next moment.
            found.ifPresent(each -> rows.put(id, each));
            return found;
        } catch (LedgerUnavailable e) {
            throw new Refusal(ErrorCode.OVERLOADED, "Keys cannot be checked now.", List.of(), 1);
        }
    }

    private static Set<String> scopes(String words) {
        return Set.copyOf(Arrays.asList(words.split(" ")));
    }

    private void used(String id) {
        long now = clock.millis();
        used.put(id, now);
        long last = flushed.get();
        if (now - last > FLUSH_MILLIS && flushed.compareAndSet(last, now)) {
            CompletableFuture.runAsync(this::flush);
        }
    }

    /** Writes down when keys were last used. */
    @Override
    public void close() {
        flush();
    }

    private void flush() {
        Map<String, Long> times = Map.copyOf(used);
        try {
            write(connection -> {
                try (PreparedStatement update =
                        connection.prepareStatement("update api_key set last_used_at = ? where id = ?")) {
                    for (Map.Entry<String, Long> each : times.entrySet()) {
                        update.setLong(1, each.getValue());
                        update.setString(2, each.getKey());
                        update.addBatch();
                    }
                    update.executeBatch();
                }
                return null;
            });
            times.forEach(used::remove);
        } catch (LedgerUnavailable e) {
            LOG.warn("the keys' last use was not written, it is tried again in a minute");
        }
    }

    /**
     * Makes a key.
     *
     * @param scopes of {@code ingest:*}, {@code ingest:<provider>}, {@code read}, {@code operate}, {@code admin}
     * @param note   what it is for
     * @return {@code id}, {@code key}, which nobody can read again, and {@code scopes}
     * @throws Refusal when a scope is none
     */
    public ObjectNode create(List<String> scopes, String note) {
        check(scopes);
        return write(connection -> insert(connection, scopes, note));
    }

    private static void check(List<String> scopes) {
        if (scopes.isEmpty()
                || !scopes.stream().allMatch(each -> SCOPE.matcher(each).matches())) {
            throw Parameters.wrong("scopes", "must be of ingest:*, ingest:<provider>, read, operate, admin");
        }
    }

    private ObjectNode insert(Connection connection, List<String> scopes, String note) throws SQLException {
        KeyText key = KeyText.generate();
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into api_key (id, hash, scopes, note, created_at) values (?, ?, ?, ?, ?)")) {
            insert.setString(1, key.id());
            insert.setBytes(2, key.hash());
            insert.setString(3, String.join(" ", scopes));
            insert.setString(4, note);
            insert.setLong(5, clock.millis());
            insert.executeUpdate();
        }
        ObjectNode made = Rows.object().put("id", key.id()).put("key", key.text());
        scopes.forEach(made.putArray("scopes")::add);
        return made;
    }

    /** Makes a key unless one with this note was ever made here, by any node; empty then. */
    Optional<ObjectNode> createOnce(List<String> scopes, String note) {
        check(scopes);
        return write(connection -> {
            if (store.dialect() == Dialect.POSTGRESQL) {
                try (PreparedStatement lock = connection.prepareStatement("lock table api_key in exclusive mode")) {
                    lock.execute();
                }
            }
            try (PreparedStatement query = connection.prepareStatement("select 1 from api_key where note = ?")) {
                query.setString(1, note);
                try (ResultSet row = query.executeQuery()) {
                    if (row.next()) {
                        return Optional.empty();
                    }
                }
            }
            return Optional.of(insert(connection, scopes, note));
        });
    }

    /** All keys without the keys themselves, oldest first. */
    public ObjectNode list() {
        ObjectNode list = Rows.object();
        new Rows(
                        store,
                        "select id, scopes, note, created_at, last_used_at, revoked_at from api_key order by created_at, id")
                .read(row -> {
                    ObjectNode key = Rows.object().put("id", row.getString("id"));
                    Arrays.asList(row.getString("scopes").split(" ")).forEach(key.putArray("scopes")::add);
                    return key.put("note", row.getString("note"))
                            .put("created_at", Rows.time(row.getLong("created_at")))
                            .put("last_used_at", Rows.time(Rows.number(row, "last_used_at")))
                            .put("revoked_at", Rows.time(Rows.number(row, "revoked_at")));
                })
                .forEach(list.putArray("keys")::add);
        return list;
    }

    /** @throws Refusal 404 when there is no such key that is not revoked already */
    public ObjectNode revoke(String id) {
        int revoked = write(connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "update api_key set revoked_at = ? where id = ? and revoked_at is null")) {
                update.setLong(1, clock.millis());
                update.setString(2, id);
                return update.executeUpdate();
            }
        });
        rows.invalidate(id);
        if (revoked == 0) {
            throw new Refusal(ErrorCode.NOT_FOUND, "There is no such key, or it is revoked already.");
        }
        return Rows.object().put("id", id).put("revoked", true);
    }

    private <T> T write(Store.Work<T> work) {
        try {
            return store.transaction(work);
        } catch (SQLException e) {
            throw new LedgerUnavailable("The keys cannot be written: the ledger does not answer.", e);
        }
    }
}
