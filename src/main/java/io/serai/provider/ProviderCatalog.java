package io.serai.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.serai.config.ConfigurationError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All provider folders below {@code routes/providers}, by name. Read once at start. */
public final class ProviderCatalog {
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Map<String, Provider> providers;

    private ProviderCatalog(Map<String, Provider> providers) {
        this.providers = providers;
    }

    /** @throws ConfigurationError naming the file that cannot be read */
    public static ProviderCatalog load(Path routes) {
        Map<String, Provider> providers = new TreeMap<>();
        Path folder = routes.resolve("providers");
        try (Stream<Path> folders = Files.list(folder)) {
            for (Path each : folders.filter(Files::isDirectory).sorted().toList()) {
                Path file = each.resolve("provider.yaml");
                if (Files.exists(file)) {
                    Provider provider = read(file);
                    providers.put(provider.name(), provider);
                }
            }
        } catch (IOException e) {
            throw new ConfigurationError(
                    "serai.routes", "the folder " + folder + " cannot be read", "Give the routes folder of Serai");
        }
        return new ProviderCatalog(providers);
    }

    private static Provider read(Path file) {
        try {
            Provider provider = YAML.readValue(Files.readString(file), Provider.class);
            String folder = file.getParent().getFileName().toString();
            if (!folder.equals(provider.name())) {
                throw new ConfigurationError(
                        file.toString(), "name is " + provider.name(), "Name it like its folder, " + folder);
            }
            return provider;
        } catch (JsonProcessingException e) {
            throw new ConfigurationError(
                    file.toString(),
                    e.getOriginalMessage().lines().findFirst().orElse("is not YAML"),
                    "Correct the file");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<Provider> find(String name) {
        return Optional.ofNullable(providers.get(name));
    }

    /** @throws IllegalArgumentException for a name that no folder has: callers take names from routes, not senders */
    public Provider get(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("no provider " + name));
    }

    public Collection<Provider> all() {
        return providers.values();
    }

    /** Every form of body that some provider takes: what the generic door takes. */
    public Set<String> forms() {
        return all().stream().flatMap(each -> each.body().stream()).collect(Collectors.toUnmodifiableSet());
    }
}
