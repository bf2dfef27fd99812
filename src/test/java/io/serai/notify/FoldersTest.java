package io.serai.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.golden.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a folder does is data: decision 10, and the table at the end of docs/provider-spec.md. */
class FoldersTest {
    private static final Path ROUTES = Path.of("routes");
    private static final Path MAIN = Path.of("src/main/java/io/serai");

    /** Folders with Java of their own, for the reasons given there. */
    private static final List<String> WITH_JAVA = List.of("cloudwatch", "dynatrace", "twilio");

    /** A class, or a bean that is there for one vendor. */
    private static final Pattern JAVA = Pattern.compile("(?m)\\b(type|beanType): .*io\\.serai\\.|ref: \"?sns\\b");

    @Test
    void atLeastNineOfTenFoldersHaveNoJava() throws IOException {
        List<Folder> folders = Folder.all(ROUTES);
        TreeSet<String> found = new TreeSet<>();
        for (Folder folder : folders) {
            if (names(folder)) {
                found.add(folder.name());
            }
        }

        // What the provider dynatrace has is named by the start and a command, not by its routes.
        found.add("dynatrace");
        assertThat(found).containsExactlyElementsOf(WITH_JAVA);
        assertThat(folders.size()).isGreaterThanOrEqualTo(10 * WITH_JAVA.size());
    }

    private static boolean names(Folder folder) throws IOException {
        for (Path file : files(folder.path(), ".camel.yaml")) {
            if (JAVA.matcher(Files.readString(file)).find()) {
                return true;
            }
        }
        return false;
    }

    /** Else a vendor's facts would have moved, not gone. */
    @Test
    void whatSendsForAllKnowsNoVendor() throws IOException {
        List<String> vendors = Folder.all(ROUTES).stream()
                .map(Folder::name)
                .filter(name -> !List.of("webhook", "email", "exec", "console", "generic", "serai")
                        .contains(name))
                .toList();
        List<String> said = new ArrayList<>();
        List<Path> general = new ArrayList<>(files(ROUTES.resolve("kamelets"), "-sink.kamelet.yaml"));
        for (String folder : List.of("notify", "deliver")) {
            general.addAll(files(MAIN.resolve(folder), ".java"));
        }
        for (Path file : general) {
            String name = file.getFileName().toString();
            if (name.startsWith("Twilio")) {
                continue;
            }
            String text = Files.readString(file).toLowerCase(Locale.ROOT);
            vendors.stream()
                    .filter(vendor -> Pattern.compile("\\b" + vendor + "\\b")
                            .matcher(text)
                            .find())
                    .forEach(vendor -> said.add(name + " says " + vendor));
        }
        assertThat(said).isEmpty();
    }

    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(each -> each.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }
}
