package io.serai.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.config.ConfigurationError;
import io.serai.json.StrictJson;
import io.serai.parse.Normaliser;
import io.serai.parse.WrongDoor;
import io.serai.provider.Detection;
import io.serai.provider.Provider;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.TestMessages;
import io.serai.record.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The golden test of one routes folder: each {@code samples/x} goes through its mapping and must give
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
    private final WrongDoor wrongDoor;
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
        this.wrongDoor = new WrongDoor(detection);
        this.normaliser = new Normaliser(new TestMessages(catalog));
        this.update = update;
    }

    /** All samples of a folder, by name; and whether its detector knows any of them. */
    public List<Result> run(Folder folder) {
        return run(folder, true, Set.of());
    }

    /**
     * The same for a provider of which no file has changed since its samples passed, but a detector of another: who claims
     * the samples. What its mapping gives is the same as before.
     *
     * @param edited providers whose detector may have changed
     */
    public List<Result> claims(Folder folder, Set<String> edited) {
        return run(folder, false, edited);
    }

    private List<Result> run(Folder folder, boolean mapped, Set<String> edited) {
        List<Result> results = new ArrayList<>();
        boolean claimed = false;
        for (Sample sample : folder.samples()) {
            List<String> problems = new ArrayList<>();
            boolean updated = false;
            try {
                JsonNode body = sample.body();
                Map<String, String> headers = sample.headers();
                if (!mapped && untouched(folder.name(), edited, body, headers)) {
                    claimed = true;
                    continue;
                }
                if (folder.kind() == Folder.Kind.PROVIDER) {
                    taken(catalog.get(folder.name()), sample, headers, problems);
                    List<String> names = detection.match(body, headers::get);
                    claimed |= names.contains(folder.name());
                    detected(folder, names, body, headers, problems);
                    if (!names.contains(folder.name())) {
                        owned(folder.name(), body, headers, problems);
                    }
                }
                if (mapped) {
                    updated = compare(folder, sample, actual(folder, body, headers), problems);
                }
            } catch (Mapping.Failure e) {
                problems.add(folder.name() + ".jq: " + e.getMessage());
            } catch (IOException e) {
                problems.add("the sample, its headers or its expected file cannot be read: " + e.getMessage());
            }
            results.add(new Result(folder, sample.file().getFileName().toString(), problems, updated));
        }
        if (folder.kind() == Folder.Kind.PROVIDER && detects(folder.name()) && !claimed) {
            results.add(
                    new Result(folder, "provider.yaml", List.of("detect knows none of the samples: mend it"), false));
        }
        return results;
    }

    /** Its own detector knows the sample and no edited one does: nobody else needs to be asked, they passed before. */
    private boolean untouched(String name, Set<String> edited, JsonNode body, Map<String, String> headers) {
        return detection.knows(name, body, headers::get)
                && edited.stream().noneMatch(each -> detection.knows(each, body, headers::get));
    }

    /** What it sends must pass its own door, also where its detector does not know it. */
    private void owned(String name, JsonNode body, Map<String, String> headers, List<String> problems)
            throws Mapping.Failure {
        owner(name, body, headers::get, RECEIVED_AT)
                .ifPresent(owner -> problems.add("its own door refuses it as a body of " + owner
                        + ": make detect in provider.yaml wider, or set foreign: take"));
    }

    private boolean detects(String name) {
        Provider provider = catalog.get(name);
        return provider.detect() != null || !provider.detectHeaders().isEmpty();
    }

    /** What a sample shows must be what the running hub would take and hand to the mapping. */
    private static void taken(Provider provider, Sample sample, Map<String, String> headers, List<String> problems) {
        if (!provider.body().contains(sample.form())) {
            problems.add("the provider does not take this form: add " + sample.form() + " to body in provider.yaml");
        }
        headers.keySet().stream()
                .filter(name -> !provider.readHeaders().contains(name))
                .forEach(name ->
                        problems.add("the header " + name + " is not read: add it to headers in provider.yaml"));
    }

    /** Exactly one may claim a body. One that has no mark of its own may be left to a fallback, one without alerts to nobody. */
    private void detected(
            Folder folder, List<String> names, JsonNode body, Map<String, String> headers, List<String> problems)
            throws Mapping.Failure {
        String name = folder.name();
        if (names.size() > 1) {
            problems.add("claimed by " + String.join(" and ", names) + ": make detect in provider.yaml narrower");
        } else if (names.isEmpty()) {
            boolean alerts = false;
            for (JsonNode item : actual(folder, body, headers)) {
                alerts |= !item.has("error");
            }
            if (alerts && detects(name)) {
                problems.add("no detector knows this sample: make detect in provider.yaml wider");
            }
        } else if (!names.get(0).equals(name) && !catalog.get(names.get(0)).fallback()) {
            problems.add("claimed by " + names.get(0) + " instead: make detect in its provider.yaml narrower");
        }
    }

    private boolean compare(Folder folder, Sample sample, JsonNode given, List<String> problems) throws IOException {
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
            problems.add("expected/" + sample.name() + ".json is missing: write it, or let ./serai test "
                    + folder.name() + " --update write it and read it");
        }
        differences.forEach(each -> problems.add(each.toString()));
        return false;
    }

    private JsonNode actual(Folder folder, JsonNode body, Map<String, String> headers) throws Mapping.Failure {
        JsonNode mapped = mapping.apply(folder.jq(), body, headers, RECEIVED_AT);
        if (folder.kind() == Folder.Kind.PROVIDER) {
            return Canonical.items(items(folder.name(), mapped));
        }
        if (body.has("answers")) {
            ObjectNode talk = body.deepCopy();
            talk.set("plan", mapped);
            return StrictJson.mapper()
                    .createObjectNode()
                    .set("body", mapping.apply(folder.next(), talk, headers, RECEIVED_AT));
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
     * @param headers request headers by lower-case name; the mapping sees those that its provider.yaml names
     * @throws Mapping.Failure when the mapping cannot use the body
     */
    public List<Item> items(String provider, JsonNode body, UnaryOperator<String> headers, Instant receivedAt)
            throws Mapping.Failure {
        return items(provider, mapped(provider, body, headers, receivedAt));
    }

    private JsonNode mapped(String provider, JsonNode body, UnaryOperator<String> headers, Instant receivedAt)
            throws Mapping.Failure {
        Map<String, String> read = new TreeMap<>();
        for (String name : catalog.get(provider).readHeaders()) {
            Optional.ofNullable(headers.apply(name)).ifPresent(value -> read.put(name, value));
        }
        Folder folder =
                new Folder(Folder.Kind.PROVIDER, routes.resolve("providers").resolve(provider));
        return mapping.apply(folder.jq(), body, read, receivedAt);
    }

    /**
     * Whose body it is, when its door would refuse it as another provider's.
     *
     * @throws Mapping.Failure when the mapping cannot use the body
     */
    public Optional<String> owner(String provider, JsonNode body, UnaryOperator<String> headers, Instant receivedAt)
            throws Mapping.Failure {
        return wrongDoor.owner(catalog.get(provider), body, mapped(provider, body, headers, receivedAt), headers);
    }

    private List<Item> items(String provider, JsonNode mapped) {
        return normaliser.items(catalog.get(provider), "default", mapped);
    }

    @Override
    public void close() {
        mapping.close();
    }
}
