package io.serai.reload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A copy of the routes folder and the settings file, with links to the samples. What runs was loaded from such a copy and
 * what is checked is one: no edit reaches what runs, and nothing that was not checked is ever loaded.
 *
 * @param folder holds {@code routes}, called like the original, and {@code application.properties}
 * @param hashes of the files that run by name: {@code routes/…} for those of the folder
 * @param tests  how those look that only tests need
 */
public record Snapshot(Path folder, Path original, Map<String, String> hashes, Map<String, Sources.Look> tests) {
    private static final String SETTINGS = "application.properties";
    private static final String ROUTES = "routes/";
    private static final Pattern TESTED = Pattern.compile("/(samples|expected)/");
    private static final int SHORT = 8;

    /**
     * @param whole  with what only tests need, samples and what is expected: they are five files of six, never run, and are
     *               linked to instead of copied
     * @param folder fresh
     * @throws IOException when a file cannot be read or copied
     */
    static Snapshot take(Sources sources, Path folder, boolean whole) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        Map<String, Sources.Look> tests = new TreeMap<>();
        Path routes = folder.resolve(sources.routes().getFileName().toString());
        Files.createDirectories(routes);
        for (Map.Entry<String, Sources.Look> each : sources.files().entrySet()) {
            String name = each.getKey();
            if (runs(name)) {
                hashes.put(ROUTES + name, copied(sources.routes().resolve(name), below(routes, name)));
            } else if (whole) {
                link(below(routes, tested(name)), sources.routes().resolve(tested(name)));
                tests.put(name, each.getValue());
            }
        }
        Path settings = folder.resolve(SETTINGS);
        if (Files.exists(sources.settings())) {
            hashes.put(SETTINGS, copied(sources.settings(), settings));
        } else {
            Files.createFile(settings);
        }
        return new Snapshot(folder, sources.routes(), Collections.unmodifiableMap(hashes), Map.copyOf(tests));
    }

    private static String copied(Path from, Path to) throws IOException {
        byte[] content = Files.readAllBytes(from);
        Files.write(to, content);
        return hash(content);
    }

    /** Where the file of that name is to lie; its folder is made. */
    private static Path below(Path routes, String name) throws IOException {
        Path file = routes.resolve(name);
        if (!Files.exists(file.getParent())) {
            Files.createDirectories(file.getParent());
        }
        return file;
    }

    /** Once for all files behind it. */
    private static void link(Path link, Path original) throws IOException {
        if (!Files.isSymbolicLink(link)) {
            Files.createSymbolicLink(link, original);
        }
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** False for what a running server never reads. */
    private static boolean runs(String name) {
        return !TESTED.matcher(name).find() && !name.endsWith(".md");
    }

    /** The folder that only tests need, or the file where it lies among others. */
    private static String tested(String name) {
        Matcher folder = TESTED.matcher(name);
        return folder.find() ? name.substring(0, folder.end() - 1) : name;
    }

    public Path routes() {
        return folder.resolve(original.getFileName().toString());
    }

    public Path settings() {
        return folder.resolve(SETTINGS);
    }

    /** Whether a check of it would say the same. */
    boolean same(Snapshot other) {
        return hashes.equals(other.hashes) && tests.equals(other.tests);
    }

    /** A short name of what runs: the same for the same files, on each node. */
    public String edit() {
        StringBuilder all = new StringBuilder();
        hashes.forEach((name, hash) -> all.append(name).append(' ').append(hash).append('\n'));
        return hash(all.toString().getBytes(StandardCharsets.UTF_8)).substring(0, SHORT);
    }

    /** False when it had settings that are gone now: an editor may be writing them, and nothing would be told to anybody. */
    boolean keepsSettingsOf(Snapshot before) {
        return hashes.containsKey(SETTINGS) || !before.hashes.containsKey(SETTINGS);
    }

    /** Names of what differs in what runs: changed, new or gone. */
    Set<String> changed(Snapshot before) {
        Set<String> names = new TreeSet<>(hashes.keySet());
        names.addAll(before.hashes.keySet());
        names.removeIf(name -> String.valueOf(hashes.get(name)).equals(before.hashes.get(name)));
        return names;
    }

    /** The providers and notifiers, as {@code providers/<name>}, that are there and of whose own files any differs. */
    Set<String> edited(Snapshot before) {
        Set<String> folders = new TreeSet<>();
        for (String name : changed(before)) {
            List<String> parts = List.of(name.split("/"));
            if (parts.size() > 3) {
                folders.add(parts.get(1) + "/" + parts.get(2));
            }
        }
        return there(folders);
    }

    /**
     * Those whose samples must be looked at again: a provider's descriptor may claim the bodies of any other, or leave them
     * to it.
     */
    Set<String> touched(Snapshot before) {
        Set<String> folders = edited(before);
        for (String name : changed(before)) {
            List<String> parts = List.of(name.split("/"));
            if (parts.size() > 3 && parts.get(3).equals("provider.yaml")) {
                hashes.keySet().stream()
                        .map(each -> each.split("/"))
                        .filter(each -> each.length > 3 && each[1].equals("providers"))
                        .forEach(each -> folders.add("providers/" + each[2]));
            }
        }
        return there(folders);
    }

    private Set<String> there(Set<String> folders) {
        folders.removeIf(each -> hashes.keySet().stream().noneMatch(name -> name.startsWith(ROUTES + each + "/")));
        return folders;
    }

    /** Deletes the copy. */
    void delete() throws IOException {
        delete(folder);
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
