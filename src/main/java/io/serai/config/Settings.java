package io.serai.config;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All settings, checked: {@code application.properties}, over it the environment ({@code SERAI_PORT}), over that the
 * command line. A key that does not exist, or a value that is not of its type and range, never gets past {@link #load}
 * (P9). {@code camel.*} keys, and keys of other names, which are the operator's own for use in routes, are left as they are.
 */
public final class Settings {
    private static final Pattern FAMILY =
            Pattern.compile("serai\\.(provider(\\.[a-z0-9][a-z0-9-]*){2,4}|destination(\\.[a-z0-9][a-z0-9-]*){2,3})");
    private static final Pattern SECRET = Pattern.compile(".*[.-](password|passwd|token|secret|credentials?)"
            + "|.*\\.key|.*(api|access|private|secret|signing|routing|integration|service)-key");

    /** A password among the parameters of a database's address. */
    private static final Pattern JDBC_SECRET = Pattern.compile("(?i)[?&;][a-z-]*password=([^&;]+)");

    private final Sources sources;
    private final Map<String, String> values;

    /** Where they came from. */
    private record Sources(Path home, Path file, Map<String, String> environment, Map<String, String> overrides) {}

    private Settings(Sources sources, Map<String, String> values) {
        this.sources = sources;
        this.values = Collections.unmodifiableMap(values);
    }

    /**
     * @param home        what relative paths in the file and the environment start from
     * @param file        the properties file; null for {@code application.properties} in home, which may be absent
     * @param environment all environment variables; only {@code SERAI_…} are settings
     * @param overrides   from the command line, by key
     * @throws ConfigurationError naming the first key that is wrong and the remedy, never a value
     */
    public static Settings load(Path home, Path file, Map<String, String> environment, Map<String, String> overrides) {
        Path source = file == null ? home.resolve("application.properties") : file;
        Map<String, String> given =
                file == null && !Files.exists(source) ? new TreeMap<>() : PropertiesFile.read(source);
        return of(new Sources(home, source, Map.copyOf(environment), Map.copyOf(overrides)), given);
    }

    private static Settings of(Sources sources, Map<String, String> given) {
        Path routes = sources.home()
                .resolve(
                        sources.overrides().getOrDefault("serai.routes", given.getOrDefault("serai.routes", "routes")));
        addEnvironment(given, sources.environment(), routes);
        given.putAll(sources.overrides());

        Map<String, String> values = new TreeMap<>();
        SettingsCatalog.all().forEach(setting -> values.put(setting.key(), setting.fallback()));
        try (Placeholders placeholders = new Placeholders(sources.home(), sources.environment(), given)) {
            given.forEach((key, value) -> values.put(key, accept(placeholders, key, value)));
        }
        return new Settings(sources, values);
    }

    /**
     * The same sources read again, the properties from a copy of their file.
     *
     * @param overrides win over all else
     * @throws ConfigurationError as {@link #load}
     */
    public Settings again(Path copy, Map<String, String> overrides) {
        Map<String, String> all = new TreeMap<>(sources.overrides());
        all.putAll(overrides);
        return of(
                new Sources(sources.home(), sources.file(), sources.environment(), Map.copyOf(all)),
                PropertiesFile.read(copy));
    }

    /** The properties file, there or not. */
    public Path file() {
        return sources.file();
    }

    private static void addEnvironment(Map<String, String> given, Map<String, String> environment, Path routes) {
        Set<String> referred = Placeholders.variables(given.values());
        Set<String> variables = new TreeSet<>(environment.keySet());
        variables.removeIf(name -> !EnvironmentNames.isSetting(name) || referred.contains(name));
        EnvironmentNames names = new EnvironmentNames(given.keySet(), variables, routes);
        for (String variable : variables) {
            given.put(names.key(variable), environment.get(variable).strip());
        }
    }

    private static String accept(Placeholders placeholders, String key, String value) {
        if (key.startsWith("camel.")) {
            return value;
        }
        Setting declared = SettingsCatalog.find(key).orElse(null);
        if (declared == null && !FAMILY.matcher(key).matches()) {
            refuseUnknown(key);
            return value;
        }
        String resolved = placeholders.resolve(key, value);
        if (declared == null) {
            return resolved;
        }
        if (resolved.isEmpty()) {
            return declared.fallback();
        }
        declared.check(resolved);
        return resolved;
    }

    private static void refuseUnknown(String key) {
        List<String> known = SettingsCatalog.all().stream().map(Setting::key).toList();
        String near =
                Nearest.to(key, known).map(name -> "Did you mean " + name + "?").orElse(null);
        if (near != null) {
            throw new ConfigurationError(key, "is no setting", near);
        }
        if (key.startsWith(SettingsCatalog.PROVIDER) || key.startsWith(SettingsCatalog.DESTINATION)) {
            throw new ConfigurationError(
                    key,
                    "is no setting of a provider or destination",
                    "Write " + SettingsCatalog.PROVIDER + "<name>.<setting> or " + SettingsCatalog.DESTINATION
                            + "<name>.<setting> in lower-case letters, digits and hyphens");
        }
        if (key.startsWith("serai.")) {
            throw new ConfigurationError(key, "is no setting", "Delete it, or see application.properties for all keys");
        }
    }

    /** The folder that Serai runs from. */
    public Path home() {
        return sources.home();
    }

    /** @throws IllegalArgumentException for a key that nobody declared: a mistake of ours, not of the operator */
    public String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("undeclared setting " + key);
        }
        return value;
    }

    public int number(String key) {
        return Integer.parseInt(text(key));
    }

    public double decimal(String key) {
        return Double.parseDouble(text(key));
    }

    /** Bytes. */
    public long size(String key) {
        return Values.size(text(key)).orElseThrow();
    }

    public Duration duration(String key) {
        return Values.duration(text(key)).orElseThrow();
    }

    public boolean flag(String key) {
        return Boolean.parseBoolean(text(key));
    }

    /** The words between the commas, without blanks and empty ones. */
    public List<String> list(String key) {
        return Values.words(text(key));
    }

    /** A relative path starts from {@link #home}. */
    public Path path(String key) {
        return sources.home().resolve(text(key)).normalize();
    }

    /** This node's name: as configured, else the host's with the port, so that two on one host differ. */
    public String node() {
        String configured = text("serai.node");
        if (!configured.isEmpty()) {
            return configured;
        }
        try {
            return InetAddress.getLocalHost().getHostName() + ":" + number("serai.port");
        } catch (UnknownHostException e) {
            return "node:" + number("serai.port");
        }
    }

    /** Every key with its value, defaults too. */
    public Map<String, String> all() {
        return values;
    }

    /** The keys that begin with the prefix, whole, with their values: one family, or all of {@code camel.}. */
    public Map<String, String> startingWith(String prefix) {
        Map<String, String> found = new TreeMap<>(values);
        found.keySet().removeIf(key -> !key.startsWith(prefix));
        return found;
    }

    /** True when the name of a key says that its value must not be shown. Provider and notifier files mark further ones. */
    public static boolean secret(String key) {
        return SECRET.matcher(key).matches();
    }

    /** The values that logs must not show, for {@link Redaction}. */
    public Collection<String> secretValues() {
        Set<String> secrets = new TreeSet<>();
        values.forEach((key, value) -> {
            if (secret(key) && !value.isEmpty()) {
                secrets.add(value);
            }
            if (value.startsWith("jdbc:")) {
                Matcher parameter = JDBC_SECRET.matcher(value);
                while (parameter.find()) {
                    secrets.add(parameter.group(1));
                    secrets.add(URLDecoder.decode(parameter.group(1), StandardCharsets.UTF_8));
                }
            }
        });
        return secrets;
    }

    /** Keys only: values may be secrets. */
    @Override
    public String toString() {
        return "Settings" + values.keySet();
    }
}
