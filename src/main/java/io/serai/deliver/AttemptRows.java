package io.serai.deliver;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.record.DeliveryState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Writes an attempt and what it makes of its delivery, in a transaction of the caller's: the delivery's row, the attempt's,
 * the reference, the running totals and the report.
 */
final class AttemptRows {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String node;
    private final Clock clock;
    private final Supplier<Destinations> destinations;

    /**
     * @param node         this node's name, for the totals
     * @param destinations those that are configured now, which say who is told of a report
     */
    AttemptRows(String node, Clock clock, Supplier<Destinations> destinations) {
        this.destinations = destinations;
        this.node = node;
        this.clock = clock;
    }

    /** Puts it back until it is due again. Empty when the fence has moved. */
    Optional<DeliveryState> retried(
            Connection connection, Delivery delivery, Outcome outcome, Instant at, Duration took, Instant due)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update delivery set state = ?,"
                + " attempts = ?, lease_owner = null, lease_until = null, due_at = ?, outcome = ?"
                + " where id = ? and fence = ? and ended_at is null")) {
            update.setInt(1, DeliveryState.RETRYING.code());
            update.setInt(2, delivery.attempt());
            update.setLong(3, due.toEpochMilli());
            update.setString(4, json(outcome));
            update.setLong(5, delivery.id());
            update.setLong(6, delivery.fence());
            if (update.executeUpdate() == 0) {
                return Optional.empty();
            }
        }
        attempt(connection, delivery, "retry", outcome, at, took);
        return Optional.of(DeliveryState.RETRYING);
    }

    /** Ends it, and reports it where it is to be reported. Empty when the fence has moved. */
    Optional<DeliveryState> ended(
            Connection connection, Delivery delivery, DeliveryState state, Outcome outcome, Instant at, Duration took)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update delivery set state = ?, attempts = ?,"
                + " lease_owner = null, lease_until = null, ended_at = ?, outcome = ?"
                + " where id = ? and fence = ? and ended_at is null")) {
            update.setInt(1, state.code());
            update.setInt(2, delivery.attempt());
            update.setLong(3, clock.millis());
            update.setString(4, json(outcome));
            update.setLong(5, delivery.id());
            update.setLong(6, delivery.fence());
            if (update.executeUpdate() == 0) {
                return Optional.empty();
            }
        }
        attempt(connection, delivery, state.word(), outcome, at, took);
        OutboxSql.tally(connection, "delivery." + state.word(), node, 1);
        if (state == DeliveryState.DELIVERED && outcome.reference() != null) {
            OutboxSql.reference(connection, delivery, outcome.reference());
        }
        if (state != DeliveryState.SUPERSEDED) {
            report(connection, delivery, state, outcome);
        }
        return Optional.of(state);
    }

    private void report(Connection connection, Delivery delivery, DeliveryState state, Outcome outcome)
            throws SQLException {
        Destinations known = destinations.get();
        Optional<Destination> to =
                known.find(delivery.destination()).map(Destination::reportTo).flatMap(known::find);
        if (to.isEmpty()) {
            return;
        }
        ObjectNode report = JSON.createObjectNode();
        report.put("destination", delivery.destination());
        report.put("notifier", delivery.notifier());
        report.put("state", state.word());
        report.put("attempts", delivery.attempt());
        report.put("message", outcome.message());
        report.set("result", outcome.result());
        OutboxSql.report(connection, delivery, to.get(), report.toString(), clock.millis());
    }

    private static void attempt(
            Connection connection, Delivery delivery, String result, Outcome outcome, Instant at, Duration took)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into attempt (delivery, number, at, took,"
                + " result, status_code, message, transaction_id) values (?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setLong(1, delivery.id());
            insert.setInt(2, delivery.attempt());
            insert.setLong(3, at.toEpochMilli());
            insert.setLong(4, took.toMillis());
            insert.setString(5, result);
            if (outcome.statusCode() == 0) {
                insert.setNull(6, Types.INTEGER);
            } else {
                insert.setInt(6, outcome.statusCode());
            }
            insert.setString(7, outcome.message());
            insert.setString(8, delivery.transactionId());
            insert.executeUpdate();
        }
    }

    private static String json(Outcome outcome) {
        ObjectNode json = JSON.createObjectNode();
        json.put("message", outcome.message());
        if (outcome.statusCode() != 0) {
            json.put("status_code", outcome.statusCode());
        }
        if (outcome.result() != null) {
            json.set("result", outcome.result());
        }
        return json.toString();
    }
}
