package io.serai.lint;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.golden.Folder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** Each mapping is there, is jq, and keeps to the words that the jq of this JVM has (camel guide 3.3). */
final class JqFiles implements Rule {
    private static final String DIALOGUE = "serai-dialogue-sink";

    @Override
    public void check(Tree tree, Consumer<Finding> findings) {
        for (Folder folder : tree.folders()) {
            if (!Files.exists(folder.jq())) {
                findings.accept(new Finding(tree.name(folder.jq()), 0, "jq", "is missing", "Write the mapping"));
            }
            mapping(tree, folder, findings);
            decides(tree, folder, findings);
            Optional<JsonNode> descriptor = tree.descriptor(folder).map(YamlFile::tree);
            for (String jq : List.of("/detect", "/test", "/handshake/answer")) {
                descriptor.map(each -> each.at(jq)).filter(JsonNode::isTextual).ifPresent(each -> {
                    String where = jq.substring(1).replace('/', '.') + ": ";
                    check(tree.name(folder.descriptor()), where, 0, each.asText(), findings);
                });
            }
        }
        for (YamlFile file : tree.all()) {
            for (Element element : Element.of(file)) {
                String jq = element.text("expression");
                if ("jq".equals(element.name()) && !jq.startsWith("resource:") && !jq.contains("{{")) {
                    check(file.name(), "", file.line(element.pointer()), jq, findings);
                }
            }
        }
    }

    /** A sink that is told a notifier runs the mappings of that folder. */
    private static void decides(Tree tree, Folder folder, Consumer<Finding> findings) {
        for (YamlFile file : tree.routeFiles(folder)) {
            for (Endpoint endpoint : Endpoint.of(file)) {
                String notifier = endpoint.parameters().get("notifier");
                if (endpoint.kamelet() != null && notifier != null && !notifier.equals(folder.name())) {
                    findings.accept(endpoint.finding(
                            "jq",
                            "its parameter notifier is another's: " + notifier,
                            "Write notifier: " + folder.name()));
                }
                if (DIALOGUE.equals(endpoint.kamelet()) && !Files.exists(folder.next())) {
                    findings.accept(new Finding(
                            tree.name(folder.next()),
                            0,
                            "jq",
                            "is missing",
                            "Write what is asked next, by plan and answers"));
                }
            }
        }
    }

    private static void mapping(Tree tree, Folder folder, Consumer<Finding> findings) {
        List<Path> files = new ArrayList<>();
        try (var list = Files.list(folder.path())) {
            list.filter(file -> file.toString().endsWith(".jq")).sorted().forEach(files::add);
            for (Path file : files) {
                check(tree.name(file), "", 1, Files.readString(file), findings);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param line where the text begins; 0 when that is not known */
    static void check(String file, String where, int line, String jq, Consumer<Finding> findings) {
        try {
            JsonQuery.compile(jq, Versions.JQ_1_7);
        } catch (JsonQueryException e) {
            findings.accept(new Finding(
                    file,
                    line,
                    "jq",
                    where + "is not jq: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    "Correct it; an if needs its else here"));
            return;
        }
        for (Map.Entry<Integer, JqWords.Missing> each : JqWords.missing(jq).entrySet()) {
            findings.accept(new Finding(
                    file,
                    line == 0 ? 0 : line + each.getKey(),
                    "jq",
                    where + each.getValue().word() + " does not work in this jq",
                    each.getValue().instead()));
        }
    }
}
