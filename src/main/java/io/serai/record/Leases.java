package io.serai.record;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Named leases: at most one node owns a name at a time (P4). A token that only grows fences off an owner whose lease
 * ended while it was still at work.
 */
public final class Leases {
    private static final String ACQUIRE =
            """
            insert into lease (name, owner, token, until) values (?, ?, 1, ?)
            on conflict (name) do update set
                token = case when lease.owner = excluded.owner and lease.until > ? then lease.token else lease.token + 1 end,
                owner = excluded.owner,
                until = excluded.until
            where lease.owner = excluded.owner or lease.until <= ? or lease.until > ?
            returning token""";

    private final Store store;
    private final Clock clock;

    public Leases(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Takes the lease, or renews it for the same owner. The token stays while the owner keeps renewing in time. One that
     * lasts more than twice as long as it may was taken when the clock was ahead, and is as good as over.
     *
     * @return empty while somebody else holds it
     * @throws LedgerUnavailable when the store does not answer
     */
    public Optional<Lease> acquire(String name, String owner, Duration ttl) {
        long now = clock.millis();
        long until = now + ttl.toMillis();
        try (Connection connection = store.writer().getConnection();
                PreparedStatement statement = connection.prepareStatement(ACQUIRE)) {
            statement.setString(1, name);
            statement.setString(2, owner);
            statement.setLong(3, until);
            statement.setLong(4, now);
            statement.setLong(5, now);
            statement.setLong(6, until + ttl.toMillis());
            Optional<Lease> lease = Optional.empty();
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    lease = Optional.of(new Lease(name, owner, row.getLong(1), until));
                }
            }
            return lease;
        } catch (SQLException e) {
            throw new LedgerUnavailable("The lease " + name + " could not be taken: the ledger does not answer.", e);
        }
    }

    /**
     * Prolongs a held lease.
     *
     * @return empty when it has passed to another owner since
     * @throws LedgerUnavailable when the store does not answer
     */
    public Optional<Lease> renew(Lease lease, Duration ttl) {
        long until = clock.millis() + ttl.toMillis();
        return set(lease, until)
                ? Optional.of(new Lease(lease.name(), lease.owner(), lease.token(), until))
                : Optional.empty();
    }

    /** Ends a held lease at once, so that another owner need not wait. Does nothing when it is not held any more. */
    public void release(Lease lease) {
        set(lease, 0);
    }

    /**
     * True when the token is still the newest one, checked inside the caller's transaction. On PostgreSQL the row stays
     * locked until the transaction ends, so nobody can take the lease in between; SQLite has one writer anyway.
     */
    public boolean holds(Connection connection, String name, long token) throws SQLException {
        String lock = store.dialect() == Dialect.POSTGRESQL ? " for update" : "";
        try (PreparedStatement statement =
                connection.prepareStatement("select token from lease where name = ?" + lock)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getLong(1) == token;
            }
        }
    }

    private boolean set(Lease lease, long until) {
        try (Connection connection = store.writer().getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "update lease set until = ? where name = ? and owner = ? and token = ?")) {
            statement.setLong(1, until);
            statement.setString(2, lease.name());
            statement.setString(3, lease.owner());
            statement.setLong(4, lease.token());
            return statement.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new LedgerUnavailable(
                    "The lease " + lease.name() + " could not be kept: the ledger does not answer.", e);
        }
    }
}
