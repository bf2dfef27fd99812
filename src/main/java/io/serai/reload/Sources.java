package io.serai.reload;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The files that say what runs: the routes folder and the settings file. Looked at by attributes, as neither network file
 * systems nor bind mounts report changes. What editors leave beside a file is none of them.
 */
final class Sources {
    private static final Set<String> OTHERS = Set.of("swp", "swx", "tmp", "bak", "orig");
    private static final int DEPTH = 6;

    private final Path routes;
    private final Path settings;

    /** How a file looks from outside. */
    record Look(long size, FileTime modified, Object key) {}

    Sources(Path routes, Path settings) {
        this.routes = routes.toAbsolutePath().normalize();
        this.settings = settings.toAbsolutePath().normalize();
    }

    Path routes() {
        return routes;
    }

    Path settings() {
        return settings;
    }

    /** How all files look now; links count as what they lead to. One that comes and goes meanwhile may be missing. */
    Map<Path, Look> look() {
        Map<Path, Look> looks = new HashMap<>();
        try {
            walk((file, attributes) -> looks.put(file, look(attributes)));
            looks.put(settings, look(Files.readAttributes(settings, BasicFileAttributes.class)));
        } catch (IOException e) {
            // As far as it came: the next look differs, or the attempt to copy it says why.
        }
        return looks;
    }

    /** The files of the routes folder by their names in it, with slashes, and how they look. */
    SortedMap<String, Look> files() throws IOException {
        SortedMap<String, Look> files = new TreeMap<>();
        walk((file, attributes) -> files.put(routes.relativize(file).toString().replace('\\', '/'), look(attributes)));
        return Collections.unmodifiableSortedMap(files);
    }

    private void walk(BiConsumer<Path, BasicFileAttributes> each) throws IOException {
        Files.walkFileTree(routes, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEPTH, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean other = !folder.equals(routes)
                        && folder.getFileName().toString().startsWith(".");
                return other ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !other(file.getFileName().toString())) {
                    each.accept(file, attributes);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) throws IOException {
                if (file.equals(routes)) {
                    throw gone;
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** What editors leave: hidden files, copies of before, and Vim's trial file, whose name is a number. */
    private static boolean other(String name) {
        return name.startsWith(".")
                || name.endsWith("~")
                || OTHERS.contains(name.substring(name.lastIndexOf('.') + 1))
                || name.chars().allMatch(Character::isDigit);
    }

    private static Look look(BasicFileAttributes attributes) {
        return new Look(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }
}
