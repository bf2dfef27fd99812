package io.serai.deliver;

import io.serai.record.DeliveryState;
import io.serai.record.LedgerUnavailable;
import io.serai.record.Store;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The deliveries in the ledger: claimed under a lease and a fence (P4), in order per alert and destination (P5), ended in
 * one transaction with the attempt, the reference, the running totals and the report. A result whose fence has moved on is
 * refused: somebody else owns the delivery now.
 *
 * <p>Every method throws {@link LedgerUnavailable} when the store does not answer.
 */
public final class Outbox {
    private static final int REPLAY_BATCH = 500;

    private final Store store;
    private final GroupedWrites writes;
    private final AttemptRows attempts;
    private volatile Destinations destinations;
    private final String node;
    private final Clock clock;

    /** @param node this node's name: the owner of its leases */
    public Outbox(Store store, Destinations destinations, String node, Clock clock) {
        this.store = store;
        this.writes = new GroupedWrites(store);
        this.attempts = new AttemptRows(node, clock, () -> this.destinations);
        this.destinations = destinations;
        this.node = node;
        this.clock = clock;
    }

    /** The configuration has changed. */
    void configure(Destinations next) {
        destinations = next;
    }

    /** True when something may be claimed now. Reads only: cheap enough to ask often. */
    public boolean due(String destination) {
        return read(connection -> {
            try (PreparedStatement query = connection.prepareStatement(
                    "select 1 from delivery where destination = ? and ended_at is null and due_at <= ?"
                            + " and (lease_until is null or lease_until <= ?) limit 1")) {
                query.setString(1, destination);
                query.setLong(2, clock.millis());
                query.setLong(3, clock.millis());
                try (ResultSet row = query.executeQuery()) {
                    return row.next();
                }
            }
        });
    }

    /**
     * Takes up to {@code limit} due deliveries of one destination. None that is behind an unended older one of the same
     * alert (P5); reports stand outside that order. An older one that waits for its retry does not hold up a newer one
     * that is due: it ends as superseded.
     */
    List<Claim> claim(String destination, int limit, Duration lease) {
        return write(connection -> {
            List<Long> ids = OutboxSql.claim(
                    connection, store.dialect(), destination, limit, node, clock.millis(), lease.toMillis());
            if (ids.size() < limit && OutboxSql.supersede(connection, destination, node, clock.millis()) > 0) {
                ids.addAll(OutboxSql.claim(
                        connection,
                        store.dialect(),
                        destination,
                        limit - ids.size(),
                        node,
                        clock.millis(),
                        lease.toMillis()));
            }
            return ids.isEmpty() ? List.of() : ClaimReader.read(connection, ids);
        });
    }

    /** Gives a claimed delivery back unsent: no attempt is counted. False when the fence has moved. */
    boolean release(Delivery delivery, Instant due) {
        return write(connection -> {
            try (PreparedStatement update = connection.prepareStatement("update delivery set lease_owner = null,"
                    + " lease_until = null, fence = fence + 1, due_at = ? where id = ? and fence = ?"
                    + " and ended_at is null")) {
                update.setLong(1, due.toEpochMilli());
                update.setLong(2, delivery.id());
                update.setLong(3, delivery.fence());
                return update.executeUpdate() == 1;
            }
        });
    }

    /** Ends a delivery as delivered. Empty when the fence has moved. */
    Optional<DeliveryState> delivered(Delivery delivery, Outcome outcome, Instant at, Duration took) {
        return write(connection -> attempts.ended(connection, delivery, DeliveryState.DELIVERED, outcome, at, took));
    }

    /** Ends a delivery as dead. Empty when the fence has moved. */
    Optional<DeliveryState> dead(Delivery delivery, Outcome outcome, Instant at, Duration took) {
        return write(connection -> attempts.ended(connection, delivery, DeliveryState.DEAD, outcome, at, took));
    }

    /**
     * Puts a failed delivery back until {@code due}; where a newer word of the same alert waits, the newer one takes its
     * place and this one ends as superseded. Empty when the fence has moved.
     */
    Optional<DeliveryState> retry(Delivery delivery, Outcome outcome, Instant at, Duration took, Instant due) {
        return write(connection -> {
            if (OutboxSql.newerWaits(connection, delivery)) {
                return attempts.ended(connection, delivery, DeliveryState.SUPERSEDED, outcome, at, took);
            }
            return attempts.retried(connection, delivery, outcome, at, took, due);
        });
    }

    /** Brings forward what is not due yet: the clock was put back by so much. */
    void pullIn(Duration by) {
        write(connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "update delivery set due_at = due_at - ? where ended_at is null and due_at > ?")) {
                update.setLong(1, by.toMillis());
                update.setLong(2, clock.millis());
                return update.executeUpdate();
            }
        });
    }

    /** Gives back what an earlier life of this node had claimed. At start, before anything is claimed. */
    public int releaseOwn() {
        return write(connection -> {
            try (PreparedStatement update = connection.prepareStatement("update delivery set lease_owner = null,"
                    + " lease_until = null, fence = fence + 1 where lease_owner = ? and ended_at is null")) {
                update.setString(1, node);
                return update.executeUpdate();
            }
        });
    }

    /**
     * Ends what is owed to destinations that are configured no more, once it is older than a delivery may get: another
     * node may know them still, and an operator may bring them back and replay. Returns how many.
     */
    public int expireUnconfigured() {
        Set<String> known = destinations.all().stream().map(Destination::name).collect(Collectors.toSet());
        long before = clock.instant().minus(destinations.retry().ageLimit()).toEpochMilli();
        return write(connection -> OutboxSql.expire(connection, node, known, before, clock.millis()));
    }

    /** Makes one dead delivery pending again, under the same idempotency key. False when it is not dead. */
    public boolean replay(long id, String who) {
        return write(connection -> OutboxSql.replay(connection, node, "id = ?", List.of(id), 1, clock.millis(), who))
                == 1;
    }

    /**
     * Makes dead deliveries pending again.
     *
     * @param destination null for all destinations
     * @param since       only those that died at or after it; null for all
     * @param who         the operator, for the audit row of every delivery
     * @return how many
     */
    public int replayDead(String destination, Instant since, String who) {
        String where =
                (destination == null ? "1 = 1" : "destination = ?") + (since == null ? "" : " and ended_at >= ?");
        List<Object> values = Stream.of(destination, since == null ? null : since.toEpochMilli())
                .filter(Objects::nonNull)
                .map(Object.class::cast)
                .toList();
        int all = 0;
        int batch;
        do {
            batch = write(
                    connection -> OutboxSql.replay(connection, node, where, values, REPLAY_BATCH, clock.millis(), who));
            all += batch;
        } while (batch == REPLAY_BATCH);
        return all;
    }

    private <T> T write(GroupedWrites.Work<T> work) {
        return writes.write(work);
    }

    private <T> T read(GroupedWrites.Work<T> work) {
        try (Connection connection = store.reader().getConnection()) {
            return work.in(connection);
        } catch (SQLException e) {
            throw new LedgerUnavailable("The deliveries cannot be read: the ledger does not answer.", e);
        }
    }
}
