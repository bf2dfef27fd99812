package io.serai.lint;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.golden.Folder;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The requests that a provider.yaml declares fill in what there is, and their jq is jq. */
final class Requests implements Rule {
    private static final String RULE = "request";
    private static final Pattern NAME = Pattern.compile("\\{([^{}*]*)}");
    private static final String FILE = "file:";

    /** What those who ask put beside the settings. */
    private static final Set<String> PARAMETERS = Set.of(
            "start",
            "end",
            "start_seconds",
            "end_seconds",
            "start_millis",
            "end_millis",
            "severity",
            "query",
            "next",
            "name",
            "url",
            "key",
            "id");

    @Override
    public void check(Tree tree, Consumer<Finding> findings) {
        for (Folder folder : tree.folders()) {
            if (folder.kind() == Folder.Kind.PROVIDER) {
                tree.descriptor(folder).ifPresent(each -> provider(tree, folder, each.tree(), findings));
            }
        }
    }

    private static void provider(Tree tree, Folder folder, JsonNode provider, Consumer<Finding> findings) {
        String file = tree.name(folder.descriptor());
        JsonNode connection = provider.path("connection");
        boolean asked = provider.has("scopes") || provider.has("asks") || provider.has("rule") || provider.has("setup");
        if (asked && connection.isMissingNode()) {
            findings.accept(new Finding(
                    file, 0, RULE, "it can be asked, but nothing says how it is reached", "Add connection: with url"));
        }
        Set<String> settings = new TreeSet<>();
        provider.path("settings").fieldNames().forEachRemaining(settings::add);
        if (!connection.isMissingNode()) {
            known(file, "connection", "{" + connection.path("url").asText() + "}", settings, findings);
            connection
                    .path("needs")
                    .forEach(each -> known(file, "connection", "{" + each.asText() + "}", settings, findings));
            connection.path("headers").forEach(each -> known(file, "connection", each.asText(), settings, findings));
            for (String setting : List.of("region", "access_key", "secret_key")) {
                String name = connection.path("aws").path(setting).asText("");
                if (!name.isEmpty()) {
                    known(file, "connection", "{" + name + "}", settings, findings);
                }
            }
            String failure = connection.path("failure").asText("");
            if (!failure.isEmpty()) {
                JqFiles.check(file, "connection failure: ", 0, failure, findings);
            }
        }
        Set<String> words = new TreeSet<>(settings);
        words.addAll(PARAMETERS);
        provider.path("scopes").forEach(each -> each.path("when")
                .fieldNames()
                .forEachRemaining(name -> known(file, "scopes", "{" + name + "}", settings, findings)));
        provider.path("scopes").forEach(each -> request(tree, folder, each.path("check"), words, findings));
        provider.path("asks").forEach(each -> request(tree, folder, each, words, findings));
        provider.path("rule").forEach(each -> request(tree, folder, each, words, findings));
        provider.path("setup").forEach(thing -> {
            thing.forEach(each -> request(tree, folder, each, words, findings));
            words.add("ids." + thing.path("name").asText());
        });
    }

    private static void request(
            Tree tree, Folder folder, JsonNode request, Set<String> words, Consumer<Finding> findings) {
        if (!request.isObject()) {
            return;
        }
        String file = tree.name(folder.descriptor());
        String where = request.path("path").asText();
        known(file, where, where, words, findings);
        request.path("when")
                .fieldNames()
                .forEachRemaining(name -> known(file, where, "{" + name + "}", words, findings));
        request.path("also").forEach(each -> request(tree, folder, each, words, findings));
        for (String map : List.of("query", "next_query", "headers")) {
            request.path(map).forEach(each -> known(file, where, each.asText(), words, findings));
        }
        for (String jq : List.of("body", "ok", "bind", "answer", "next")) {
            String expression = request.path(jq).asText("");
            if (expression.startsWith(FILE)) {
                if (!Files.exists(folder.path().resolve(expression.substring(FILE.length())))) {
                    findings.accept(
                            new Finding(file, 0, RULE, where + ": there is no " + expression, "Write the file"));
                }
            } else if (!expression.isEmpty()) {
                JqFiles.check(file, where + " " + jq + ": ", 0, expression, findings);
            }
        }
    }

    private static void known(
            String file, String where, String template, Set<String> words, Consumer<Finding> findings) {
        Matcher matcher = NAME.matcher(template);
        while (matcher.find()) {
            if (!words.contains(matcher.group(1))) {
                findings.accept(new Finding(
                        file,
                        0,
                        RULE,
                        where + ": nothing is called " + matcher.group(1),
                        "Declare the setting, or use one of " + String.join(", ", new TreeSet<>(PARAMETERS))));
            }
        }
    }
}
