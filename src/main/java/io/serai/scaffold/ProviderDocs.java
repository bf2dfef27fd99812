package io.serai.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.serai.golden.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code docs/providers.md}: what the folders say of themselves. A test fails when it is stale. */
public final class ProviderDocs {
    private static final ObjectMapper YAML = new YAMLMapper();

    private ProviderDocs() {}

    /** Writes the page of a checkout anew; does nothing where there is no such page. */
    public static void refresh(Path routes) throws IOException {
        Path page = page(routes);
        if (Files.exists(page)) {
            Files.writeString(page, text(routes));
        }
    }

    static Path page(Path routes) {
        return routes.toAbsolutePath().normalize().resolveSibling("docs").resolve("providers.md");
    }

    /** The page as it should be. */
    static String text(Path routes) throws IOException {
        StringBuilder page = new StringBuilder(
                """
                <!-- Made from routes/*/*/provider.yaml and notifier.yaml: change those, then run
                     mvn test -Dtest=ProviderDocsTest -Dgolden.update=true -->
                # Providers and notifiers

                ## Providers: who sends

                Each posts to `/api/alerts/event/<name>`, or to `/api/alerts/event` where its bodies are recognised.

                | name | system | how | recognised by its body | authentication |
                |---|---|---|---|---|
                """);
        for (Folder folder : folders(routes, Folder.Kind.PROVIDER)) {
            JsonNode provider = YAML.readTree(Files.readString(folder.descriptor()));
            page.append("| " + link(folder) + " | " + outside(provider) + " | " + words(provider.path("kind")) + " | "
                    + (!provider.has("detect")
                            ? "no"
                            : provider.path("fallback").asBoolean() ? "asked last" : "yes") + " | "
                    + (provider.has("auth") ? words(provider.get("auth")) : "key") + " |\n");
        }
        for (Folder folder : folders(routes, Folder.Kind.PROVIDER)) {
            settings(folder, "serai.provider." + folder.name() + ".", page);
        }
        page.append(
                """

                ## Notifiers: who is told

                Each destination names one: `serai.destination.<destination>.notifier=<name>`.

                | name | what it does |
                |---|---|
                """);
        for (Folder folder : folders(routes, Folder.Kind.NOTIFIER)) {
            JsonNode notifier = YAML.readTree(Files.readString(folder.descriptor()));
            page.append("| " + link(folder) + " | " + outside(notifier) + ": " + cell(notifier.path("description"))
                    + " |\n");
        }
        for (Folder folder : folders(routes, Folder.Kind.NOTIFIER)) {
            settings(folder, "serai.destination.<destination>.", page);
        }
        return page.toString();
    }

    private static List<Folder> folders(Path routes, Folder.Kind kind) {
        return Folder.all(routes).stream().filter(each -> each.kind() == kind).toList();
    }

    private static void settings(Folder folder, String prefix, StringBuilder page) throws IOException {
        JsonNode settings = YAML.readTree(Files.readString(folder.descriptor())).path("settings");
        if (settings.isEmpty()) {
            return;
        }
        page.append(
                "\n### " + folder.name() + "\n\n| `" + prefix + "…` | type | default | meaning |\n|---|---|---|---|\n");
        settings.properties().forEach(each -> {
            JsonNode setting = each.getValue();
            String type = setting.has("values")
                    ? words(setting.get("values"))
                    : setting.path("type").asText();
            String fallback = setting.path("required").asBoolean()
                    ? "required"
                    : setting.path("default").asText("");
            page.append("| `" + each.getKey() + "` | " + type
                    + (setting.path("sensitive").asBoolean() ? ", secret" : "") + " | " + fallback.replace("|", "\\|")
                    + " | " + cell(setting.path("description")) + " |\n");
        });
    }

    private static String link(Folder folder) {
        return "[" + folder.name() + "](../routes/" + folder.kind().parent() + "/" + folder.name() + "/README.md)";
    }

    private static String outside(JsonNode descriptor) {
        String title = cell(descriptor.path("title"));
        return descriptor.has("docs")
                ? "[" + title + "](" + descriptor.get("docs").asText() + ")"
                : title;
    }

    private static String words(JsonNode list) {
        List<String> words = new ArrayList<>();
        list.forEach(word -> words.add(word.asText()));
        return String.join(", ", words);
    }

    private static String cell(JsonNode text) {
        return text.asText().strip().replace("\n", " ").replace("|", "\\|");
    }
}
