package io.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.config.ConfigurationError;
import io.serai.json.StrictJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.Body;
import org.apache.camel.Exchange;

/**
 * Mappings of the provider {@code generic} that stand in the configuration alone, as the routes see them: bean
 * {@code configuredMapping}. {@code serai.provider.generic.<instance>.map-title=alert.headline} takes that field, and any
 * jq may stand in its place; {@code map-status-words=2=firing,0=resolved} explains words that no table could know. Java,
 * because a route's jq is read from a file when the route starts.
 */
public final class ConfiguredMapping {
    private static final String PROVIDER = "generic";
    private final Map<String, MappingSettings> mappings = new HashMap<>();

    /** @throws ConfigurationError naming the first setting that is not jq, or a word that is not ours */
    public ConfiguredMapping(ProviderSettings settings) {
        for (String instance : settings.instances(PROVIDER)) {
            MappingSettings.read(settings, PROVIDER, instance).ifPresent(each -> mappings.put(instance, each));
        }
    }

    /** The alerts of a body by the instance's mapping; the body itself when it has none. Sets {@code configured}. */
    public JsonNode map(@Body JsonNode body, Exchange exchange) {
        MappingSettings mapping = mappings.get(exchange.getVariable("instance", "default", String.class));
        exchange.setVariable("configured", mapping != null);
        if (mapping == null) {
            return body;
        }
        JsonNode items = mapping.items() == null ? body : value(mapping.items(), body);
        if (items.isNull()) {
            return unmapped("map-items finds no alert in this body", "");
        }
        if (!items.isArray()) {
            return StrictJson.mapper().createArrayNode().add(alert(mapping, items));
        }
        ArrayNode alerts = StrictJson.mapper().createArrayNode();
        items.forEach(item -> alerts.add(alert(mapping, item)));
        return alerts;
    }

    private static ArrayNode unmapped(String error, String field) {
        return StrictJson.mapper().createArrayNode().add(error(error, field));
    }

    private static ObjectNode error(String error, String field) {
        return StrictJson.mapper().createObjectNode().put("error", error).put("field", field);
    }

    private static ObjectNode alert(MappingSettings mapping, JsonNode item) {
        ObjectNode alert = StrictJson.mapper().createObjectNode();
        List<String> notes = new ArrayList<>(2);
        mapping.fields().forEach((field, jq) -> {
            JsonNode value = value(jq, item);
            String name = field.replace('-', '_');
            switch (field) {
                case "status" -> alert.set(name, word(value, mapping.statuses(), field, notes));
                case "severity" -> alert.set(name, word(value, mapping.severities(), field, notes));
                case "labels" -> labels(alert, value);
                case "tags" -> tags(alert, value);
                case "test" -> alert.put(name, value.asBoolean(false));
                default -> alert.set(name, text(value));
            }
        });
        if (alert.path("title").asText("").isBlank() || alert.path("title").isNull()) {
            return error("map-title finds no text in this alert", mapping.titled());
        }
        identify(mapping, item, alert, notes);
        notes.forEach(alert.withArray("/notes")::add);
        return alert;
    }

    private static void identify(MappingSettings mapping, JsonNode item, ObjectNode alert, List<String> notes) {
        if (alert.path("environment").asText("").isEmpty()
                || alert.path("environment").isNull()) {
            alert.put("environment", "production");
            notes.add("environment defaulted to production");
        }
        JsonNode key = mapping.key() == null ? NullNode.getInstance() : text(value(mapping.key(), item));
        if (key.isNull() || key.asText().isEmpty()) {
            key = alert.textNode(List.of("title", "service", "environment").stream()
                    .map(field ->
                            alert.path(field).asText("").replace("\\", "\\\\").replace("|", "\\|"))
                    .collect(Collectors.joining("|")));
            notes.add("no key: identified by title, service and environment");
        }
        alert.set("source_id", key);
    }

    /** Where the item has not that shape, a mapping finds nothing. */
    private static JsonNode value(Jq jq, JsonNode item) {
        try {
            return jq.apply(item, NullNode.getInstance());
        } catch (JsonQueryException e) {
            return NullNode.getInstance();
        }
    }

    private static JsonNode text(JsonNode value) {
        if (!value.isArray()) {
            return value;
        }
        List<String> texts = new ArrayList<>();
        value.forEach(each -> texts.add(each.asText()));
        return texts.isEmpty()
                ? NullNode.getInstance()
                : StrictJson.mapper().getNodeFactory().textNode(String.join(", ", texts));
    }

    private static JsonNode word(JsonNode value, Map<String, String> words, String field, List<String> notes) {
        String ours = value.isValueNode() ? words.get(value.asText().strip().toLowerCase(Locale.ROOT)) : null;
        if (ours == null) {
            return value.isValueNode() ? value : NullNode.getInstance();
        }
        notes.add(field + " " + value.asText() + " is " + ours + " by the configuration");
        return StrictJson.mapper().getNodeFactory().textNode(ours);
    }

    private static void labels(ObjectNode alert, JsonNode value) {
        ObjectNode labels = alert.withObject("/labels");
        value.properties().forEach(each -> {
            if (each.getValue().isValueNode() && !each.getValue().isNull()) {
                labels.set(each.getKey(), each.getValue());
            }
        });
    }

    private static void tags(ObjectNode alert, JsonNode value) {
        ArrayNode tags = alert.withArray("/tags");
        if (value.isTextual()) {
            for (String tag : value.textValue().split(",")) {
                if (!tag.isBlank()) {
                    tags.add(tag.strip());
                }
            }
        }
        for (JsonNode tag : value) {
            if (tag.isValueNode() && !tag.isNull()) {
                tags.add(tag.asText());
            }
        }
    }
}
