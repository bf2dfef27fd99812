package io.serai.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.golden.Folder;
import io.serai.golden.Sample;
import io.serai.json.StrictJson;
import io.serai.provider.Detection;
import io.serai.provider.ProviderCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds fields by which a new system's bodies are told from those of all others. */
final class Detector {
    private static final int MARKS = 3;

    private final Path routes;

    Detector(Path routes) {
        this.routes = routes;
    }

    /** The provider that recognises this body already; a fallback does not count, it is asked last. */
    Optional<String> owner(JsonNode body) {
        ProviderCatalog catalog = ProviderCatalog.load(routes);
        return new Detection(catalog)
                .match(body, header -> null).stream()
                        .filter(name -> !catalog.get(name).fallback())
                        .findFirst();
    }

    /**
     * A jq predicate over the fields at the top that the fewest samples of others have. Null when some sample of another
     * provider has all of them: then the bodies cannot be told apart by their fields.
     */
    String predicate(JsonNode body, Guess guess) throws IOException {
        List<JsonNode> others = others(body.isArray());
        List<String> marks = new ArrayList<>(guess.marks(body));
        marks.sort(Comparator.comparingLong(
                mark -> others.stream().filter(other -> other.has(mark)).count()));
        for (int count = Math.min(MARKS, marks.size()); count <= marks.size() && count > 0; count++) {
            List<String> chosen = marks.subList(0, count);
            if (others.stream().noneMatch(other -> chosen.stream().allMatch(other::has))) {
                return predicate(Set.copyOf(chosen), guess.marks(body), body.isArray());
            }
        }
        return null;
    }

    private static String predicate(Set<String> chosen, Set<String> order, boolean array) {
        List<String> has = order.stream()
                .filter(chosen::contains)
                .map(mark -> "has(" + StrictJson.mapper().getNodeFactory().textNode(mark) + ")")
                .toList();
        String member = "type == \"object\" and " + String.join(" and ", has);
        return array ? "type == \"array\" and any(.[]; " + member + ")" : member;
    }

    /** All samples of all providers: objects, or the members of lists. */
    private List<JsonNode> others(boolean arrays) throws IOException {
        List<JsonNode> others = new ArrayList<>();
        for (Folder folder : Folder.all(routes)) {
            if (folder.kind() == Folder.Kind.PROVIDER) {
                for (Sample sample : folder.samples()) {
                    JsonNode body = sample.body();
                    if (body.isArray() == arrays) {
                        (body.isArray() ? body : List.of(body)).forEach(others::add);
                    }
                }
            }
        }
        return others;
    }
}
