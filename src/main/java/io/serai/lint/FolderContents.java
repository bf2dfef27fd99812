package io.serai.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.serai.golden.Folder;
import io.serai.golden.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A folder documents and tests itself: README, samples that cover what senders do, an expected file for each. */
final class FolderContents implements Rule {
    private static final int README_LINES = 20;

    @Override
    public void check(Tree tree, Consumer<Finding> findings) {
        for (Folder folder : tree.folders()) {
            readme(tree, folder, findings);
            pairs(tree, folder, findings);
            headers(tree, folder, findings);
            required(tree, folder, findings);
        }
    }

    private static void readme(Tree tree, Folder folder, Consumer<Finding> findings) {
        Path readme = folder.path().resolve("README.md");
        if (!Files.exists(readme)) {
            findings.accept(new Finding(
                    tree.name(readme), 0, "readme", "is missing", "Say in five lines how to set the other side up"));
            return;
        }
        try (Stream<String> lines = Files.lines(readme)) {
            long count = lines.filter(line -> !line.isBlank()).count();
            if (count > README_LINES) {
                findings.accept(new Finding(
                        tree.name(readme),
                        0,
                        "readme",
                        "has " + count + " lines",
                        "Keep it to " + README_LINES + " at most"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pairs(Tree tree, Folder folder, Consumer<Finding> findings) {
        TreeSet<String> samples = new TreeSet<>();
        TreeSet<String> expected = new TreeSet<>();
        folder.expected().forEach(file -> expected.add(file.getFileName().toString()));
        for (Sample sample : folder.samples()) {
            String name = sample.name() + ".json";
            if (!samples.add(name)) {
                findings.accept(new Finding(
                        tree.name(sample.file()),
                        0,
                        "samples",
                        "has the name of another sample",
                        "Name it otherwise: both would have one expected/" + name));
            } else if (!expected.contains(name)) {
                findings.accept(new Finding(
                        tree.name(sample.file()),
                        0,
                        "samples",
                        "has no expected/" + name,
                        "Write it, or let ./serai test " + folder.name() + " --update write it and read it"));
            }
        }
        for (String name : expected) {
            if (!samples.contains(name)) {
                findings.accept(new Finding(
                        tree.name(folder.path().resolve("expected/" + name)),
                        0,
                        "samples",
                        "belongs to no sample",
                        "Add samples/" + name + " or delete it"));
            }
        }
    }

    private static void headers(Tree tree, Folder folder, Consumer<Finding> findings) {
        for (Path file : folder.headers()) {
            if (folder.samples().stream()
                    .noneMatch(sample -> sample.headersFile().equals(file))) {
                findings.accept(new Finding(
                        tree.name(file), 0, "samples", "belongs to no sample", "Add the body beside it or delete it"));
            }
        }
    }

    private static void required(Tree tree, Folder folder, Consumer<Finding> findings) {
        List<String> names = folder.samples().stream().map(Sample::name).toList();
        String samples = tree.name(folder.path().resolve("samples"));
        if (names.isEmpty()) {
            findings.accept(new Finding(samples, 0, "samples", "is empty", "Add what is sent, one file for each case"));
        }
        if (folder.kind() == Folder.Kind.PROVIDER) {
            for (String word : words(tree, folder)) {
                if (names.stream().noneMatch(name -> name.contains(word))) {
                    findings.accept(new Finding(
                            samples, 0, "samples", "none is called " + word, "Add one whose name contains that"));
                }
            }
        }
    }

    /** A sender that has no word for it cannot resolve. */
    private static List<String> words(Tree tree, Folder folder) {
        List<String> words = new ArrayList<>(List.of("firing", "missing-severity", "unknown-field"));
        for (JsonNode ours : tree.descriptor(folder)
                .map(YamlFile::tree)
                .map(each -> each.path("status"))
                .orElseGet(MissingNode::getInstance)) {
            if ("resolved".equals(ours.asText())) {
                words.add("resolved");
                break;
            }
        }
        return words;
    }
}
