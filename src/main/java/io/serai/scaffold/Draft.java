package io.serai.scaffold;

import io.serai.golden.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A folder that is being written. Nothing is left of it when something goes wrong on the way. */
final class Draft {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    private final Folder folder;
    private final List<String> files = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();

    private Draft(Folder folder) {
        this.folder = folder;
    }

    /** Why no folder can be written. The message is one line for the person at the terminal. */
    static final class Refused extends Exception {
        Refused(String message) {
            super(message, null, false, false);
        }
    }

    /** @throws Refused for a name that cannot be a folder's, or that one has already */
    static Draft of(Path routes, Folder.Kind kind, String name) throws Refused {
        if (!NAME.matcher(name).matches() || name.endsWith("-")) {
            throw new Refused(
                    "The name " + name + " cannot be used: lower-case letters, digits and hyphens, a letter first.");
        }
        Folder taken = Folder.find(routes, name).orElse(null);
        if (taken != null) {
            throw new Refused("There is a " + taken.kind().word() + " " + name + " already, in " + taken.path() + ".");
        }
        return new Draft(new Folder(kind, routes.resolve(kind.parent()).resolve(name)));
    }

    /** What people may call the system of that name, until somebody corrects it. */
    static String title(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1).replace('-', ' ');
    }

    Folder folder() {
        return folder;
    }

    void write(String file, String text) throws IOException {
        Path path = folder.path().resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        files.add(file);
    }

    /** Another one wrote a file of this folder. */
    void wrote(String file) {
        files.add(file);
    }

    /** No field of the sample looked like these canonical fields. */
    void missing(List<String> fields) {
        missing.addAll(fields);
    }

    List<String> missing() {
        return List.copyOf(missing);
    }

    /** What was written, in that order. */
    List<String> files() {
        return List.copyOf(files);
    }

    void drop() throws IOException {
        if (Files.exists(folder.path())) {
            try (Stream<Path> paths = Files.walk(folder.path())) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
