package io.serai.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts secrets from outside into values: <code>{{env:NAME}}</code>, <code>{{env:NAME:otherwise}}</code>,
 * <code>{{file:/path}}</code>, of whose content a last line end is cut off, and those of {@link VaultSecrets}.
 */
final class Placeholders implements AutoCloseable {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]*)}}");
    private static final Pattern VARIABLE = Pattern.compile("\\{\\{env:([A-Za-z_][A-Za-z0-9_]*)");
    private static final int MAX_FILE = 64 * 1024;

    private final Path home;
    private final Map<String, String> environment;
    private final VaultSecrets vault;

    /** @param given all settings, of which {@code camel.vault.*} say where a vault is */
    Placeholders(Path home, Map<String, String> environment, Map<String, String> given) {
        this.home = home;
        this.environment = environment;
        Map<String, String> properties = new TreeMap<>(given);
        properties.keySet().removeIf(key -> !key.startsWith("camel.vault."));
        properties.replaceAll((key, value) -> {
            String resolved = value.contains("{{") ? resolve(key, value) : value;
            if (Settings.secret(key)) {
                Redaction.hide(List.of(resolved));
            }
            return resolved;
        });
        vault = new VaultSecrets(properties);
    }

    /** The environment variables that values refer to: these are not settings, whatever their names begin with. */
    static Set<String> variables(Iterable<String> values) {
        Set<String> names = new TreeSet<>();
        for (String value : values) {
            Matcher matcher = VARIABLE.matcher(value);
            while (matcher.find()) {
                names.add(matcher.group(1));
            }
        }
        return names;
    }

    /** @throws ConfigurationError naming the key when what it refers to is missing */
    String resolve(String key, String value) {
        Matcher matcher = PLACEHOLDER.matcher(value);
        StringBuilder resolved = new StringBuilder();
        int from = 0;
        while (matcher.find()) {
            resolved.append(value, from, matcher.start()).append(lookup(key, matcher.group(1)));
            from = matcher.end();
        }
        return resolved.append(value, from, value.length()).toString();
    }

    private String lookup(String key, String reference) {
        if (reference.startsWith("env:")) {
            String[] parts = reference.substring("env:".length()).split(":", 2);
            String value = environment.get(parts[0]);
            if (value == null && parts.length == 1) {
                throw new ConfigurationError(
                        key, "the environment variable " + parts[0] + " is not set", "Set it before the start");
            }
            return value == null ? parts[1] : value;
        }
        if (reference.startsWith("file:")) {
            return content(key, reference.substring("file:".length()));
        }
        if (vault != null && VaultSecrets.named(reference)) {
            return vault.value(key, reference);
        }
        throw new ConfigurationError(key, "has a placeholder of no known kind", "Write {{env:NAME}} or {{file:/path}}");
    }

    @Override
    public void close() {
        vault.close();
    }

    private String content(String key, String name) {
        try {
            Path file = home.resolve(name);
            if (Files.size(file) > MAX_FILE) {
                throw new ConfigurationError(key, "the file " + name + " is too large", "Let it hold the value only");
            }
            return Files.readString(file, StandardCharsets.UTF_8).replaceFirst("\\R\\z", "");
        } catch (IOException | InvalidPathException e) {
            throw new ConfigurationError(
                    key,
                    "the file " + name + " cannot be read",
                    "Make it, readable for this user, or correct the path");
        }
    }
}
