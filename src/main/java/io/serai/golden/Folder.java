package io.serai.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One provider's or notifier's folder: {@code routes/providers/<name>} or {@code routes/notifiers/<name>}. */
public record Folder(Kind kind, Path path) {

    public enum Kind {
        PROVIDER("providers", "provider.yaml"),
        NOTIFIER("notifiers", "notifier.yaml");

        private final String parent;
        private final String descriptor;

        Kind(String parent, String descriptor) {
            this.parent = parent;
            this.descriptor = descriptor;
        }

        /** Name of the folder that holds all folders of this kind. */
        public String parent() {
            return parent;
        }

        /** Name of the file that describes such a folder. */
        public String descriptor() {
            return descriptor;
        }

        public String word() {
            return this == PROVIDER ? "provider" : "notifier";
        }
    }

    /** All folders below a routes folder, providers first, by name. */
    public static List<Folder> all(Path routes) {
        List<Folder> folders = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            children(routes.resolve(kind.parent())).stream()
                    .filter(Files::isDirectory)
                    .forEach(path -> folders.add(new Folder(kind, path)));
        }
        return folders;
    }

    /** The folder of that name; a provider before a notifier. */
    public static Optional<Folder> find(Path routes, String name) {
        return all(routes).stream().filter(each -> each.name().equals(name)).findFirst();
    }

    public String name() {
        return path.getFileName().toString();
    }

    /** The mapping that turns a sample into what is expected. */
    public Path jq() {
        return path.resolve(name() + ".jq");
    }

    /** A notifier's second mapping, which decides the next request by the answers so far; there or not. */
    public Path next() {
        return path.resolve(name() + "-next.jq");
    }

    public Path descriptor() {
        return path.resolve(kind.descriptor());
    }

    /** The samples by name; none when there is no folder {@code samples}. */
    public List<Sample> samples() {
        return children(path.resolve("samples")).stream()
                .filter(file -> Sample.isBody(file.getFileName().toString()))
                .map(Sample::new)
                .toList();
    }

    /** The files with request headers, those without a sample too. */
    public List<Path> headers() {
        return children(path.resolve("samples")).stream()
                .filter(file -> file.getFileName().toString().endsWith(Sample.HEADERS))
                .toList();
    }

    /** The expected files by name; none when there is no folder {@code expected}. */
    public List<Path> expected() {
        return children(path.resolve("expected")).stream()
                .filter(file -> file.getFileName().toString().endsWith(".json"))
                .toList();
    }

    /** The expected file of a sample, there or not. */
    public Path expected(Sample sample) {
        return path.resolve("expected").resolve(sample.name() + ".json");
    }

    /** Without hidden ones: editors leave those beside what they edit. */
    private static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(each -> !each.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
