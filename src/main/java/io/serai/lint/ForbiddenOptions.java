package io.serai.lint;

import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Endpoints and options that open a door, lose messages, or show what must not be seen (security guide 2.3 and T16). */
final class ForbiddenOptions implements Rule {

    /**
     * @param value the value that is meant; null for any
     */
    private record Option(String name, String value, String reason, String remedy) {}

    private static final List<Option> OPTIONS = List.of(
            new Option(
                    "useMessageBodyForSql", "true", "the body would be run as SQL", "Write the query into the route"),
            new Option("allowJavaSerializedObject", "true", "serialised Java objects run code", "Leave it out"),
            new Option("transferException", "true", "it hands our exceptions to the other side", "Leave it out"),
            new Option("transferExchange", "true", "serialised Java objects run code", "Leave it out"),
            new Option(
                    "trustAllCertificates", "true", "anybody could be the other side", "Name the authority to trust"),
            new Option("followRedirects", "true", "credentials go to wherever a redirect points", "Leave it out"),
            new Option("muteException", "false", "the client would see our exception", "Leave it out"),
            new Option("useStreaming", "true", "the limit of a body's size does not count then", "Leave it out"),
            new Option("x509HostnameVerifier", null, "anybody could be the other side", "Leave it out"),
            new Option("hostnameVerification", "false", "anybody could be the other side", "Leave it out"),
            new Option("allowTemplateFromHeader", "true", "a sender could write the template", "Leave it out"),
            new Option("allowContextMapAll", "true", "a template could reach everything", "Leave it out"),
            new Option("allowUnmarshallType", "true", "a sender could choose the class", "Leave it out"),
            new Option("customCalendar", null, "two routes with calendars take each other's", "Leave it out"),
            new Option("matchOnUriPrefix", "true", "/prefix also serves /prefixother", "Write one route for each path"),
            new Option(
                    "exchangeFactory", "pooled", "pooled exchanges with a breaker lose their bodies", "Leave it out"),
            new Option("showBody", "true", "a body must not be in a log", "Leave it out"),
            new Option("showHeaders", "true", "a header must not be in a log", "Leave it out"),
            new Option("showAll", "true", "a body must not be in a log", "Leave it out"),
            new Option("showAllProperties", "true", "a secret must not be in a log", "Leave it out"),
            new Option("showVariables", "true", "a secret must not be in a log", "Leave it out"));
    private static final Pattern CONTENT =
            Pattern.compile("\\$\\{(body|bodyAs|headers?|in\\.|variables|exchangeProperty|exception)");
    /** {@code :#name}, but not {@code :#${…}}. */
    private static final Pattern BODY_FIRST = Pattern.compile(":\\??#[A-Za-z_]");

    private static final Pattern SINGLE_BRACE = Pattern.compile("(?<!\\{)\\{(?!\\{)");
    private static final Pattern FORGETFUL =
            Pattern.compile("(Jdbc|Caffeine|Memory|Kafka|File)\\w*(IdempotentRepository|MessageIdRepository)");

    @Override
    public void check(Tree tree, Consumer<Finding> findings) {
        for (YamlFile file : tree.all()) {
            Endpoint.of(file).forEach(endpoint -> check(endpoint, findings));
            Element.of(file).forEach(element -> check(element, findings));
        }
    }

    private static void check(Endpoint endpoint, Consumer<Finding> findings) {
        for (Option option : OPTIONS) {
            boolean set = option.value() == null
                    ? endpoint.parameters().containsKey(option.name())
                    : endpoint.set(option.name(), option.value());
            if (set) {
                findings.accept(endpoint.finding(
                        "option",
                        option.name() + "=" + endpoint.parameters().get(option.name()) + " is forbidden: "
                                + option.reason(),
                        option.remedy()));
            }
        }
        endpoint.parameters().values().forEach(value -> {
            if (value.startsWith("#class:") || value.startsWith("#type:")) {
                findings.accept(endpoint.finding(
                        "option", value + " makes an object of any class", "Name a bean that the start provides"));
            }
        });
        switch (endpoint.scheme()) {
            case "language",
                    "class",
                    "groovy",
                    "exec",
                    "xslt",
                    "velocity",
                    "freemarker",
                    "mvel",
                    "string-template",
                    "thymeleaf",
                    "chunk",
                    "jte",
                    "wasm",
                    "ssh",
                    "docker",
                    "controlbus",
                    "dynamic-router",
                    "dynamic-router-control" ->
                findings.accept(endpoint.finding(
                        "component",
                        endpoint.scheme() + ": is forbidden: it runs code or programs",
                        "Use jq, a bean of ours, or the notifier exec"));
            case "imap", "imaps", "pop3", "pop3s" ->
                findings.accept(endpoint.finding(
                        "component",
                        endpoint.scheme() + ": is forbidden: whoever writes a mail would set control headers",
                        "Have the mail system post to a webhook"));
            case "jdbc" -> {
                if (!endpoint.set("useHeadersAsParameters", "true")) {
                    findings.accept(endpoint.finding(
                            "sql",
                            "jdbc: without bound parameters runs the body as it is",
                            "Set useHeadersAsParameters: true and write :?name in the query"));
                }
            }
            case "sql", "sql-stored" -> {
                if (BODY_FIRST.matcher(endpoint.path()).find()) {
                    findings.accept(endpoint.finding(
                            "sql",
                            "a name is looked up in the body before the headers: a sender's key would take its place",
                            "Write :#${variable.name}, or use jdbc:"));
                }
            }
            case "log" -> {
                if (!endpoint.set("showBody", "false")) {
                    findings.accept(endpoint.finding(
                            "log",
                            "log: prints the body unless it is told not to",
                            "Use the step log, or set showBody: false"));
                }
            }
            case "platform-http" -> {
                if (SINGLE_BRACE.matcher(endpoint.path()).find()) {
                    findings.accept(endpoint.finding(
                            "path",
                            "a part of the path in braces becomes a header, and so does a query parameter of its name",
                            "Write one route for each path"));
                }
                if (!endpoint.path().startsWith("/") && !endpoint.path().startsWith("{{")) {
                    findings.accept(endpoint.finding(
                            "path",
                            "a path that begins with the word proxy would make an open proxy",
                            "Write platform-http:/" + endpoint.path()));
                }
            }
            default -> {}
        }
    }

    private static void check(Element element, Consumer<Finding> findings) {
        if ("bulkheadEnabled".equals(element.name()) && element.value().asBoolean()) {
            findings.accept(element.finding(
                    "option",
                    "bulkheadEnabled has no effect in this version",
                    "Limit calls with throttle, mode ConcurrentRequests"));
        }
        if ("log".equals(element.name())
                && CONTENT.matcher(element.text("message")).find()) {
            findings.accept(
                    element.finding("log", "a body, a header or an exception must not be in a log", "Log our own ids"));
        }
        if (element.value().isTextual()
                && FORGETFUL.matcher(element.value().asText()).find()) {
            findings.accept(element.finding(
                    "idempotent-repository",
                    element.value().asText() + " forgets, never expires or lets doubles through",
                    "Use #bean:ledgerKeys"));
        }
    }
}
