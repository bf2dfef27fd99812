package io.serai.door;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which endpoint answers a path. Whole paths only, or a prefix that ends at a slash; never a pattern from outside. */
public final class DoorTable {
    /** Answers one request; runs on a door worker, must not block it for long. */
    public interface Endpoint {
        CompletionStage<Answer> answer(Arrival arrival);
    }

    /** One line of the table. */
    public record Opened(String method, String path, Access access) {}

    private static final String BELOW = "/*";
    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,16}");

    record Entry(String method, Access access, Endpoint endpoint) {}

    /** One path of a set of routes. */
    record Line(String method, String path, Access access, Endpoint endpoint) {}

    private record Paths(Map<String, List<Entry>> exact, Map<String, List<Entry>> prefixes) {}

    private volatile Paths paths = new Paths(Map.of(), Map.of());

    /** Opens a path; a path that ends with {@code /*} also answers everything below it. */
    void open(String method, String path, Access access, Endpoint endpoint) {
        replace(List.of(), List.of(new Line(method, path, access, endpoint)));
    }

    /** Closes and opens paths in one step: no request comes in between. */
    synchronized void replace(List<Line> closed, List<Line> opened) {
        Map<String, List<Entry>> exact = new HashMap<>(paths.exact());
        Map<String, List<Entry>> prefixes = new HashMap<>(paths.prefixes());
        for (Line line : closed) {
            without(exact, line.path(), line.endpoint());
            without(prefixes, prefix(line.path()), line.endpoint());
        }
        for (Line line : opened) {
            Entry entry = new Entry(line.method().toUpperCase(Locale.ROOT), line.access(), line.endpoint());
            if (line.path().endsWith(BELOW)) {
                with(prefixes, prefix(line.path()), entry);
            } else {
                with(exact, line.path(), entry);
            }
        }
        paths = new Paths(Map.copyOf(exact), Map.copyOf(prefixes));
    }

    private static String prefix(String path) {
        return path.endsWith(BELOW) ? path.substring(0, path.length() - BELOW.length()) : path;
    }

    /** Every path that is open now, with its method and who may use it, sorted. */
    List<Opened> opened() {
        List<Opened> opened = new ArrayList<>();
        Paths now = paths;
        now.exact()
                .forEach((path, entries) ->
                        entries.forEach(entry -> opened.add(new Opened(entry.method(), path, entry.access()))));
        now.prefixes()
                .forEach((path, entries) ->
                        entries.forEach(entry -> opened.add(new Opened(entry.method(), path + "/*", entry.access()))));
        opened.sort(Comparator.comparing(Opened::path).thenComparing(Opened::method));
        return opened;
    }

    /** @throws Refusal 404 when nobody has the path, 405 when somebody has it for other methods */
    Entry find(String method, String path) {
        Paths now = paths;
        List<Entry> entries = now.exact().get(path);
        for (String rest = path; entries == null && rest.lastIndexOf('/') >= 0; ) {
            rest = rest.substring(0, rest.lastIndexOf('/'));
            entries = now.prefixes().get(rest);
        }
        if (entries == null) {
            throw new Refusal(ErrorCode.NOT_FOUND, "There is nothing at this path.");
        }
        for (Entry entry : entries) {
            if (entry.method().equals(method)) {
                return entry;
            }
        }
        throw Refusal.method(
                "This path does not take " + printable(method) + ".",
                entries.stream().map(Entry::method).distinct().sorted().collect(Collectors.joining(", ")));
    }

    private static String printable(String method) {
        return METHOD.matcher(method).matches() ? method : "this method";
    }

    private static void with(Map<String, List<Entry>> map, String path, Entry entry) {
        List<Entry> entries = new ArrayList<>(map.getOrDefault(path, List.of()));
        entries.add(entry);
        map.put(path, List.copyOf(entries));
    }

    private static void without(Map<String, List<Entry>> map, String path, Endpoint endpoint) {
        map.computeIfPresent(path, (key, entries) -> {
            List<Entry> left = entries.stream()
                    .filter(entry -> entry.endpoint() != endpoint)
                    .toList();
            return left.isEmpty() ? null : left;
        });
    }
}
