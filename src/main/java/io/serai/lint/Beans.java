package io.serai.lint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Routes call the beans that the start provides, and classes of ours that a template makes for itself; nothing else. */
final class Beans implements Rule {
    /** What the start provides. Whoever adds one for routes adds it here, so that somebody looks. */
    private static final Set<String> PROVIDED = Set.of(
            "parse",
            "answer",
            "record",
            "enrich",
            "correlate",
            "routing",
            "attemptOutcome",
            "poll",
            "sns",
            "topology",
            "configuredMapping",
            "httpSink",
            "ticketAnswer",
            "dialogue",
            "webhookSignature",
            "credentials",
            "consoleLine");

    private static final String OURS = "io.serai.";

    @Override
    public void check(Tree tree, Consumer<Finding> findings) {
        for (YamlFile file : tree.all()) {
            Set<String> declared = declared(file);
            for (Element element : Element.of(file)) {
                switch (element.name()) {
                    case "bean", "method", "process" -> called(element, declared, findings);
                    case "beans" -> types(element, findings);
                    default -> {}
                }
            }
            for (Endpoint endpoint : Endpoint.of(file)) {
                if ("bean".equals(endpoint.scheme()) && !PROVIDED.contains(endpoint.path())) {
                    findings.accept(refused(endpoint.pointer() + "/uri", file, endpoint.path()));
                }
            }
        }
    }

    private static void called(Element element, Set<String> declared, Consumer<Finding> findings) {
        if (!element.value().isObject()) {
            return;
        }
        String ref = element.text("ref");
        boolean own =
                ref.startsWith("{{") && ref.endsWith("}}") && declared.contains(ref.substring(2, ref.length() - 2));
        String type = element.text("beanType");
        boolean allowed = type.isEmpty() ? own || PROVIDED.contains(ref) : type.startsWith(OURS);
        if (!allowed) {
            findings.accept(refused(element.pointer(), element.file(), type.isEmpty() ? ref : type));
        }
    }

    private static Finding refused(String pointer, YamlFile file, String name) {
        return file.finding(
                pointer,
                "bean",
                "the bean " + name + " is none that routes may call",
                "Use one of " + String.join(", ", new TreeSet<>(PROVIDED)) + ", or a class of ours");
    }

    private static void types(Element element, Consumer<Finding> findings) {
        for (JsonNode bean : element.value()) {
            String type = bean.path("type").asText().replaceFirst("^#class:", "");
            if (!type.startsWith(OURS) || bean.has("script")) {
                findings.accept(element.finding(
                        "bean",
                        "the bean " + bean.path("name").asText() + " is made of "
                                + (type.isEmpty() ? "a script" : type),
                        "Only classes of " + OURS + " may be made by routes"));
            }
        }
    }

    /** Names of the beans that a file's template makes for itself. */
    static Set<String> declared(YamlFile file) {
        Set<String> names = new TreeSet<>();
        for (Element element : Element.of(file)) {
            if ("beans".equals(element.name())) {
                element.value().forEach(bean -> names.add(bean.path("name").asText()));
            }
        }
        return names;
    }
}
