package io.serai.enrich;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;

/**
 * One text of an alert that a lookup reads or adds.
 *
 * @param map  {@code labels} or {@code annotations}; null for a field of the alert itself
 * @param name of the field or of the label
 */
record AlertPath(String map, String name) {
    private static final Set<String> ADDED = Set.of("service", "environment", "url");

    /** {@code service}, {@code labels.team}, {@code annotations.runbook}. */
    static AlertPath parse(String text) {
        for (String map : new String[] {"labels", "annotations"}) {
            if (text.startsWith(map + ".") && text.length() > map.length() + 1) {
                return new AlertPath(map, text.substring(map.length() + 1));
            }
        }
        return new AlertPath(null, text);
    }

    /** Where a column goes: to the field or map that it names, else to a label of its name. */
    static AlertPath forColumn(String text) {
        AlertPath path = parse(text);
        return path.map == null && !ADDED.contains(path.name) ? new AlertPath("labels", path.name) : path;
    }

    /** The text that is there; empty when there is none, or a blank one. */
    Optional<String> read(ObjectNode alert) {
        JsonNode node = map == null ? alert.path(name) : alert.path(map).path(name);
        return node.isTextual() && !node.textValue().isBlank() ? Optional.of(node.textValue()) : Optional.empty();
    }

    void write(ObjectNode alert, String value) {
        (map == null ? alert : alert.withObjectProperty(map)).put(name, value);
    }

    @Override
    public String toString() {
        return map == null ? name : map + "." + name;
    }
}
