package io.serai.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Says which setting an environment variable means: {@code SERAI_} and the rest of the key in upper case, dots and hyphens
 * as underscores. What that leaves open (is {@code OPS_SLACK_URL} a setting of {@code ops} or of {@code ops-slack}?) is
 * decided by the names that exist: folders of providers, and what the file and the environment declare; the longest wins.
 */
final class EnvironmentNames {
    private static final String PREFIX = "SERAI_";
    private static final String NOTIFIER = "_NOTIFIER";
    /** Read by the launcher and the command line. */
    private static final Set<String> OTHERS = Set.of("SERAI_JAVA_OPTS", "SERAI_CONFIG", "SERAI_KEY", "SERAI_URL");
    /** Settings that stand together below a dot, in both families. */
    private static final Set<String> GROUPS = Set.of("retry", "proxy", "breaker");

    private final Map<String, String> known = new TreeMap<>();
    private final Set<String> owners =
            new TreeSet<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    EnvironmentNames(Collection<String> fileKeys, Collection<String> variables, Path routes) {
        SettingsCatalog.all().forEach(setting -> known.put(variable(setting.key()), setting.key()));
        for (String key : fileKeys) {
            known.put(variable(key), key);
            owner(key).ifPresent(owners::add);
        }
        String destination = variable(SettingsCatalog.DESTINATION);
        for (String name : variables) {
            if (name.startsWith(destination) && name.endsWith(NOTIFIER) && name.length() > destination.length() + 9) {
                owners.add(SettingsCatalog.DESTINATION
                        + hyphens(name.substring(destination.length(), name.length() - NOTIFIER.length())) + ".");
            }
        }
        providerFolders(routes);
    }

    private void providerFolders(Path routes) {
        try (Stream<Path> folders = Files.list(routes.resolve("providers"))) {
            folders.filter(Files::isDirectory)
                    .forEach(each -> owners.add(SettingsCatalog.PROVIDER + each.getFileName() + "."));
        } catch (IOException absent) {
            // The provider catalogue says so with the remedy when it is asked.
        }
    }

    static boolean isSetting(String variable) {
        return variable.startsWith(PREFIX) && !OTHERS.contains(variable);
    }

    /** @throws ConfigurationError when no key can be meant */
    String key(String variable) {
        String exact = known.get(variable);
        if (exact != null) {
            return exact;
        }
        for (String owner : owners) {
            String prefix = variable(owner);
            if (variable.startsWith(prefix) && variable.length() > prefix.length()) {
                return owner + setting(variable.substring(prefix.length()));
            }
        }
        throw new ConfigurationError(
                variable,
                "is no setting",
                Nearest.to(variable, known.keySet())
                        .map(name -> "Did you mean " + name + "?")
                        .orElse(
                                variable.startsWith(variable(SettingsCatalog.DESTINATION))
                                        ? "Declare the destination with " + variable(SettingsCatalog.DESTINATION)
                                                + "<NAME>" + NOTIFIER
                                        : "Remove it from the environment"));
    }

    /** The key up to the setting's own name: {@code serai.provider.dynatrace.eu.}. */
    private static Optional<String> owner(String key) {
        if (!key.startsWith(SettingsCatalog.PROVIDER) && !key.startsWith(SettingsCatalog.DESTINATION)) {
            return Optional.empty();
        }
        int dot = key.lastIndexOf('.');
        int before = key.lastIndexOf('.', dot - 1);
        boolean grouped = before > 0 && GROUPS.contains(key.substring(before + 1, dot));
        return Optional.of(key.substring(0, (grouped ? before : dot) + 1));
    }

    private static String setting(String rest) {
        String name = hyphens(rest);
        for (String group : GROUPS) {
            if (name.startsWith(group + "-")) {
                return group + "." + name.substring(group.length() + 1);
            }
        }
        return name;
    }

    private static String hyphens(String upper) {
        return upper.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
