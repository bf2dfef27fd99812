package io.serai.deliver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.serai.config.ConfigurationError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All notifier folders below {@code routes/notifiers}, by name. Read once at start. */
public final class NotifierCatalog {
    private static final ObjectMapper YAML = YAMLMapper.builder().build();

    private final Map<String, Notifier> notifiers;

    private NotifierCatalog(Map<String, Notifier> notifiers) {
        this.notifiers = Collections.unmodifiableMap(notifiers);
    }

    /** @throws ConfigurationError naming the file that cannot be read */
    public static NotifierCatalog load(Path routes) {
        Map<String, Notifier> notifiers = new TreeMap<>();
        Path folder = routes.resolve("notifiers");
        try (Stream<Path> folders = Files.list(folder)) {
            for (Path each : folders.filter(Files::isDirectory).sorted().toList()) {
                Path file = each.resolve("notifier.yaml");
                if (Files.exists(file)) {
                    Notifier notifier = read(file);
                    notifiers.put(notifier.name(), notifier);
                }
            }
        } catch (IOException e) {
            throw new ConfigurationError(
                    "serai.routes", "the folder " + folder + " cannot be read", "Give the routes folder of Serai");
        }
        return new NotifierCatalog(notifiers);
    }

    private static Notifier read(Path file) throws IOException {
        try {
            Notifier notifier = YAML.readValue(Files.readString(file), Notifier.class);
            String folder = file.getParent().getFileName().toString();
            if (!folder.equals(notifier.name())) {
                throw new ConfigurationError(
                        file.toString(), "name is " + notifier.name(), "Name it like its folder, " + folder);
            }
            return notifier;
        } catch (JsonProcessingException e) {
            throw new ConfigurationError(
                    file.toString(),
                    e.getOriginalMessage().lines().findFirst().orElse("is not YAML"),
                    "Correct the file");
        }
    }

    public Optional<Notifier> find(String name) {
        return Optional.ofNullable(notifiers.get(name));
    }

    public Set<String> names() {
        return notifiers.keySet();
    }

    public Collection<Notifier> all() {
        return notifiers.values();
    }
}
