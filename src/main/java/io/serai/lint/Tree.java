package io.serai.lint;

import io.serai.golden.Folder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A routes folder, read once: route files, Kamelets, provider and notifier folders.
 *
 * @param descriptors those that can be read
 */
record Tree(
        Path routes,
        List<YamlFile> routeFiles,
        List<YamlFile> kamelets,
        List<Folder> folders,
        Map<Folder, YamlFile> descriptors) {

    /** Reads everything; what is not YAML becomes a finding and is left out. */
    static Tree read(Path routes, Consumer<Finding> findings) {
        Path home = routes.toAbsolutePath().normalize();
        List<YamlFile> routeFiles = new ArrayList<>();
        List<YamlFile> kamelets = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(home)) {
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                boolean kamelet = file.toString().endsWith(".kamelet.yaml");
                if (kamelet || file.toString().endsWith(".camel.yaml")) {
                    yaml(home, file, findings).ifPresent((kamelet ? kamelets : routeFiles)::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Folder> folders = Folder.all(home);
        return new Tree(home, List.copyOf(routeFiles), List.copyOf(kamelets), folders, descriptors(home, folders));
    }

    private static Map<Folder, YamlFile> descriptors(Path home, List<Folder> folders) {
        Map<Folder, YamlFile> descriptors = new HashMap<>();
        for (Folder folder : folders) {
            try {
                descriptors.put(folder, YamlFile.read(folder.descriptor(), name(home, folder.descriptor())));
            } catch (IOException | YamlEngineException e) {
                // The rule about descriptors says so.
            }
        }
        return Map.copyOf(descriptors);
    }

    /** A provider's or notifier's descriptor; empty when it cannot be read. */
    Optional<YamlFile> descriptor(Folder folder) {
        return Optional.ofNullable(descriptors.get(folder));
    }

    private static Optional<YamlFile> yaml(Path home, Path file, Consumer<Finding> findings) throws IOException {
        String name = name(home, file);
        try {
            return Optional.of(YamlFile.read(file, name));
        } catch (YamlEngineException e) {
            int line = e instanceof MarkedYamlEngineException marked
                    ? marked.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0)
                    : 0;
            String problem = e instanceof MarkedYamlEngineException marked ? marked.getProblem() : e.getMessage();
            findings.accept(new Finding(
                    name, line, "yaml", "this is not YAML: " + problem, "Correct the line, or the one before it"));
            return Optional.empty();
        }
    }

    /** A file's name in findings. */
    String name(Path file) {
        return name(routes, file);
    }

    private static String name(Path home, Path file) {
        return home.getParent()
                .relativize(file.toAbsolutePath().normalize())
                .toString()
                .replace('\\', '/');
    }

    /** Route files and Kamelets. */
    List<YamlFile> all() {
        return Stream.concat(routeFiles.stream(), kamelets.stream()).toList();
    }

    Optional<YamlFile> kamelet(String name) {
        return kamelets.stream().filter(each -> each.baseName().equals(name)).findFirst();
    }

    /** The route files of a folder. */
    List<YamlFile> routeFiles(Folder folder) {
        return routeFiles.stream()
                .filter(each -> each.path().startsWith(folder.path()))
                .toList();
    }

    /** The provider's or notifier's folder that a file lies in. */
    Optional<Folder> folder(YamlFile file) {
        return folders.stream()
                .filter(each -> file.path().startsWith(each.path()))
                .findFirst();
    }
}
