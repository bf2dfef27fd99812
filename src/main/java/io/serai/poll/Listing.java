package io.serai.poll;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a system listed that tells only what is active, and never that something is over (Prometheus, Alertmanager). What
 * is no longer listed is taken to be over, but not at once: such a system lists nothing for a while after it was
 * restarted. So it must be missing from every complete listing for some time, the first and the last of which count; a
 * listing that failed says nothing. Only what this poll itself has listed can vanish, never what was pushed.
 *
 * <p>Kept as JSON, {@code {"<name>": {"key", "since", "gone", "missing"}}}, times in milliseconds since 1970.
 */
final class Listing {
    private final Map<String, Entry> entries = new TreeMap<>();

    /**
     * @param key     how it was listed last
     * @param since   the first listing of those that had it so
     * @param missing the first listing of those that have been without it; null while it is listed
     */
    private record Entry(String key, Instant since, JsonNode gone, Instant missing) {}

    /** @throws IOException when it is not what {@link #json} wrote */
    static Listing of(String json) throws IOException {
        Listing listing = new Listing();
        StrictJson.read(json.getBytes(StandardCharsets.UTF_8)).properties().forEach(each -> {
            JsonNode entry = each.getValue();
            listing.entries.put(
                    each.getKey(),
                    new Entry(
                            entry.path("key").asText(),
                            time(entry, "since"),
                            entry.path("gone"),
                            time(entry, "missing")));
        });
        return listing;
    }

    private static Instant time(JsonNode entry, String field) {
        return entry.hasNonNull(field) ? Instant.ofEpochMilli(entry.path(field).asLong()) : null;
    }

    String json() {
        ObjectNode json = StrictJson.mapper().createObjectNode();
        entries.forEach((name, entry) -> {
            ObjectNode each = json.putObject(name);
            each.put("key", entry.key()).put("since", entry.since().toEpochMilli());
            each.set("gone", entry.gone());
            if (entry.missing() != null) {
                each.put("missing", entry.missing().toEpochMilli());
            }
        });
        return json.toString();
    }

    /**
     * @param key  what differs when it is listed otherwise than before
     * @param gone what the provider's mapping is to read once it has vanished
     * @return since when it has been listed just so: what is as it was before is news, when it was otherwise in between
     */
    Instant listed(String name, String key, JsonNode gone, Instant at) {
        Entry known = entries.get(name);
        Instant since = known == null || !known.key().equals(key) ? at : known.since();
        entries.put(name, new Entry(key, since, gone, null));
        return since;
    }

    /**
     * Call it once all pages were read. What it gives is forgotten.
     *
     * @param present the names of this listing
     * @return {@code {"item", "key"}} of each that has been missing for as long as {@code patience}
     */
    List<JsonNode> vanished(Iterable<String> present, Instant at, Duration patience) {
        Map<String, Entry> absent = new TreeMap<>(entries);
        present.forEach(absent::remove);
        List<JsonNode> vanished = new ArrayList<>();
        absent.forEach((name, entry) -> {
            Instant missing = entry.missing() == null ? at : entry.missing();
            if (missing.plus(patience).isAfter(at)) {
                entries.put(name, new Entry(entry.key(), entry.since(), entry.gone(), missing));
            } else {
                entries.remove(name);
                ObjectNode item = StrictJson.mapper().createObjectNode();
                item.set("item", entry.gone());
                vanished.add(
                        item.put("key", "gone/" + name + "/" + entry.since().toEpochMilli()));
            }
        });
        return vanished;
    }
}
