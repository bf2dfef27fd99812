package io.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.alert.Severity;
import io.serai.alert.Status;
import io.serai.config.ConfigurationError;
import io.serai.json.StrictJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final String MAP = "map-";
    private static final List<String> FIELDS = List.of(
            "title",
            "description",
            "status",
            "severity",
            "service",
            "environment",
            "url",
            "starts-at",
            "ends-at",
            "event-time",
            "labels",
            "tags",
            "test");
    private static final Pattern PATH =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*(\\[[0-9]{1,4}])*(\\.[A-Za-z_][A-Za-z0-9_-]*(\\[[0-9]{1,4}])*)*");
    private static final Pattern STEP = Pattern.compile("([A-Za-z_][A-Za-z0-9_-]*)|(\\[[0-9]+])");
    private static final Pattern REFUSED =
            Pattern.compile("(?<![A-Za-z0-9_.$\"])(\\$ENV|env|inputs?|halt|halt_error)(?![A-Za-z0-9_])");

    private final Map<String, Mapping> mappings = new HashMap<>();

    /** @param items null when the body itself is the alert, or the list of them */
    private record Mapping(
            Jq items,
            String titled,
            Jq key,
            Map<String, Jq> fields,
            Map<String, String> statuses,
            Map<String, String> severities) {}

    /** @throws ConfigurationError naming the first setting that is not jq, or a word that is not ours */
    public ConfiguredMapping(ProviderSettings settings) {
        for (String instance : settings.instances(PROVIDER)) {
            Map<String, Jq> fields = new LinkedHashMap<>();
            FIELDS.forEach(field -> compiled(settings, instance, field).ifPresent(jq -> fields.put(field, jq)));
            Optional<Jq> items = compiled(settings, instance, "items");
            Optional<Jq> key = compiled(settings, instance, "key");
            Map<String, String> statuses = words(settings, instance, "status-words");
            Map<String, String> severities = words(settings, instance, "severity-words");
            if (fields.isEmpty() && items.isEmpty() && key.isEmpty() && statuses.isEmpty() && severities.isEmpty()) {
                continue;
            }
            if (!fields.containsKey("title")) {
                throw new ConfigurationError(
                        key(instance, "title"),
                        "is missing, and this instance has a mapping",
                        "Name the field that is the alert's title, such as alert.headline");
            }
            String titled = settings.value(PROVIDER, instance, MAP + "title").orElseThrow();
            mappings.put(
                    instance, new Mapping(items.orElse(null), titled, key.orElse(null), fields, statuses, severities));
        }
    }

    private static Optional<Jq> compiled(ProviderSettings settings, String instance, String name) {
        return settings.value(PROVIDER, instance, MAP + name).map(text -> {
            if (REFUSED.matcher(text).find()) {
                throw new ConfigurationError(
                        key(instance, name),
                        "reads what is not in the body",
                        "A mapping may not use env, input or halt");
            }
            try {
                return Jq.compile(PATH.matcher(text).matches() ? path(text) : text);
            } catch (JsonQueryException | RuntimeException e) {
                throw new ConfigurationError(
                        key(instance, name),
                        "is neither a path nor jq",
                        "Write a path such as alert.name, or jq such as .alert.name // .title");
            }
        });
    }

    /** {@code alert.host-name[0]} as jq: a hyphen would be a minus there. */
    private static String path(String text) {
        StringBuilder jq = new StringBuilder(".");
        Matcher steps = STEP.matcher(text);
        while (steps.find()) {
            jq.append(steps.group(1) == null ? steps.group(2) : "[\"" + steps.group(1) + "\"]");
        }
        return jq.toString();
    }

    private static Map<String, String> words(ProviderSettings settings, String instance, String name) {
        Map<String, String> words = new LinkedHashMap<>();
        for (String pair :
                settings.value(PROVIDER, instance, MAP + name).orElse("").split(",")) {
            int equals = pair.lastIndexOf('=');
            if (pair.isBlank()) {
                continue;
            }
            String ours = pair.substring(equals + 1).strip().toLowerCase(Locale.ROOT);
            boolean known = name.startsWith("status")
                    ? Status.of(ours).isPresent()
                    : Severity.of(ours).isPresent();
            if (equals < 1 || !known) {
                throw new ConfigurationError(
                        key(instance, name),
                        "has a pair that is not a word of the sender, =, and a word of ours",
                        "Write " + (name.startsWith("status") ? "2=firing,0=resolved" : "sev1=critical,sev2=high"));
            }
            words.put(pair.substring(0, equals).strip().toLowerCase(Locale.ROOT), ours);
        }
        return words;
    }

    private static String key(String instance, String name) {
        return "serai.provider." + PROVIDER + "." + (instance.equals("default") ? "" : instance + ".") + MAP + name;
    }

    /** The alerts of a body by the instance's mapping; the body itself when it has none. Sets {@code configured}. */
    public JsonNode map(@Body JsonNode body, Exchange exchange) {
        Mapping mapping = mappings.get(exchange.getVariable("instance", "default", String.class));
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

    private static ObjectNode alert(Mapping mapping, JsonNode item) {
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

    private static void identify(Mapping mapping, JsonNode item, ObjectNode alert, List<String> notes) {
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
