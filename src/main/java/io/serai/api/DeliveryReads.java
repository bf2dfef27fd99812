package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.audit.Audit;
import io.serai.deliver.Deliveries;
import io.serai.record.DeliveryState;
import io.serai.record.Store;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Deliveries as the API shows them. */
final class DeliveryReads {
    static final Set<String> PARAMETERS = Set.of("state", "destination", "alert", "limit", "cursor");
    private static final String WORDS =
            Arrays.stream(DeliveryState.values()).map(DeliveryState::word).collect(Collectors.joining(", "));

    private final Store store;
    private final Deliveries deliveries;

    DeliveryReads(Store store) {
        this.store = store;
        this.deliveries = new Deliveries(store);
    }

    ObjectNode list(Parameters parameters) {
        int limit = parameters.limit();
        List<Deliveries.View> found = deliveries.list(new Deliveries.Filter(
                parameters.word("state", DeliveryReads::state, WORDS).orElse(null),
                parameters.text("destination").orElse(null),
                parameters.number("alert").orElse(null),
                parameters.cursor().orElse(null),
                limit + 1));
        ObjectNode page = Rows.object();
        ArrayNode array = page.putArray("deliveries");
        found.stream().limit(limit).map(DeliveryReads::delivery).forEach(array::add);
        page.put(
                "next_cursor",
                found.size() > limit ? Rows.id(found.get(limit - 1).id()) : null);
        return page;
    }

    private static Optional<DeliveryState> state(String word) {
        return Arrays.stream(DeliveryState.values())
                .filter(each -> each.word().equals(word))
                .findFirst();
    }

    /** One delivery with all its attempts. */
    Optional<ObjectNode> find(long id) {
        return deliveries.find(id).map(this::whole);
    }

    /** Which deliveries are dead: how many, and the SHA-256 of their ids. */
    ObjectNode dead(String destination, Instant since) {
        StringBuilder ids = new StringBuilder();
        List<Long> found = new Rows(store, "select id from delivery where state = " + DeliveryState.DEAD.code())
                .and("destination = ?", Optional.ofNullable(destination))
                .and("ended_at >= ?", Optional.ofNullable(since).map(Instant::toEpochMilli))
                .then("order by id")
                .read(row -> row.getLong(1));
        found.forEach(id -> ids.append(id).append(' '));
        return Rows.object().put("dead", found.size()).put("ids", Audit.hash(ids.toString()));
    }

    /** All deliveries of an alert with their attempts, oldest first. */
    List<ObjectNode> ofAlert(long alert) {
        List<Deliveries.View> found = deliveries.list(new Deliveries.Filter(null, null, alert, null, 1000));
        return found.stream()
                .sorted((one, other) -> Long.compare(one.id(), other.id()))
                .map(this::whole)
                .toList();
    }

    private ObjectNode whole(Deliveries.View view) {
        ObjectNode delivery = delivery(view);
        ArrayNode tries = delivery.putArray("tries");
        for (Deliveries.AttemptView each : deliveries.attempts(view.id())) {
            tries.addObject()
                    .put("number", each.number())
                    .put("at", each.at().toString())
                    .put("took_ms", each.took().toMillis())
                    .put("result", each.result())
                    .put("status_code", each.statusCode())
                    .put("message", each.message())
                    .put("transaction_id", each.transactionId());
        }
        return delivery;
    }

    private static ObjectNode delivery(Deliveries.View view) {
        ObjectNode delivery = Rows.object();
        delivery.put("id", Rows.id(view.id()))
                .put("alert", Rows.id(view.alert()))
                .put("change", Rows.id(view.change()))
                .put("version", view.version())
                .put("destination", view.destination())
                .put("notifier", view.notifier())
                .put("state", view.state().word())
                .put("reason", view.reason())
                .put("attempts", view.attempts())
                .put("replays", view.replays())
                .put("idempotency_key", view.idempotencyKey())
                .put("report_of", Rows.id(view.reportOf()))
                .put("created_at", view.created().toString())
                .put("due_at", view.state().open() ? view.due().toString() : null)
                .put("ended_at", text(view.ended()))
                .put("node", view.owner());
        delivery.set("outcome", outcome(view.outcome()));
        return delivery;
    }

    /** Of a delivery that was superseded, an early ledger holds a plain sentence. */
    private static JsonNode outcome(String text) {
        return text == null || text.startsWith("{")
                ? Rows.json(text)
                : Rows.object().put("message", text);
    }

    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }
}
