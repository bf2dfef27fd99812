package io.serai.api;

import io.serai.record.LedgerUnavailable;
import io.serai.record.Store;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** When keys were last used: kept in memory with each request, written to the ledger from time to time. */
final class KeyUse {
    private final Store store;
    private final KeyRing ring;
    private final Map<String, Long> written = new HashMap<>();

    KeyUse(Store store, KeyRing ring) {
        this.store = store;
        this.ring = ring;
    }

    /**
     * Writes what is newer than what was written. Another node may have written a later use.
     *
     * @throws LedgerUnavailable when that fails
     */
    synchronized void write() {
        // In one order on all nodes: two that write at once must not wait for each other.
        Map<String, Long> newer = new TreeMap<>(ring.used());
        newer.entrySet().removeIf(each -> each.getValue() <= written.getOrDefault(each.getKey(), 0L));
        if (newer.isEmpty()) {
            return;
        }
        try {
            store.transaction(connection -> {
                try (PreparedStatement update = connection.prepareStatement("update api_key set last_used_at = ?"
                        + " where id = ? and (last_used_at is null or last_used_at < ?)")) {
                    for (Map.Entry<String, Long> each : newer.entrySet()) {
                        update.setLong(1, each.getValue());
                        update.setString(2, each.getKey());
                        update.setLong(3, each.getValue());
                        update.addBatch();
                    }
                    update.executeBatch();
                }
                return null;
            });
            written.putAll(newer);
        } catch (SQLException e) {
            throw new LedgerUnavailable("The keys' last use cannot be written: the ledger does not answer.", e);
        }
    }
}
