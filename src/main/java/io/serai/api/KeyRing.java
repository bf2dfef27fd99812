package io.serai.api;

import io.serai.door.ErrorCode;
import io.serai.door.Principal;
import io.serai.door.Refusal;
import io.serai.record.LedgerUnavailable;
import io.serai.record.Store;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * All keys that are alive, in memory, so that a request with a right key asks the ledger nothing. A copy that is older than
 * two seconds is not believed: that is how long a revoked key may live on other nodes.
 */
final class KeyRing {
    private static final String COLUMNS = "select id, hash, scopes, person, team, expires_at, revoked_at from api_key";
    private static final long BELIEVED = TimeUnit.SECONDS.toNanos(2);
    private static final long PATIENCE_MILLIS = 1000;
    private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(500);
    private static final byte[] NOBODY = new byte[32];

    private final Store store;
    private final Clock clock;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Copy copy = new Copy(Map.of(), System.nanoTime() - BELIEVED - 1);
    private volatile long failedAt = System.nanoTime() - MOMENT;

    /** @param asOf when it was read, as {@link System#nanoTime} */
    private record Copy(Map<String, Held> keys, long asOf) {
        boolean believed() {
            return System.nanoTime() - asOf <= BELIEVED;
        }
    }

    /** One key; its last use is written by whoever saw it last, which is right to a second. */
    private static final class Held {
        private final byte[] hash;
        private final Principal principal;
        private final long expiresAt;
        private volatile long used;

        Held(byte[] hash, Principal principal, long expiresAt) {
            this.hash = hash;
            this.principal = principal;
            this.expiresAt = expiresAt;
        }
    }

    KeyRing(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** The holder of a key that is alive in memory; reads the keys anew first when the copy is too old to be believed. */
    Optional<Principal> remembered(String presented) {
        Copy now = copy;
        if (!now.believed()) {
            now = catchUp();
        }
        Held held = now.keys().get(KeyText.id(presented));
        boolean same = MessageDigest.isEqual(held == null ? NOBODY : held.hash, KeyText.hash(presented));
        long millis = clock.millis();
        if (held == null || !same || held.expiresAt <= millis) {
            return Optional.empty();
        }
        if (millis - held.used >= 1000) {
            held.used = millis;
        }
        return Optional.of(held.principal);
    }

    /**
     * Looks one key up in the ledger: it may have been made this moment, by another process. A wrong secret makes the same
     * look as an unknown id, so that time does not tell which ids exist.
     */
    Optional<Principal> lookUp(String presented) {
        List<Optional<Held>> found = ask(new Rows(store, COLUMNS + " where id = ?").bind(KeyText.id(presented)));
        Held held = found.isEmpty() ? null : found.get(0).orElse(null);
        boolean same = MessageDigest.isEqual(held == null ? NOBODY : held.hash, KeyText.hash(presented));
        if (held == null || !same || held.expiresAt <= clock.millis()) {
            return Optional.empty();
        }
        // So that the next request finds it in memory, and its use is counted.
        forget();
        return remembered(presented);
    }

    private List<Optional<Held>> ask(Rows rows) {
        try {
            return rows.read(row -> Optional.ofNullable(held(row)));
        } catch (LedgerUnavailable e) {
            throw unknown();
        }
    }

    private static Refusal unknown() {
        return new Refusal(ErrorCode.OVERLOADED, "Keys cannot be checked now.", List.of(), 1);
    }

    /** Null for one that was revoked. */
    private static Held held(ResultSet row) throws SQLException {
        byte[] hash = row.getBytes("hash");
        Set<String> scopes = Set.copyOf(Arrays.asList(row.getString("scopes").split(" ")));
        String user = row.getString("person");
        Long expires = Rows.number(row, "expires_at");
        Principal principal = new Principal(
                row.getString("id"), scopes, user == null ? null : new Principal.Person(user, row.getString("team")));
        return Rows.number(row, "revoked_at") == null
                ? new Held(hash, principal, expires == null ? Long.MAX_VALUE : expires)
                : null;
    }

    /** The next use reads the keys anew. */
    void forget() {
        Copy now = copy;
        copy = new Copy(now.keys(), System.nanoTime() - BELIEVED - 1);
    }

    /** One reads, the others wait a moment; while the ledger does not answer nobody waits for it. */
    private Copy catchUp() {
        if (System.nanoTime() - failedAt < MOMENT) {
            throw unknown();
        }
        try {
            if (!reading.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                // It hangs: the door's workers must not wait for it one after the other.
                failedAt = System.nanoTime();
                throw unknown();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown();
        }
        try {
            return copy.believed() ? copy : read();
        } catch (LedgerUnavailable e) {
            throw unknown();
        } finally {
            reading.unlock();
        }
    }

    /** @throws LedgerUnavailable when the ledger does not answer; the copy stays as it is then */
    Copy read() {
        long asOf = System.nanoTime();
        try {
            Map<String, Held> before = copy.keys();
            Map<String, Held> keys = new HashMap<>();
            new Rows(store, COLUMNS + " where revoked_at is null")
                    .read(row -> Optional.ofNullable(held(row)))
                    .forEach(each -> each.ifPresent(held -> {
                        Held known = before.get(held.principal.id());
                        held.used = known == null ? 0 : known.used;
                        keys.put(held.principal.id(), held);
                    }));
            Copy read = new Copy(Map.copyOf(keys), asOf);
            copy = read;
            return read;
        } catch (LedgerUnavailable e) {
            failedAt = System.nanoTime();
            throw e;
        }
    }

    /** When each key was last used here, milliseconds since 1970; without those that were not. */
    Map<String, Long> used() {
        Map<String, Long> used = new HashMap<>();
        copy.keys().forEach((id, held) -> {
            if (held.used > 0) {
                used.put(id, held.used);
            }
        });
        return used;
    }
}
