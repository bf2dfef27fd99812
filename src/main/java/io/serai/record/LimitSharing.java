package io.serai.record;

import io.serai.door.PeopleLimits;
import io.serai.door.PeopleLimits.Use;
import io.serai.repeat.Repeating;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other nodes once a second what people's requests this one let in, and asks what they did. So a limit may be
 * exceeded by what other nodes let in within the last two seconds, and by no more. After a start it knows what this node let
 * in before.
 */
public final class LimitSharing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LimitSharing.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int WINDOW = 61;
    private static final int KEPT = 300;

    private final Store store;
    private final String node;
    private final PeopleLimits limits;
    private final Clock clock;
    private long swept;
    private boolean failing;
    private final Repeating timer = new Repeating("limits");

    public LimitSharing(Store store, String node, PeopleLimits limits, Clock clock) {
        this.store = store;
        this.node = node;
        this.limits = limits;
        this.clock = clock;
    }

    /** Reads what was let in before, then shares every second. */
    public LimitSharing start() {
        limits.before(read("="));
        timer.every(EVERY, this::share);
        return this;
    }

    /** Shares now; a ledger that does not answer is asked again the next time. */
    void share() {
        try {
            write(limits.news());
            if (store.dialect() == Dialect.POSTGRESQL) {
                limits.others(read("<>"));
            }
            failing = false;
        } catch (LedgerUnavailable e) {
            if (!failing) {
                LOG.warn("the limits of people count on this node alone: {}", e.getMessage());
            }
            failing = true;
        }
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private List<Use> read(String whose) {
        try (Connection connection = store.reader().getConnection();
                PreparedStatement query = connection.prepareStatement("select name, slot, sum(used) from limit_use"
                        + " where slot > ? and node " + whose + " ? group by name, slot")) {
            query.setLong(1, now() - WINDOW);
            query.setString(2, node);
            List<Use> uses = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    uses.add(new Use(row.getString(1), row.getLong(2), row.getInt(3)));
                }
            }
            return uses;
        } catch (SQLException e) {
            throw new LedgerUnavailable("The use of the limits cannot be read: the ledger does not answer.", e);
        }
    }

    private void write(List<Use> news) {
        boolean sweep = now() - swept >= KEPT;
        if (news.isEmpty() && !sweep) {
            return;
        }
        try {
            store.transaction(connection -> {
                write(connection, news);
                if (sweep) {
                    sweep(connection);
                }
                return null;
            });
            swept = sweep ? now() : swept;
        } catch (SQLException e) {
            throw new LedgerUnavailable("The use of the limits cannot be written: the ledger does not answer.", e);
        }
    }

    private void write(Connection connection, List<Use> news) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into limit_use (name, node, slot, used)"
                + " values (?, ?, ?, ?) on conflict (name, node, slot) do update set used = excluded.used")) {
            for (Use each : news) {
                insert.setString(1, each.name());
                insert.setString(2, node);
                insert.setLong(3, each.slot());
                insert.setInt(4, each.used());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** This node's own only: two that delete the same rows would wait for each other; a node that is gone leaves few. */
    private void sweep(Connection connection) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("delete from limit_use where slot < ? and node = ?")) {
            delete.setLong(1, now() - KEPT);
            delete.setString(2, node);
            delete.executeUpdate();
        }
    }

    @Override
    public void close() {
        timer.close();
        share();
    }
}
