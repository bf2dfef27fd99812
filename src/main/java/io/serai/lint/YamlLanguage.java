package io.serai.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Every route file and every Kamelet's template is canonical Camel YAML (DESIGN 3). */
final class YamlLanguage implements Rule {
    private static final String RULE = "yaml-language";
    private static final String REMEDY =
            "Write the canonical form: each step an object, each expression below expression, as the other routes do";
    /** More complaints about one place come from a list of alternatives. */
    private static final int FEW = 3;

    private static final Pattern SCALAR = Pattern.compile("true|false|-?[0-9]+(\\.[0-9]+)?|.*\\{\\{.*}}.*");

    private final DslSchema schema = new DslSchema();

    @Override
    public void check(Tree tree, Consumer<Finding> findings) {
        tree.routeFiles().forEach(file -> validate(file, file.tree(), "", findings));
        tree.kamelets().forEach(kamelet -> kamelet(kamelet, findings));
    }

    /** @param replaced what stands for {@code /0/routeTemplate} in the file; empty when nothing does */
    private void validate(YamlFile file, JsonNode routes, String replaced, Consumer<Finding> findings) {
        Map<String, List<ValidationMessage>> messages = new TreeMap<>();
        for (ValidationMessage message : schema.validate(routes)) {
            String at = message.getInstanceLocation().toString();
            if (!written(message, routes.at(at))) {
                messages.computeIfAbsent(at, each -> new ArrayList<>()).add(message);
            }
        }
        messages.forEach((at, here) -> {
            // What is wrong deep inside makes every form around it wrong as well.
            boolean around = messages.keySet().stream().anyMatch(other -> other.startsWith(at + "/"));
            if (!around || here.size() <= FEW) {
                String pointer = replaced.isEmpty() ? at : at.replaceFirst("^/0/routeTemplate", replaced);
                if (here.size() > FEW) {
                    findings.accept(finding(file, pointer, "is none of the forms that are allowed here"));
                } else {
                    here.forEach(message -> findings.accept(finding(file, pointer, message)));
                }
            }
        });
    }

    /** Numbers and booleans may be written as texts or come from a placeholder: Camel converts them. */
    private static boolean written(ValidationMessage message, JsonNode value) {
        return "type".equals(message.getType())
                && value.isTextual()
                && SCALAR.matcher(value.asText()).matches()
                && message.getMessage().matches(".*(boolean|number|integer) expected");
    }

    private void kamelet(YamlFile file, Consumer<Finding> findings) {
        boolean shaped = "Kamelet".equals(file.tree().path("kind").asText())
                && file.tree().at("/spec/definition/properties").isObject()
                && file.tree().at("/spec/template/from").isObject();
        if (!shaped || !file.tree().at("/metadata/name").asText().equals(file.baseName())) {
            findings.accept(file.finding(
                    "",
                    "kamelet",
                    "a Kamelet has kind: Kamelet, metadata.name as its file is called, spec.definition.properties and"
                            + " spec.template.from",
                    "Compare with serai-webhook-source.kamelet.yaml"));
            return;
        }
        // A Kamelet's template is a route template without its parameters.
        ArrayNode routes = JsonNodeFactory.instance.arrayNode();
        ObjectNode template = routes.addObject().putObject("routeTemplate");
        template.put("id", file.baseName());
        template.setAll((ObjectNode) file.tree().at("/spec/template").deepCopy());
        validate(file, routes, "/spec/template", findings);
    }

    private static Finding finding(YamlFile file, String pointer, ValidationMessage message) {
        String text = message.getMessage();
        int colon = text.indexOf(": ");
        String at = message.getProperty() == null ? pointer : pointer + "/" + message.getProperty();
        return file.finding(at, RULE, where(pointer) + (colon < 0 ? text : text.substring(colon + 2)), REMEDY);
    }

    private static Finding finding(YamlFile file, String pointer, String problem) {
        return file.finding(pointer, RULE, where(pointer) + problem, REMEDY);
    }

    /** The last names of the pointer: the line says the rest. */
    private static String where(String pointer) {
        String[] names = pointer.split("/");
        return names.length < 2
                ? ""
                : String.join("/", List.of(names).subList(Math.max(1, names.length - 3), names.length)) + ": ";
    }
}
