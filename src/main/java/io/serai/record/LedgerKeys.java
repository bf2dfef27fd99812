package io.serai.record;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.spi.IdempotentRepository;

/**
 * The idempotent repository of routes, bean {@code ledgerKeys}: on every node the same, durable, and each key ends after a
 * time. Adding is atomic: of two that add one key at once, one is told that it is new.
 */
public final class LedgerKeys implements IdempotentRepository {
    private static final String SPACE = "route";

    private final Store store;
    private final Duration kept;
    private final Clock clock;

    /** @param kept how long a key is remembered after it was added */
    public LedgerKeys(Store store, Duration kept, Clock clock) {
        this.store = store;
        this.kept = kept;
        this.clock = clock;
    }

    @Override
    public boolean add(String key) {
        long now = clock.millis();
        return run(
                """
                insert into idempotency (key, receipt, expires_at) values (?, null, ?)
                on conflict (key) do update set expires_at = excluded.expires_at where idempotency.expires_at <= ?""",
                statement -> {
                    statement.setBytes(1, bytes(key));
                    statement.setLong(2, now + kept.toMillis());
                    statement.setLong(3, now);
                    return statement.executeUpdate() == 1;
                });
    }

    @Override
    public boolean contains(String key) {
        return run("select 1 from idempotency where key = ? and expires_at > ?", statement -> {
            statement.setBytes(1, bytes(key));
            statement.setLong(2, clock.millis());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        });
    }

    @Override
    public boolean remove(String key) {
        return run("delete from idempotency where key = ?", statement -> {
            statement.setBytes(1, bytes(key));
            return statement.executeUpdate() == 1;
        });
    }

    /** A key is kept from the moment it was added. */
    @Override
    public boolean confirm(String key) {
        return true;
    }

    /** @throws UnsupportedOperationException always: the keys of other routes and of senders are in the same table */
    @Override
    public void clear() {
        throw new UnsupportedOperationException("keys end by themselves");
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}

    private static byte[] bytes(String key) {
        return Hashes.key(SPACE, key);
    }

    private interface Use {
        boolean of(PreparedStatement statement) throws SQLException;
    }

    private boolean run(String sql, Use use) {
        try (Connection connection = store.writer().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return use.of(statement);
        } catch (SQLException e) {
            throw new LedgerUnavailable("A key could not be looked up: the ledger does not answer.", e);
        }
    }
}
