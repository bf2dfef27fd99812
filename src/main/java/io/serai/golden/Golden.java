package io.serai.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.config.ConfigurationError;
import io.serai.json.StrictJson;
import io.serai.parse.Normaliser;
import io.serai.provider.Detection;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.TestMessages;
import io.serai.record.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The golden test of one routes folder: each {@code samples/x.json} goes through its mapping and must give
 * {@code expected/x.json}; each provider's sample must be claimed by exactly one detector (O22).
 */
public final class Golden implements AutoCloseable {
    /** When every sample arrives, so that mappings which look at the clock give the same every day. */
    public static final Instant RECEIVED_AT = Instant.parse("2030-01-01T00:00:00Z");

    private static final Set<String> REQUEST = Set.of("method", "path", "headers", "body");

    private final Mapping mapping = new Mapping();
    private final ProviderCatalog catalog;
    private final Detection detection;
    private final Normaliser normaliser;
    private final Path routes;
    private final boolean update;

    /**
     * @param update rewrites what is expected instead of comparing with it
     * @throws ConfigurationError naming the provider.yaml that cannot be used
     */
    public Golden(Path routes, boolean update) {
        this.routes = routes;
        this.catalog = ProviderCatalog.load(routes);
        this.detection = new Detection(catalog);
        this.normaliser = new Normaliser(new TestMessages(catalog));
        this.update = update;
    }

    /** All samples of a folder, by name; and whether its detector knows any of them. */
    public List<Result> run(Folder folder) {
        List<Result> results = new ArrayList<>();
        boolean claimed = false;
        for (Path sample : folder.samples()) {
            List<String> problems = new ArrayList<>();
            boolean updated = false;
            try {
                JsonNode body = StrictJson.read(Files.readAllBytes(sample));
                JsonNode actual = actual(folder, body);
                if (folder.kind() == Folder.Kind.PROVIDER) {
                    List<String> names = detection.match(body, header -> null);
                    claimed |= names.contains(folder.name());
                    detected(folder.name(), names, actual, problems);
                }
                updated = compare(folder, sample, actual, problems);
            } catch (Mapping.Failure e) {
                problems.add(folder.name() + ".jq: " + e.getMessage());
            } catch (IOException e) {
                problems.add("the sample or its expected file is not strict JSON");
            }
            results.add(new Result(folder, sample.getFileName().toString(), problems, updated));
        }
        if (folder.kind() == Folder.Kind.PROVIDER && catalog.get(folder.name()).detect() != null && !claimed) {
            results.add(
                    new Result(folder, "provider.yaml", List.of("detect knows none of the samples: mend it"), false));
        }
        return results;
    }

    /** Exactly one may claim a body. One that has no mark of its own may be left to a fallback, one without alerts to nobody. */
    private void detected(String name, List<String> names, JsonNode actual, List<String> problems) {
        if (names.size() > 1) {
            problems.add("claimed by " + String.join(" and ", names) + ": make detect in provider.yaml narrower");
        } else if (names.isEmpty()) {
            boolean alerts = false;
            for (JsonNode item : actual) {
                alerts |= !item.has("error");
            }
            if (alerts && catalog.get(name).detect() != null) {
                problems.add("no detector knows this sample: make detect in provider.yaml wider");
            }
        } else if (!names.get(0).equals(name) && !catalog.get(names.get(0)).fallback()) {
            problems.add("claimed by " + names.get(0) + " instead: make detect in its provider.yaml narrower");
        }
    }

    private boolean compare(Folder folder, Path sample, JsonNode given, List<String> problems) throws IOException {
        Path file = folder.expected(sample);
        JsonNode expected = Files.exists(file) ? StrictJson.read(Files.readAllBytes(file)) : null;
        JsonNode actual =
                folder.kind() == Folder.Kind.NOTIFIER && expected != null ? completed(given, expected) : given;
        List<Difference> differences = expected == null ? List.of() : Difference.between(expected, actual);
        if (update && (expected == null || !differences.isEmpty())) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, Canonical.written(actual));
            return true;
        }
        if (expected == null) {
            problems.add("expected/" + sample.getFileName() + " is missing: write it, or let ./serai test "
                    + folder.name() + " --update write it and read it");
        }
        differences.forEach(each -> problems.add(each.toString()));
        return false;
    }

    private JsonNode actual(Folder folder, JsonNode body) throws Mapping.Failure {
        JsonNode mapped = mapping.apply(folder.jq(), body, RECEIVED_AT);
        if (folder.kind() == Folder.Kind.PROVIDER) {
            return Canonical.items(items(folder.name(), mapped));
        }
        boolean request = mapped.isObject()
                && mapped.has("body")
                && names(mapped).stream().allMatch(REQUEST::contains);
        return request ? mapped : StrictJson.mapper().createObjectNode().set("body", mapped);
    }

    /** Method, path and headers that the route decides, not the mapping, stay as written: the notifier's own test sends. */
    private static JsonNode completed(JsonNode actual, JsonNode expected) {
        ObjectNode completed = StrictJson.mapper().createObjectNode();
        for (String member : List.of("method", "path", "headers")) {
            if (expected.has(member)) {
                completed.set(member, expected.get(member));
            }
        }
        actual.properties().forEach(member -> completed.set(member.getKey(), member.getValue()));
        return completed;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /**
     * What one body becomes at its provider's door.
     *
     * @throws Mapping.Failure when the mapping cannot use the body
     */
    public List<Item> items(String provider, JsonNode body, Instant receivedAt) throws Mapping.Failure {
        Folder folder =
                new Folder(Folder.Kind.PROVIDER, routes.resolve("providers").resolve(provider));
        return items(provider, mapping.apply(folder.jq(), body, receivedAt));
    }

    private List<Item> items(String provider, JsonNode mapped) {
        return normaliser.items(catalog.get(provider), "default", mapped);
    }

    @Override
    public void close() {
        mapping.close();
    }
}
