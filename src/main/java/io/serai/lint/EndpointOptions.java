package io.serai.lint;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.catalog.EndpointValidationResult;

/** Every endpoint exists and takes the options that it is given: components by Camel's catalogue, Kamelets by ours. */
final class EndpointOptions implements Rule {
    private static final String RULE = "endpoint";

    private final CamelCatalog catalog = new DefaultCamelCatalog(true);

    @Override
    public void check(Tree tree, Consumer<Finding> findings) {
        for (YamlFile file : tree.all()) {
            for (Endpoint endpoint : Endpoint.of(file)) {
                if (endpoint.kamelet() == null) {
                    List<String> schemes = Schemes.of(tree, endpoint);
                    if (schemes.isEmpty()) {
                        findings.accept(endpoint.finding(
                                RULE,
                                "what " + endpoint.scheme() + " is cannot be known: an endpoint's kind must be visible",
                                "Write the scheme out, or give the setting the type url or its values"));
                    }
                    for (String scheme : schemes) {
                        if (!scheme.equals(Schemes.OWN_BEAN)) {
                            component(endpoint, scheme, findings);
                        }
                    }
                } else {
                    kamelet(tree, endpoint, findings);
                }
            }
        }
    }

    private void component(Endpoint endpoint, String scheme, Consumer<Finding> findings) {
        if (!catalog.findComponentNames().contains(scheme)) {
            findings.accept(endpoint.finding(RULE, "Camel has no component " + scheme, "Correct the name"));
            return;
        }
        String query = endpoint.parameters().entrySet().stream()
                .map(each -> each.getKey() + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
        String path = endpoint.path().isEmpty() ? "//host" : endpoint.path();
        EndpointValidationResult result = catalog.validateEndpointProperties(
                scheme + ":" + path + (query.isEmpty() ? "" : "?" + query),
                true,
                endpoint.consumer(),
                !endpoint.consumer());
        if (!result.isSuccess()) {
            findings.accept(endpoint.finding(RULE, problem(scheme, result), "See the component's page of Camel 4.17"));
        }
    }

    /** A placeholder's value is not known here and is checked at the start; the catalogue takes a reference for anything. */
    private static String encoded(String value) {
        return value.startsWith("#") || value.contains("{{")
                ? "#bean"
                : URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static String problem(String scheme, EndpointValidationResult result) {
        String text = result.summaryErrorMessage(false, false, true);
        return scheme + ": "
                + text.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .collect(Collectors.joining("; "));
    }

    private static void kamelet(Tree tree, Endpoint endpoint, Consumer<Finding> findings) {
        String name = endpoint.kamelet();
        if (List.of("source", "sink").contains(name)) {
            if (!tree.kamelets().contains(endpoint.file())) {
                findings.accept(endpoint.finding(
                        RULE, "kamelet:" + name + " means something inside a Kamelet only", "Name the next route"));
            }
            return;
        }
        tree.kamelet(name)
                .ifPresentOrElse(
                        definition -> options(endpoint, definition.tree().at("/spec/definition"), findings),
                        () -> findings.accept(endpoint.finding(
                                RULE, "there is no Kamelet " + name + " in routes/kamelets", "Correct the name")));
    }

    private static void options(Endpoint endpoint, JsonNode definition, Consumer<Finding> findings) {
        JsonNode properties = definition.path("properties");
        for (JsonNode required : definition.path("required")) {
            if (!endpoint.parameters().containsKey(required.asText())) {
                findings.accept(endpoint.finding(
                        RULE, endpoint.uri() + " needs the parameter " + required.asText(), "Add it below parameters"));
            }
        }
        for (Map.Entry<String, String> each : endpoint.parameters().entrySet()) {
            JsonNode property = properties.get(each.getKey());
            if (property == null) {
                TreeSet<String> known = new TreeSet<>();
                properties.fieldNames().forEachRemaining(known::add);
                findings.accept(endpoint.finding(
                        RULE,
                        endpoint.uri() + " has no parameter " + each.getKey(),
                        "It has " + String.join(", ", known)));
            } else if (!each.getValue().contains("{{") && !fits(property, each.getValue())) {
                findings.accept(endpoint.finding(
                        RULE,
                        each.getKey() + " of " + endpoint.uri() + " cannot be " + each.getValue(),
                        "Its definition in the Kamelet says what it can be"));
            }
        }
    }

    private static boolean fits(JsonNode property, String value) {
        boolean type =
                switch (property.path("type").asText()) {
                    case "boolean" -> value.matches("true|false");
                    case "integer" -> value.matches("-?[0-9]+");
                    case "number" -> value.matches("-?[0-9]+(\\.[0-9]+)?");
                    default -> true;
                };
        boolean listed = property.path("enum").isEmpty();
        for (JsonNode word : property.path("enum")) {
            listed |= word.asText().equals(value);
        }
        return type
                && listed
                && (!property.has("pattern")
                        || value.matches(property.get("pattern").asText()));
    }
}
