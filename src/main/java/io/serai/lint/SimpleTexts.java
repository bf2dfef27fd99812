package io.serai.lint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Texts in routes that reach further than a route may: functions of the simple language that call code or read the
 * process, exceptions that would go to a client, and secrets that are read past the settings.
 */
final class SimpleTexts implements Rule {
    private static final Pattern REACHES = Pattern.compile(
            "\\$\\{(bean:|type:|ref:|camelContext|sysenv|env[.:]|function[.:]|propertiesExist|resource:)");
    private static final Pattern EXCEPTION =
            Pattern.compile("\\$\\{(exception|exchangeProperty\\.CamelExceptionCaught)");
    private static final Pattern OUTSIDE = Pattern.compile(
            "\\{\\{\\??(env|sys|file|bean|service|service\\.host|service\\.port|hashicorp|aws|gcp|azure|ibm|cyberark|secret|configmap|spring-config)\\s*:");
    private static final Pattern GLOBAL = Pattern.compile("(\\$\\{variable\\.)?global:.*");

    @Override
    public void check(Tree tree, Consumer<Finding> findings) {
        for (YamlFile file : tree.all()) {
            texts(file, file.tree(), "", findings);
            for (Element element : Element.of(file)) {
                if (Map.of("setVariable", "name", "removeVariable", "name", "to", "variableSend")
                        .containsKey(element.name())) {
                    global(element, findings);
                }
            }
        }
    }

    private static void texts(YamlFile file, JsonNode node, String pointer, Consumer<Finding> findings) {
        if (node.isTextual()) {
            text(file, node.asText(), pointer, findings);
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            texts(file, node.get(i), pointer + "/" + i, findings);
        }
        node.properties()
                .forEach(each -> texts(
                        file,
                        each.getValue(),
                        pointer + "/" + each.getKey().replace("~", "~0").replace("/", "~1"),
                        findings));
    }

    private static void text(YamlFile file, String text, String pointer, Consumer<Finding> findings) {
        if (REACHES.matcher(text).find()) {
            findings.accept(file.finding(
                    pointer,
                    "simple",
                    "this function calls code or reads the process",
                    "Read a variable, a header or the body; call a bean by the step bean"));
        }
        // In a log step it is the rule log's affair.
        if (EXCEPTION.matcher(text).find() && !pointer.contains("/log/")) {
            findings.accept(file.finding(
                    pointer,
                    "exception-text",
                    "an exception's text may hold a secret or a path, and would reach the other side",
                    "Answer with words of your own"));
        }
        if (OUTSIDE.matcher(text).find()) {
            findings.accept(file.finding(
                    pointer,
                    "placeholder",
                    "a route that reads the environment or a file reads every secret, and nothing hides it in logs",
                    "Declare a setting with sensitive: true in the descriptor, and give it in application.properties"));
        }
        if (text.contains("${variable.global:")) {
            findings.accept(shared(file, pointer));
        }
    }

    private static void global(Element element, Consumer<Finding> findings) {
        for (String name : new String[] {"name", "variableSend", "variableReceive"}) {
            if (GLOBAL.matcher(element.text(name)).matches()) {
                findings.accept(shared(element.file(), element.pointer()));
            }
        }
    }

    private static Finding shared(YamlFile file, String pointer) {
        return file.finding(
                pointer,
                "global-variable",
                "a global variable is one for all alerts at once, and lost when the process ends",
                "Use a variable without global:");
    }
}
