package io.serai.lint;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.golden.Folder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One route a file, named like the file; folders touch the rest of the system at their seams only (DESIGN 3). */
final class Structure implements Rule {
    private static final String SOURCE = "serai-webhook-source";

    @Override
    public void check(Tree tree, Consumer<Finding> findings) {
        Map<String, YamlFile> names = new HashMap<>();
        for (YamlFile file : tree.all()) {
            YamlFile other = names.putIfAbsent(file.baseName(), file);
            if (other != null) {
                findings.accept(file.finding(
                        "", "unique-name", "another file has this name: " + other.name(), "Give it a name of its own"));
            }
        }
        for (YamlFile file : tree.routeFiles()) {
            if (oneRoute(file, findings)) {
                tree.folder(file).ifPresent(folder -> {
                    if (folder.kind() == Folder.Kind.PROVIDER) {
                        provider(folder, file, findings);
                    } else {
                        notifier(folder, file, findings);
                    }
                });
            }
        }
        for (Folder folder : tree.folders()) {
            routesOf(tree, folder, findings);
        }
    }

    private static boolean oneRoute(YamlFile file, Consumer<Finding> findings) {
        JsonNode route = route(file);
        if (file.tree().size() != 1 || route.isMissingNode()) {
            findings.accept(file.finding(
                    "",
                    "one-route",
                    "a file holds one route or one routeTemplate: reloading a file with two leaves no routes at all",
                    "Split it"));
            return false;
        }
        String id = route.path("id").asText();
        if (!id.equals(file.baseName())) {
            findings.accept(file.finding(
                    "/0", "route-id", "the id is " + (id.isEmpty() ? "missing" : id), "Write id: " + file.baseName()));
        }
        return true;
    }

    private static JsonNode route(YamlFile file) {
        JsonNode only = file.tree().path(0);
        return only.has("route") ? only.get("route") : only.path("routeTemplate");
    }

    private static void provider(Folder folder, YamlFile file, Consumer<Finding> findings) {
        String own = "direct:" + folder.name() + "-";
        startsWith(file, folder.name() + "-", findings);
        for (Endpoint endpoint : Endpoint.of(file)) {
            if (endpoint.consumer() && "platform-http".equals(endpoint.scheme())) {
                findings.accept(endpoint.finding(
                        "webhook-source",
                        "a webhook that opens its own door is not authenticated",
                        "Use kamelet:" + SOURCE));
            }
            if (SOURCE.equals(endpoint.kamelet())
                    && !folder.name().equals(endpoint.parameters().get("provider"))) {
                findings.accept(endpoint.finding(
                        "webhook-source", "its parameter provider is another's", "Write provider: " + folder.name()));
            }
            if (!endpoint.consumer()
                    && queue(endpoint)
                    && !endpoint.uri().equals("direct:alert-record")
                    && !endpoint.uri().startsWith(own)) {
                findings.accept(endpoint.finding(
                        "provider-end",
                        "a provider's route may end in direct:alert-record or " + own + "… only",
                        "What comes after the record is not a provider's affair"));
            }
        }
        if (SOURCE.equals(kameletOf(file))) {
            JsonNode steps = route(file).at("/from/steps");
            String last = steps.path(steps.size() - 1).at("/to/uri").asText();
            if (!last.equals("direct:alert-record") && !last.startsWith(own)) {
                findings.accept(file.finding(
                        "/0/route/from/steps",
                        "provider-end",
                        "nothing is recorded at the end",
                        "End with to: " + own + "parse"));
            }
        }
    }

    private static void notifier(Folder folder, YamlFile file, Consumer<Finding> findings) {
        String own = "direct:" + folder.name() + "-";
        startsWith(file, folder.name() + "-", findings);
        for (Endpoint endpoint : Endpoint.of(file)) {
            if (endpoint.consumer() && !endpoint.uri().startsWith("direct:notify-")) {
                findings.accept(endpoint.finding(
                        "notifier-start",
                        "a notifier's route begins at direct:notify-… only",
                        "Write from: direct:notify-{{destination}}"));
            }
            if (!endpoint.consumer() && queue(endpoint) && !endpoint.uri().startsWith(own)) {
                findings.accept(endpoint.finding(
                        "notifier-end",
                        "a notifier's route may not go on to " + endpoint.uri(),
                        "Return, or throw SendFailure: the delivery stage does the rest"));
            }
        }
    }

    private static void startsWith(YamlFile file, String prefix, Consumer<Finding> findings) {
        if (!file.baseName().startsWith(prefix)) {
            findings.accept(file.finding(
                    "",
                    "route-id",
                    "a folder's routes carry its name",
                    "Call the file " + prefix + file.baseName() + ".camel.yaml"));
        }
    }

    private static void routesOf(Tree tree, Folder folder, Consumer<Finding> findings) {
        List<YamlFile> files = tree.routeFiles(folder);
        boolean provider = folder.kind() == Folder.Kind.PROVIDER;
        String needed = folder.name() + (provider ? "-parse" : "-send");
        if (files.stream().noneMatch(file -> file.baseName().equals(needed))) {
            findings.accept(new Finding(
                    tree.name(folder.path()), 0, "folder", "there is no " + needed + ".camel.yaml", "Write it"));
        }
        boolean webhook = tree.descriptor(folder)
                .map(YamlFile::tree)
                .map(each -> each.path("kind").toString().contains("\"webhook\""))
                .orElse(false);
        if (provider && webhook && files.stream().noneMatch(file -> SOURCE.equals(kameletOf(file)))) {
            findings.accept(new Finding(
                    tree.name(folder.path()),
                    0,
                    "webhook-source",
                    "provider.yaml says webhook, but no route begins at kamelet:" + SOURCE,
                    "Write " + folder.name() + "-webhook.camel.yaml"));
        }
    }

    private static String kameletOf(YamlFile file) {
        return Endpoint.of(file).stream()
                .filter(Endpoint::consumer)
                .findFirst()
                .map(Endpoint::kamelet)
                .orElse(null);
    }

    private static boolean queue(Endpoint endpoint) {
        return List.of("direct", "seda", "vm", "disruptor").contains(endpoint.scheme());
    }
}
