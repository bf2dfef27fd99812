package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.record.Store;
import io.serai.record.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Why an alert is what it is and who was told: its receipts, each change with every stage's decision, each configured
 * destination told or not told with the reason, each delivery with its attempts.
 */
final class Explanation {
    private static final String ROUTE = "route";
    private static final String TOLD = "told ";
    private static final String NOT_TOLD = "not told: ";

    private final Store store;
    private final AlertReads alerts;
    private final ReceiptReads receipts;
    private final IncidentReads incidents;
    private final DeliveryReads deliveries;
    private final Supplier<Set<String>> configured;

    /** @param configured names of the destinations of the configuration */
    Explanation(Store store, Supplier<Set<String>> configured) {
        this.store = store;
        this.alerts = new AlertReads(store);
        this.receipts = new ReceiptReads(store);
        this.incidents = new IncidentReads(store);
        this.deliveries = new DeliveryReads(store);
        this.configured = configured;
    }

    /**
     * @param id          number or fingerprint
     * @param destination only what concerns this destination; empty for all
     */
    Optional<ObjectNode> of(String id, Optional<String> destination) {
        return alerts.find(id).map(alert -> explain(alert, destination));
    }

    private ObjectNode explain(ObjectNode alert, Optional<String> only) {
        long number = alert.path("id").asLong();
        ObjectNode explanation = Rows.object();
        explanation.set("alert", alert);
        Rows.Reader<ObjectNode> reader = row -> {
            ObjectNode change = Rows.object()
                    .put("id", Rows.id(row.getLong("id")))
                    .put("version", row.getInt("version"))
                    .put("verdict", Verdict.ofCode(row.getInt("verdict")).word())
                    .put("at", Rows.time(row.getLong("at")))
                    .put("receipt", Rows.id(row.getLong("receipt")));
            change.set("decisions", Rows.json(row.getString("decisions")));
            return change;
        };
        List<ObjectNode> changes = new Rows(
                        store,
                        "select id, version, verdict, at, receipt, decisions from change where alert = ? order by version")
                .bind(number)
                .read(reader);
        explanation.set("receipts", receipts(alert, changes));
        putDeliveries(changes, deliveries.ofAlert(number), only);
        explanation.putArray("changes").addAll(changes);
        explanation.set("destinations", destinations(alert, changes, only));
        String incident = alert.path("incident").asText("");
        if (!incident.isEmpty() && !incident.equals("null")) {
            incidents.find(Long.parseLong(incident)).ifPresent(found -> explanation.set("incident", found));
        }
        return explanation;
    }

    /** Those that brought a change, and the last one of all. */
    private ArrayNode receipts(ObjectNode alert, List<ObjectNode> changes) {
        Set<Long> numbers = new LinkedHashSet<>();
        changes.forEach(change -> numbers.add(change.path("receipt").asLong()));
        numbers.add(alert.path("receipt").asLong());
        ArrayNode array = Rows.object().putArray("receipts");
        String fingerprint = alert.path("fingerprint").asText();
        for (Long number : numbers) {
            receipts.brief(number).ifPresent(receipt -> {
                ArrayNode own = Rows.object().putArray("alerts");
                for (JsonNode item : receipt.path("alerts")) {
                    if (item.path("fingerprint").asText().equals(fingerprint)) {
                        own.add(item);
                    }
                }
                receipt.set("alerts", own);
                array.add(receipt);
            });
        }
        return array;
    }

    private static void putDeliveries(List<ObjectNode> changes, List<ObjectNode> deliveries, Optional<String> only) {
        Map<String, ArrayNode> byChange = new LinkedHashMap<>();
        changes.forEach(change -> byChange.put(change.path("id").asText(), change.putArray("deliveries")));
        for (ObjectNode delivery : deliveries) {
            boolean wanted = only.isEmpty()
                    || only.get().equals(delivery.path("destination").asText());
            ArrayNode array = byChange.get(delivery.path("change").asText());
            if (array != null && wanted) {
                array.add(delivery);
            }
        }
    }

    private ArrayNode destinations(ObjectNode alert, List<ObjectNode> changes, Optional<String> only) {
        Set<String> names = new LinkedHashSet<>(configured.get());
        Map<String, List<ObjectNode>> words = new LinkedHashMap<>();
        for (ObjectNode change : changes) {
            for (JsonNode decision : change.path("decisions")) {
                if (decision.path("stage").asText().equals(ROUTE)) {
                    String text = decision.path("decision").asText();
                    boolean told = text.startsWith(TOLD);
                    if (told || text.startsWith(NOT_TOLD)) {
                        for (String name : text.substring(told ? TOLD.length() : NOT_TOLD.length())
                                .split(", ")) {
                            words.computeIfAbsent(name, first -> new ArrayList<>())
                                    .add(Rows.object()
                                            .put(
                                                    "version",
                                                    change.path("version").asInt())
                                            .put(
                                                    "verdict",
                                                    change.path("verdict").asText())
                                            .put("told", told)
                                            .put(
                                                    "reason",
                                                    decision.path("reason").asText()));
                        }
                    }
                }
            }
        }
        names.addAll(words.keySet());
        names.remove("nobody");
        only.ifPresent(names::add);
        ArrayNode array = Rows.object().putArray("destinations");
        for (String name : names) {
            if (only.isEmpty() || only.get().equals(name)) {
                List<ObjectNode> said = words.getOrDefault(name, List.of());
                ObjectNode destination = array.addObject().put("name", name);
                destination.put("configured", configured.get().contains(name));
                destination.put(
                        "told", said.stream().anyMatch(each -> each.path("told").asBoolean()));
                destination.put("reason", said.isEmpty() ? absent(alert, changes, name) : last(said));
                destination.putArray("changes").addAll(said);
            }
        }
        return array;
    }

    private static String last(List<ObjectNode> said) {
        return said.get(said.size() - 1).path("reason").asText();
    }

    private String absent(ObjectNode alert, List<ObjectNode> changes, String name) {
        if (!configured.get().contains(name)) {
            return "there is no such destination in the configuration";
        }
        if (changes.isEmpty()) {
            boolean late = alert.path("status").asText().equals("resolved");
            return late ? "it was never open here: a late resolve is told to nobody" : "its change is not routed yet";
        }
        return "it was not configured when the changes were routed";
    }
}
