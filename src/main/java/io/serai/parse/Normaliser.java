package io.serai.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.alert.Fingerprint;
import io.serai.alert.Severity;
import io.serai.alert.Status;
import io.serai.json.StrictJson;
import io.serai.provider.Provider;
import io.serai.provider.TestMessages;
import io.serai.record.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Turns what a mapping gives into canonical alerts: the provider's words into ours by its tables, times, types, the
 * fingerprint. What had to be assumed is noted on the alert (O16); what cannot be used is named by its field.
 */
public final class Normaliser {
    private static final String DEFAULT = "default";

    private final TestMessages testMessages;

    public Normaliser(TestMessages testMessages) {
        this.testMessages = testMessages;
    }

    /**
     * @param mapped what the provider's mapping gave: a list, or one object
     * @return one item per member, in order
     */
    public List<Item> items(Provider provider, String instance, JsonNode mapped) {
        if (mapped == null || mapped.isNull()) {
            return List.of(new Item.Unmapped("", "the mapping gave nothing"));
        }
        if (!mapped.isArray()) {
            return List.of(item(provider, instance, mapped, ""));
        }
        List<Item> items = new ArrayList<>(mapped.size());
        for (int i = 0; i < mapped.size(); i++) {
            items.add(item(provider, instance, mapped.get(i), mapped.size() == 1 ? "" : "alerts[" + i + "]."));
        }
        return items;
    }

    private Item item(Provider provider, String instance, JsonNode mapped, String at) {
        if (mapped.hasNonNull("error")) {
            // The mapping knows the sender's own path; only what is found here needs one.
            return new Item.Unmapped(
                    mapped.path("field").asText(""), mapped.path("error").asText());
        }
        try {
            return alert(provider, instance, mapped);
        } catch (Unusable unusable) {
            return new Item.Unmapped(at + unusable.field, unusable.getMessage());
        }
    }

    private Item alert(Provider provider, String instance, JsonNode mapped) throws Unusable {
        if (!mapped.isObject()) {
            throw new Unusable("", "an alert must be an object");
        }
        List<String> notes = new ArrayList<>(2);
        for (JsonNode note : mapped.path("notes")) {
            notes.add(note.asText());
        }
        Status status = status(provider, mapped.get("status"), notes);
        Severity severity = severity(provider, mapped.get("severity"), notes);
        String title = Texts.required(mapped, "title");
        ObjectNode alert = StrictJson.mapper().createObjectNode();
        alert.put("provider", provider.name()).put("instance", instance);
        Texts.copy(mapped, alert, "source_id");
        alert.put("title", title);
        Texts.copy(mapped, alert, "description");
        alert.put("status", status.word()).put("severity", severity.word());
        Texts.copy(mapped, alert, "service");
        Texts.copy(mapped, alert, "environment");
        time(mapped, alert, "starts_at", notes);
        time(mapped, alert, "ends_at", notes);
        alert.set("labels", Texts.pairs(mapped, "labels"));
        alert.set("annotations", Texts.pairs(mapped, "annotations"));
        alert.set("tags", Texts.list(mapped, "tags"));
        Texts.copy(mapped, alert, "url");
        alert.set("entities", Texts.objects(mapped, "entities"));
        ObjectNode original = alert.putObject("original");
        original.set("status", word(mapped.get("status")));
        original.set("severity", word(mapped.get("severity")));
        alert.put("test", mapped.path("test").asBoolean(false) || testMessages.isTest(provider.name(), mapped));
        Times.Read eventTime = Times.read(mapped.get("event_time"));
        ArrayNode noted = alert.putArray("notes");
        notes.forEach(noted::add);
        byte[] identity = Identity.of(provider, instance, alert);
        return new Item.Mapped(
                Fingerprint.of(identity),
                status,
                severity,
                Identity.change(provider, status, severity, title),
                eventTime.time().orElse(null),
                alert.toString());
    }

    private static Status status(Provider provider, JsonNode word, List<String> notes) throws Unusable {
        Optional<String> ours = translate(provider.status(), word, "status", notes);
        return ours.flatMap(Status::of)
                .or(() -> Optional.ofNullable(word).map(JsonNode::asText).flatMap(Status::of))
                .orElseThrow(() -> new Unusable("status", "this word is not known to the provider's table"));
    }

    private static Severity severity(Provider provider, JsonNode word, List<String> notes) throws Unusable {
        Optional<String> ours = translate(provider.severity(), word, "severity", notes);
        return ours.flatMap(Severity::of)
                .or(() -> Optional.ofNullable(word).map(JsonNode::asText).flatMap(Severity::of))
                .orElseThrow(() -> new Unusable("severity", "this word is not known to the provider's table"));
    }

    private static Optional<String> translate(
            Map<String, String> table, JsonNode word, String field, List<String> notes) {
        boolean given = word != null
                && word.isValueNode()
                && !word.isNull()
                && !word.asText().isBlank();
        String sent = given ? word.asText().trim().toLowerCase(Locale.ROOT) : null;
        String ours = given ? table.get(sent) : null;
        if (ours != null) {
            return Optional.of(ours);
        }
        String fallback = table.get(DEFAULT);
        if (fallback == null) {
            return Optional.empty();
        }
        notes.add(given ? field + " word not in the table: " + fallback : field + " not given: " + fallback);
        return Optional.of(fallback);
    }

    private static void time(JsonNode mapped, ObjectNode alert, String field, List<String> notes) {
        Times.Read read = Times.read(mapped.get(field));
        Optional<Instant> time = read.time();
        time.ifPresent(at -> alert.put(field, at.toString()));
        if (read.wrong()) {
            notes.add(field + " is not a time");
        } else if (read.assumed() != null) {
            notes.add(field + ": " + read.assumed());
        }
    }

    private static JsonNode word(JsonNode word) {
        return word == null || word.isContainerNode() ? StrictJson.mapper().nullNode() : word;
    }

    /** One item that cannot become an alert. */
    static final class Unusable extends Exception {
        private final String field;

        Unusable(String field, String problem) {
            super(problem, null, false, false);
            this.field = field;
        }
    }
}
