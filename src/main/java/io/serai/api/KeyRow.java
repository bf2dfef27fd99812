package io.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.door.Principal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * One key as the ledger has it, without its hash. Times are milliseconds since 1970, null for never.
 *
 * @param person    whose it is; null for a machine's
 * @param successor the id of the key that it was rotated to; null for none
 */
record KeyRow(
        String id,
        List<String> scopes,
        String note,
        Principal.Person person,
        long createdAt,
        Long lastUsedAt,
        Long expiresAt,
        Long revokedAt,
        String successor) {
    static final String SELECT =
            "select id, scopes, note, person, team, created_at, last_used_at, expires_at, revoked_at,"
                    + " successor from api_key";

    static KeyRow of(ResultSet row) throws SQLException {
        String user = row.getString("person");
        return new KeyRow(
                row.getString("id"),
                Arrays.asList(row.getString("scopes").split(" ")),
                row.getString("note"),
                user == null ? null : new Principal.Person(user, row.getString("team")),
                row.getLong("created_at"),
                Rows.number(row, "last_used_at"),
                Rows.number(row, "expires_at"),
                Rows.number(row, "revoked_at"),
                row.getString("successor"));
    }

    boolean aliveAt(long millis) {
        return revokedAt == null && (expiresAt == null || expiresAt > millis);
    }

    /** One like it, that lives as long as this one was made for. */
    NewKey again() {
        return new NewKey(scopes, note, person, expiresAt == null ? null : Duration.ofMillis(expiresAt - createdAt));
    }

    /** @param used when it was last used on this node; null when it was not */
    ObjectNode json(Instant now, Long used) {
        ObjectNode json = Rows.object().put("id", id);
        scopes.forEach(json.putArray("scopes")::add);
        Long last = used == null || (lastUsedAt != null && lastUsedAt > used) ? lastUsedAt : used;
        return json.put("note", note)
                .put("user", person == null ? null : person.user())
                .put("team", person == null ? null : person.team())
                .put("state", state(now.toEpochMilli()))
                .put("created_at", Rows.time(createdAt))
                .put("last_used_at", Rows.time(last))
                .put("expires_at", Rows.time(expiresAt))
                .put("revoked_at", Rows.time(revokedAt))
                .put("successor", successor);
    }

    /** What the audit takes the hash of: all but the last use, which nobody decides. */
    ObjectNode state() {
        ObjectNode state = json(Instant.EPOCH, null);
        state.remove(List.of("last_used_at", "state"));
        return state;
    }

    private String state(long now) {
        if (revokedAt != null) {
            return "revoked";
        }
        if (!aliveAt(now)) {
            return "expired";
        }
        return successor == null ? "active" : "rotated";
    }
}
