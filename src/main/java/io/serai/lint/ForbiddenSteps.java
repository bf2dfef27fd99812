package io.serai.lint;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Steps and languages by which a message could choose its own way, or run as a program. Each of the steps was made to call
 * an attacker's address with the stock parts (trap T3).
 */
final class ForbiddenSteps implements Rule {
    private static final Map<String, String> STEPS = Map.of(
            "toD", "an address made at run time can be made by a sender",
            "routingSlip", "a message must never choose its own way",
            "dynamicRouter", "a message must never choose its own way",
            "saga", "a saga lives in memory and reads an unfiltered header");
    private static final Set<String> SCRIPTS = Set.of(
            "groovy",
            "joor",
            "java",
            "mvel",
            "ognl",
            "spel",
            "js",
            "python",
            "csimple",
            "language",
            "datasonnet",
            "wasm");

    /** The one dynamic step: its name comes from our own catalogue. */
    private static final String DETECT = "routes/core/alert-detect.camel.yaml";

    private static final Pattern FOLDERS = Pattern.compile("routes/(providers|notifiers)/.*");
    private static final String DETECTED = "direct:${variable.provider}-parse";

    @Override
    public void check(Tree tree, Consumer<Finding> findings) {
        for (YamlFile file : tree.all()) {
            for (Element element : Element.of(file)) {
                check(element, findings);
            }
        }
    }

    private static void check(Element element, Consumer<Finding> findings) {
        String name = element.name();
        String step = STEPS.get(name);
        if (step != null) {
            findings.accept(element.finding(
                    "dynamic-endpoint",
                    name + " is forbidden: " + step,
                    "Send to a fixed address, or let choice decide"));
        } else if ("recipientList".equals(name) && !detected(element)) {
            findings.accept(element.finding(
                    "dynamic-endpoint",
                    "recipientList is forbidden: a message must never choose its own way",
                    "Only alert-detect has one, over " + DETECTED));
        } else if ("unmarshal".equals(name) && element.value().isObject()) {
            findings.accept(element.finding(
                    "unmarshal",
                    "unmarshal is forbidden: it lets trailing text and doubled keys through, and some formats run code",
                    "Use the bean parse or poll, method json"));
        } else if ("onFallback".equals(name)
                && FOLDERS.matcher(element.file().name()).matches()) {
            findings.accept(element.finding(
                    "breaker",
                    "a fallback that ends normally counts as success: what failed would never be tried again",
                    "Let it fail: the delivery or the poll tries again"));
        } else if (Set.of("enrich", "pollEnrich").contains(name) && !constant(element)) {
            findings.accept(element.finding(
                    "dynamic-endpoint",
                    name + " with an expression is forbidden: an address made at run time can be made by a sender",
                    "Use to with variableSend and variableReceive"));
        } else if (SCRIPTS.contains(name) && expression(element)) {
            findings.accept(element.finding(
                    "script", "the language " + name + " is forbidden: it runs arbitrary code", "Use jq or simple"));
        }
    }

    private static boolean detected(Element element) {
        return element.file().name().equals(DETECT)
                && element.value().at("/expression/simple/expression").asText().equals(DETECTED);
    }

    private static boolean constant(Element element) {
        return element.value().at("/expression").has("constant");
    }

    /** A language stands below an expression, or in place of it. */
    private static boolean expression(Element element) {
        return element.value().has("expression") || element.pointer().contains("/expression/");
    }
}
