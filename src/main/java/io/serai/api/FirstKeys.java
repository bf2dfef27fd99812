package io.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.config.ConfigurationError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The keys that the first start makes, to be shown once (DESIGN 6).
 *
 * @param ingest   for senders of any provider; empty at every later start
 * @param operator for everything; empty at every later start
 */
public record FirstKeys(Optional<String> ingest, Optional<String> operator) {
    private static final String FILE = "cli.key";
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");

    /**
     * Makes what is missing: the two keys, and the command line's own in {@code cli.key} of the data folder.
     *
     * @throws ConfigurationError when that file cannot be written
     */
    public static FirstKeys prepare(Keys keys, Path data) {
        FirstKeys made = new FirstKeys(
                keys.createOnce(List.of("ingest:*"), "first start: senders").map(FirstKeys::text),
                keys.createOnce(List.of("admin"), "first start: operator").map(FirstKeys::text));
        Path file = file(data);
        if (read(file).flatMap(keys::verify).isEmpty()) {
            write(file, text(keys.create(List.of("admin"), "command line in the data folder")));
        }
        return made;
    }

    /** Where the command line finds its own key. */
    public static Path file(Path data) {
        return data.resolve(FILE);
    }

    /** The key in a file; empty when there is none or it may not be read. */
    public static Optional<String> read(Path file) {
        try {
            return Files.isReadable(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String text(ObjectNode made) {
        return made.path("key").asText();
    }

    private static void write(Path file, String key) {
        try {
            Files.deleteIfExists(file);
            // Made with its permissions: between making and narrowing it could be read.
            boolean posix =
                    Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix");
            if (posix) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER));
            } else {
                Files.createFile(file);
            }
            Files.writeString(file, key + "\n", StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new ConfigurationError(
                    "serai.data",
                    "the file " + file + " cannot be written",
                    "Let it be a folder that this user may write");
        }
    }
}
