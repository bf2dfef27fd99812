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
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The files that say what runs: the routes folder and the settings file. Looked at by attributes, as neither network file
 * systems nor bind mounts report changes. What editors leave beside a file is none of them.
 */
final class Sources {
    private static final Pattern OTHERS = Pattern.compile("\\..*|.*~|.*\\.(swp|swx|tmp|bak|orig)|[0-9]+");
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
        Map<Path, Look> looks = new TreeMap<>();
        try {
            files().forEach((name, file) -> looks.put(file.path(), file.look()));
            looks.put(settings, look(Files.readAttributes(settings, BasicFileAttributes.class)));
        } catch (IOException e) {
            // As far as it came: the next look differs, or the attempt to copy it says why.
        }
        return looks;
    }

    record Found(Path path, Look look) {}

    /** The files of the routes folder by their names in it, with slashes. */
    SortedMap<String, Found> files() throws IOException {
        SortedMap<String, Found> files = new TreeMap<>();
        Files.walkFileTree(routes, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEPTH, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean other = !folder.equals(routes)
                        && folder.getFileName().toString().startsWith(".");
                return other ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()
                        && !OTHERS.matcher(file.getFileName().toString()).matches()) {
                    String name = routes.relativize(file).toString().replace('\\', '/');
                    files.put(name, new Found(file, Sources.look(attributes)));
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
        return Collections.unmodifiableSortedMap(files);
    }

    private static Look look(BasicFileAttributes attributes) {
        return new Look(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }
}
