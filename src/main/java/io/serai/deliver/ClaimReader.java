package io.serai.deliver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.record.Verdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Reads what a notifier must know of freshly claimed deliveries: the change as it was routed, not as it is now. */
final class ClaimReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The opening that a change belongs to: the alert's, unless that is later, then the last one known before it. */
    private static final String QUERY =
            """
            select q.*, r.value as reference from (
                select d.*, c.content as content, c.verdict as verdict,
                    i.id as incident_id, i.key as incident_key, i.title as incident_title,
                    case when a.opened_version <= d.version then a.opened_version else coalesce(
                        (select max(known.opened) from reference known
                         where known.destination = d.destination and known.alert = d.alert
                           and known.opened <= d.version), d.version) end as opened,
                    (select max(replay.at) from attempt replay
                     where replay.delivery = d.id and replay.result = 'replayed') as replayed_at,
                    (select min(t.at) from attempt t where t.delivery = d.id and t.result <> 'replayed'
                        and t.at >= coalesce((select max(replay.at) from attempt replay
                            where replay.delivery = d.id and replay.result = 'replayed'), 0)) as first_at
                from delivery d
                join change c on c.id = d.change
                join alert a on a.id = d.alert
                left join incident i on i.id = c.incident
                where d.id in (%s)) q
            left join reference r on r.destination = q.destination and r.alert = q.alert and r.opened = q.opened
            order by q.id""";

    private ClaimReader() {}

    static List<Claim> read(Connection connection, List<Long> ids) throws SQLException {
        String marks = "?" + ", ?".repeat(ids.size() - 1);
        try (PreparedStatement query = connection.prepareStatement(QUERY.formatted(marks))) {
            for (int i = 0; i < ids.size(); i++) {
                query.setLong(i + 1, ids.get(i));
            }
            List<Claim> claims = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    claims.add(claim(row));
                }
            }
            return claims;
        }
    }

    private static Claim claim(ResultSet row) throws SQLException {
        long replayedAt = row.getLong("replayed_at");
        Delivery delivery = new Delivery(
                row.getLong("id"),
                row.getLong("change"),
                row.getLong("alert"),
                row.getInt("version"),
                row.getInt("opened"),
                row.getString("destination"),
                row.getString("notifier"),
                row.getInt("attempts") + 1,
                row.getInt("replays"),
                row.getString("idempotency_key"),
                row.getString("reason"),
                Instant.ofEpochMilli(replayedAt == 0 ? row.getLong("created_at") : replayedAt),
                row.getLong("fence"),
                UUID.randomUUID().toString());
        long first = row.getLong("first_at");
        boolean report = row.getString("report") != null;
        return new Claim(
                delivery,
                input(row, delivery, report),
                first == 0 ? null : Instant.ofEpochMilli(first),
                Instant.ofEpochMilli(row.getLong("lease_until")),
                report);
    }

    private static ObjectNode input(ResultSet row, Delivery delivery, boolean report) throws SQLException {
        ObjectNode input = JSON.createObjectNode();
        input.set("alert", json(row.getString("content")));
        String incident = row.getString("incident_key");
        if (incident == null) {
            input.putNull("incident");
        } else {
            input.putObject("incident")
                    .put("id", Long.toString(row.getLong("incident_id")))
                    .put("key", incident)
                    .put("title", row.getString("incident_title"));
        }
        input.putObject("change")
                .put(
                        "verdict",
                        report
                                ? "report"
                                : Verdict.ofCode(row.getInt("verdict")).word())
                .put("version", delivery.version());
        input.putObject("delivery")
                .put("id", Long.toString(delivery.id()))
                .put("idempotency_key", delivery.idempotencyKey())
                .put("attempt", delivery.attempt())
                .put("reason", delivery.reason());
        input.putObject("thread").put("opened", delivery.opened());
        input.put("reference", row.getString("reference"));
        input.set("report", report ? json(row.getString("report")) : null);
        return input;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a delivery's change is not JSON", e);
        }
    }
}
