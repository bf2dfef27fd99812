package io.serai.lint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One named value of a route: a step, an expression, a language, an attribute. What stands below {@code parameters} is an
 * endpoint's affair and not among them.
 */
record Element(YamlFile file, String name, JsonNode value, String pointer) {

    /** All elements of a route file or of a Kamelet's template, in the order of the file. */
    static List<Element> of(YamlFile file) {
        List<Element> elements = new ArrayList<>();
        JsonNode template = file.tree().at("/spec/template");
        if (template.isMissingNode()) {
            collect(file, file.tree(), "", elements);
        } else {
            collect(file, template, "/spec/template", elements);
        }
        return elements;
    }

    private static void collect(YamlFile file, JsonNode node, String pointer, List<Element> elements) {
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collect(file, node.get(i), pointer + "/" + i, elements);
            }
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String at = pointer + "/" + field.getKey().replace("~", "~0").replace("/", "~1");
            elements.add(new Element(file, field.getKey(), field.getValue(), at));
            if (!"parameters".equals(field.getKey())) {
                collect(file, field.getValue(), at, elements);
            }
        }
    }

    /** Text of a field of this element; empty when there is none. */
    String text(String field) {
        return value.path(field).asText("");
    }

    Finding finding(String rule, String reason, String remedy) {
        return file.finding(pointer, rule, reason, remedy);
    }
}
