package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.record.DeliveryState;
import io.serai.record.Store;
import java.util.Map;
import java.util.TreeMap;

/** The notifiers with how delivering to their destinations goes, counted among the newest deliveries. */
final class NotifierReads {
    private static final int RECENT = 10_000;

    private final Store store;
    private final Configured configured;

    NotifierReads(Store store, Configured configured) {
        this.store = store;
        this.configured = configured;
    }

    /** @param paused destinations that refuse us, with the reason */
    ObjectNode list(Map<String, String> paused) {
        Map<String, ObjectNode> tallies = tallies();
        ObjectNode list = configured.notifiers(paused);
        for (JsonNode each : list.path("notifiers")) {
            ObjectNode notifier = (ObjectNode) each;
            var states = notifier.putArray("deliveries");
            boolean failing = false;
            boolean working = false;
            for (JsonNode name : each.path("destinations")) {
                ObjectNode tally = tallies.getOrDefault(name.asText(), fresh(name.asText()));
                states.add(tally);
                String delivered = tally.path("last_delivered").asText("");
                String dead = tally.path("last_dead").asText("");
                failing |= dead.compareTo(delivered) > 0;
                working |= !delivered.isEmpty();
            }
            notifier.put(
                    "state",
                    each.path("destinations").isEmpty()
                            ? "unused"
                            : !each.path("paused").isEmpty()
                                    ? "paused"
                                    : failing ? "failing" : working ? "working" : "configured");
        }
        return list;
    }

    private static ObjectNode fresh(String destination) {
        ObjectNode fresh = Rows.object().put("destination", destination);
        for (DeliveryState state : DeliveryState.values()) {
            fresh.put(state.word(), 0);
        }
        return fresh.putNull("last_delivered").putNull("last_dead");
    }

    private Map<String, ObjectNode> tallies() {
        Map<String, ObjectNode> tallies = new TreeMap<>();
        new Rows(
                        store,
                        "select destination, state, count(*), max(ended_at) from delivery"
                                + " where id > (select max(id) from delivery) - " + RECENT
                                + " group by destination, state")
                .read(row -> {
                    DeliveryState state = DeliveryState.ofCode(row.getInt(2));
                    ObjectNode tally = tallies.computeIfAbsent(row.getString(1), NotifierReads::fresh)
                            .put(state.word(), row.getLong(3));
                    if (state == DeliveryState.DELIVERED || state == DeliveryState.DEAD) {
                        tally.put("last_" + state.word(), Rows.time(Rows.number(row, 4)));
                    }
                    return tally;
                });
        return tallies;
    }
}
