package io.serai.lint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A jq predicate with a result type is never true: Camel's {@code JqExpression.matches} knows jq's own boolean only, and a
 * result type has that converted before.
 */
final class JqPredicates implements Rule {
    /** Steps whose expression is a predicate. */
    private static final Set<String> STEPS =
            Set.of("when", "filter", "validate", "onWhen", "completionPredicate", "retryWhile", "continued", "handled");

    private static final String TREE = "com.fasterxml.jackson.databind.JsonNode";

    @Override
    public void check(Tree tree, Consumer<Finding> findings) {
        for (YamlFile file : tree.all()) {
            for (Element element : Element.of(file)) {
                if (predicate(element)) {
                    check(element, findings);
                }
            }
        }
    }

    private static boolean predicate(Element element) {
        return STEPS.contains(element.name())
                || "loop".equals(element.name())
                        && element.value().path("doWhile").asBoolean();
    }

    /** {@code when} and {@code onWhen} may be lists. */
    private static void check(Element element, Consumer<Finding> findings) {
        Iterable<JsonNode> steps = element.value().isArray() ? element.value() : Set.of(element.value());
        for (JsonNode step : steps) {
            JsonNode jq = step.at("/expression/jq");
            String type = jq.path("resultType").asText(TREE);
            if (!type.equals(TREE)) {
                findings.accept(element.finding(
                        "jq-predicate",
                        "a jq predicate of the type " + type + " is never true",
                        "Leave resultType out: a predicate is jq's own true or false"));
            }
        }
    }
}
