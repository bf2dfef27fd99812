package io.serai.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one body of an unknown system probably means, by the names that such systems give their fields. A first draft for
 * somebody who corrects it.
 *
 * @param list   the field that holds a list of alerts; null when the body is one alert, empty when the body is a list
 * @param member the first alert
 * @param fields canonical field to the path of the sender's
 * @param labels what is left and plain: label to path
 */
record Guess(String list, JsonNode member, Map<String, List<String>> fields, Map<String, List<String>> labels) {
    private static final List<String> LISTS =
            List.of("alerts", "events", "problems", "incidents", "issues", "notifications", "records");
    private static final Set<String> WRAPPERS = Set.of(
            "alert", "event", "problem", "incident", "issue", "notification", "data", "payload", "monitor", "check");
    private static final Set<String> SECRET = Set.of("token", "secret", "apikey", "password", "signature");

    /** In the order in which fields are given away: what identifies and names an alert comes first. */
    private static final Map<String, List<String>> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put(
                "source_id",
                List.of(
                        "alertid",
                        "incidentid",
                        "problemid",
                        "eventid",
                        "issueid",
                        "dedupkey",
                        "fingerprint",
                        "id",
                        "uuid",
                        "uid",
                        "identifier",
                        "checkid",
                        "monitorid",
                        "incidentkey",
                        "number",
                        "key"));
        NAMES.put(
                "title",
                List.of(
                        "title",
                        "alertname",
                        "summary",
                        "subject",
                        "headline",
                        "rulename",
                        "monitorname",
                        "checkname",
                        "name",
                        "message"));
        NAMES.put(
                "status",
                List.of(
                        "status",
                        "state",
                        "alertstatus",
                        "currentstate",
                        "incidentstatus",
                        "transition",
                        "condition",
                        "eventtype",
                        "action",
                        "event"));
        NAMES.put("severity", List.of("severity", "priority", "level", "urgency", "criticality", "grade", "impact"));
        NAMES.put(
                "description",
                List.of("description", "message", "details", "text", "body", "output", "reason", "more"));
        NAMES.put("service", List.of("service", "servicename", "component", "application", "app", "system"));
        NAMES.put("environment", List.of("environment", "env", "stage"));
        NAMES.put("ends_at", List.of("endsat", "endedat", "endtime", "resolvedat", "closedat", "finishedat"));
        NAMES.put(
                "starts_at",
                List.of(
                        "startsat",
                        "startedat",
                        "starttime",
                        "triggeredat",
                        "openedat",
                        "createdat",
                        "started",
                        "opened",
                        "since"));
        NAMES.put("event_time", List.of("updatedat", "timestamp", "time", "occurredat", "date", "when"));
        NAMES.put(
                "url", List.of("url", "link", "href", "permalink", "alerturl", "incidenturl", "console", "dashboard"));
        NAMES.put("tags", List.of("tags"));
    }

    static Guess of(JsonNode body) {
        String list = list(body);
        JsonNode member = list == null
                ? body
                : list.isEmpty() ? body.path(0) : body.path(list).path(0);
        Set<String> wrappers = new HashSet<>(WRAPPERS);
        onlyObject(member).ifPresent(wrappers::add);
        List<List<String>> paths = new ArrayList<>();
        paths(member, List.of(), paths);
        Set<List<String>> used = new HashSet<>();
        Map<String, List<String>> fields = new LinkedHashMap<>();
        NAMES.forEach((field, names) -> find(names, paths, wrappers, used, "tags".equals(field) ? member : null)
                .ifPresent(path -> {
                    used.add(path);
                    fields.put(field, path);
                }));
        // What describes an alert names it, where nothing else does.
        if (!fields.containsKey("title") && fields.containsKey("description")) {
            fields.put("title", fields.remove("description"));
        }
        Map<String, List<String>> labels = new LinkedHashMap<>();
        for (List<String> path : paths) {
            String name = path.get(path.size() - 1);
            boolean plain = at(member, path).isValueNode() && !at(member, path).isNull();
            if (!used.contains(path) && plain && !SECRET.contains(bare(name))) {
                labels.putIfAbsent(near(path, wrappers) ? name : String.join("_", path), path);
            }
        }
        return new Guess(list, member, fields, labels);
    }

    private static String list(JsonNode body) {
        if (body.isArray()) {
            return "";
        }
        for (String name : LISTS) {
            if (body.path(name).path(0).isObject()) {
                return name;
            }
        }
        return null;
    }

    /** All plain values and lists, those nearest to the top first. */
    private static void paths(JsonNode node, List<String> at, List<List<String>> paths) {
        List<String> objects = new ArrayList<>();
        node.fieldNames().forEachRemaining(name -> {
            if (node.get(name).isObject()) {
                objects.add(name);
            } else {
                paths.add(with(at, name));
            }
        });
        if (at.size() < 2) {
            objects.forEach(name -> paths(node.get(name), with(at, name), paths));
        }
    }

    private static Optional<List<String>> find(
            List<String> names,
            List<List<String>> paths,
            Set<String> wrappers,
            Set<List<String>> used,
            JsonNode listsOf) {
        for (String name : names) {
            for (List<String> path : paths) {
                boolean called =
                        near(path, wrappers) && bare(path.get(path.size() - 1)).equals(name)
                                || bare(String.join("", path)).equals(name);
                boolean list = listsOf != null && at(listsOf, path).isArray();
                if (called && !used.contains(path) && (listsOf == null || list)) {
                    return Optional.of(path);
                }
            }
        }
        return Optional.empty();
    }

    /** At the top, or inside nothing but wrappers: the id of somebody's user is not the alert's. */
    private static boolean near(List<String> path, Set<String> wrappers) {
        return path.subList(0, path.size() - 1).stream().allMatch(name -> wrappers.contains(bare(name)));
    }

    /** The only object at the top holds the alert, whatever it is called. */
    private static Optional<String> onlyObject(JsonNode member) {
        List<String> names = new ArrayList<>();
        member.properties().stream()
                .filter(each -> each.getValue().isObject())
                .forEach(each -> names.add(bare(each.getKey())));
        return names.size() == 1 ? Optional.of(names.get(0)) : Optional.empty();
    }

    private static String bare(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private static List<String> with(List<String> path, String name) {
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return List.copyOf(longer);
    }

    static JsonNode at(JsonNode node, List<String> path) {
        JsonNode here = node;
        for (String name : path) {
            here = here.path(name);
        }
        return here;
    }

    /** What nothing was found for, of the fields that an alert can hardly do without. */
    List<String> missing() {
        return List.of("source_id", "title", "status", "severity").stream()
                .filter(field -> !fields.containsKey(field))
                .toList();
    }

    /** The sender's word for a canonical field; empty when there is none. */
    String word(String field) {
        return fields.containsKey(field) ? at(member, fields.get(field)).asText() : "";
    }

    /** The fields at the top of the body, by which it may be recognised. */
    Set<String> marks(JsonNode body) {
        Set<String> marks = new LinkedHashSet<>();
        (list != null && list.isEmpty() ? member : body).fieldNames().forEachRemaining(marks::add);
        // A sample without severity must still be recognised.
        List<String> severity = fields.getOrDefault("severity", List.of());
        if (severity.size() == 1 && (list == null || list.isEmpty())) {
            marks.remove(severity.get(0));
        }
        return marks;
    }
}
