package io.serai.door;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** Which endpoint answers a path. Whole paths only, or a prefix that ends at a slash; never a pattern from outside. */
public final class DoorTable {
    /** Answers one request; runs on a door worker, must not block it for long. */
    public interface Endpoint {
        CompletionStage<Answer> answer(Arrival arrival);
    }

    /** One line of the table. */
    public record Opened(String method, String path, Access access) {}

    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,16}");

    record Entry(String method, Access access, Endpoint endpoint) {}

    private volatile Map<String, List<Entry>> exact = Map.of();
    private volatile Map<String, List<Entry>> prefixes = Map.of();

    /** Opens a path; a path that ends with {@code /*} also answers everything below it. */
    synchronized void open(String method, String path, Access access, Endpoint endpoint) {
        Entry entry = new Entry(method.toUpperCase(Locale.ROOT), access, endpoint);
        if (path.endsWith("/*")) {
            prefixes = with(prefixes, path.substring(0, path.length() - 2), entry);
        } else {
            exact = with(exact, path, entry);
        }
    }

    synchronized void close(String path, Endpoint endpoint) {
        exact = without(exact, path, endpoint);
        prefixes = without(prefixes, path, endpoint);
    }

    /** Every path that is open now, with its method and who may use it, sorted. */
    List<Opened> opened() {
        List<Opened> opened = new ArrayList<>();
        exact.forEach((path, entries) ->
                entries.forEach(entry -> opened.add(new Opened(entry.method(), path, entry.access()))));
        prefixes.forEach((path, entries) ->
                entries.forEach(entry -> opened.add(new Opened(entry.method(), path + "/*", entry.access()))));
        opened.sort(Comparator.comparing(Opened::path).thenComparing(Opened::method));
        return opened;
    }

    /** @throws Refusal 404 when nobody has the path, 405 when somebody has it for other methods */
    Entry find(String method, String path) {
        List<Entry> entries = exact.get(path);
        for (String rest = path; entries == null && rest.lastIndexOf('/') >= 0; ) {
            rest = rest.substring(0, rest.lastIndexOf('/'));
            entries = prefixes.get(rest);
        }
        if (entries == null) {
            throw new Refusal(ErrorCode.NOT_FOUND, "There is nothing at this path.");
        }
        for (Entry entry : entries) {
            if (entry.method().equals(method)) {
                return entry;
            }
        }
        throw new Refusal(ErrorCode.METHOD_NOT_ALLOWED, "This path does not take " + printable(method) + ".");
    }

    private static String printable(String method) {
        return METHOD.matcher(method).matches() ? method : "this method";
    }

    private static Map<String, List<Entry>> with(Map<String, List<Entry>> map, String path, Entry entry) {
        Map<String, List<Entry>> copy = new HashMap<>(map);
        List<Entry> entries = new ArrayList<>(copy.getOrDefault(path, List.of()));
        entries.add(entry);
        copy.put(path, List.copyOf(entries));
        return Map.copyOf(copy);
    }

    private static Map<String, List<Entry>> without(Map<String, List<Entry>> map, String path, Endpoint endpoint) {
        if (!map.containsKey(path)) {
            return map;
        }
        Map<String, List<Entry>> copy = new HashMap<>(map);
        List<Entry> left = copy.get(path).stream()
                .filter(entry -> entry.endpoint() != endpoint)
                .toList();
        if (left.isEmpty()) {
            copy.remove(path);
        } else {
            copy.put(path, left);
        }
        return Map.copyOf(copy);
    }
}
