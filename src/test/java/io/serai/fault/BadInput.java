package io.serai.fault;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Public corpora of hostile input, which do not belong to this repository. They are looked for in
 * {@code ../shared/badinput}, or where {@code -Dserai.badinput=DIR} says.
 */
final class BadInput {
    private BadInput() {}

    /** A file or folder of them; the test that asks is skipped, and says so, where there are none. */
    static Path path(String name) {
        Path path = Path.of(System.getProperty("serai.badinput", "../shared/badinput"), name);
        if (!Files.exists(path)) {
            System.out.println("skipped: there is no " + path + "; -Dserai.badinput=DIR names another folder");
            abort("no " + path);
        }
        return path;
    }

    static List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(path(folder))) {
            return files.sorted().toList();
        }
    }
}
