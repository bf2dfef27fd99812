package io.serai.lint;

import io.serai.config.Nearest;
import io.serai.config.Setting;
import io.serai.config.Settings;
import io.serai.config.SettingsCatalog;
import io.serai.golden.Folder;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;

/** {@code application.properties} beside the routes folder: keys that exist, names that have a folder, no secret in clear. */
final class ApplicationProperties implements Rule {
    private static final String RULE = "setting";
    /** What Camel offers and must not be used here, and what would follow. */
    private static final Map<String, String> FORBIDDEN = Map.ofEntries(
            Map.entry("camel.main.exchangefactory", "pooled exchanges with a breaker lose their bodies"),
            Map.entry("camel.main.routesreload", "a reload that fails leaves no routes"),
            Map.entry("camel.main.sourcelocation", "it is for development"),
            Map.entry("camel.main.profile", "the profile dev opens a console that takes code"),
            Map.entry("camel.main.devconsole", "a console that takes code"),
            Map.entry("camel.main.tracing", "bodies and headers would be in the log"),
            Map.entry("camel.main.backlogtracing", "bodies and headers would be kept and shown"),
            Map.entry("camel.main.debugging", "a debugger may change messages"),
            Map.entry("camel.main.streamcachingenabled", "a body that was read once would be empty"),
            Map.entry("camel.trace.", "bodies and headers would be kept and shown"),
            Map.entry("camel.debug.", "a debugger may change messages"),
            Map.entry("camel.server.", "the door is Serai's own: this one is not authenticated"),
            Map.entry("camel.management.", "the management port is Serai's own: this one offers more than it should"),
            Map.entry("camel.component.http.followredirects", "credentials go to wherever a redirect points"),
            Map.entry("camel.dataformat.", "bodies are read by Serai's own strict reader only"),
            Map.entry("camel.beans.", "an object of any class could be made"));
    /** Keys that keep what is wanted by being false; of all others false is the default. */
    private static final String CACHE = "camel.main.streamcachingenabled";

    private final CamelCatalog catalog = new DefaultCamelCatalog(true);

    @Override
    public void check(Tree tree, Consumer<Finding> findings) {
        Path file = tree.routes().resolveSibling("application.properties");
        if (!Files.exists(file)) {
            return;
        }
        try {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                Properties one = new Properties();
                one.load(new StringReader(lines.get(i)));
                for (String key : one.stringPropertyNames()) {
                    check(
                            tree,
                            tree.name(file),
                            i + 1,
                            key,
                            one.getProperty(key).strip(),
                            findings);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void check(Tree tree, String file, int line, String key, String value, Consumer<Finding> findings) {
        if (Settings.secret(key) && !value.isEmpty() && !value.contains("{{")) {
            findings.accept(new Finding(
                    file, line, "secret", key + " stands here in clear", "Write {{env:NAME}} or {{file:/path}}"));
        }
        if (key.startsWith("serai.provider.")) {
            String name = part(key);
            if (tree.folders().stream().noneMatch(each -> is(each, Folder.Kind.PROVIDER, name))) {
                findings.accept(new Finding(file, line, RULE, "there is no provider " + name, "Correct " + key));
            }
        } else if (key.startsWith("serai.destination.")) {
            if (key.endsWith(".notifier")
                    && tree.folders().stream().noneMatch(each -> is(each, Folder.Kind.NOTIFIER, value))) {
                findings.accept(new Finding(file, line, RULE, "there is no notifier " + value, "Correct " + key));
            }
        } else if (key.startsWith("serai.")) {
            if (SettingsCatalog.find(key).isEmpty()) {
                List<String> known =
                        SettingsCatalog.all().stream().map(Setting::key).toList();
                findings.accept(new Finding(
                        file,
                        line,
                        RULE,
                        key + " is no setting",
                        Nearest.to(key, known)
                                .map(name -> "Did you mean " + name + "?")
                                .orElse("Delete it")));
            }
        } else if (key.startsWith("camel.")) {
            camel(file, line, key, value, findings);
        }
    }

    private void camel(String file, int line, String key, String value, Consumer<Finding> findings) {
        String plain = key.toLowerCase(Locale.ROOT).replace("-", "");
        String forbidden = FORBIDDEN.entrySet().stream()
                .filter(each -> plain.startsWith(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
        boolean wanted = "false".equals(value) != plain.equals(CACHE);
        if (forbidden != null && !wanted) {
            findings.accept(new Finding(file, line, RULE, key + " is forbidden: " + forbidden, "Delete it"));
        } else if (!catalog.validateConfigurationProperty(key + "=" + value).isSuccess()) {
            findings.accept(new Finding(
                    file, line, RULE, key + " is no setting of Camel 4.17, or cannot be this", "Delete or correct it"));
        }
    }

    private static String part(String key) {
        String rest = key.substring("serai.provider.".length());
        return rest.substring(0, Math.max(0, rest.indexOf('.')));
    }

    private static boolean is(Folder folder, Folder.Kind kind, String name) {
        return folder.kind() == kind && folder.name().equals(name);
    }
}
