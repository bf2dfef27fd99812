package io.serai.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.config.Settings;
import io.serai.deliver.Notifier;
import io.serai.deliver.NotifierCatalog;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What the configuration and the routes folder have: destinations, providers, notifiers. Values that may be secret are left out. */
final class Configured {
    private static final String DESTINATION = "serai.destination.";
    private static final Set<String> SHOWN = Set.of("notifier", "severities", "providers", "concurrency", "report-to");

    private final Supplier<Settings> settings;

    Configured(Supplier<Settings> settings) {
        this.settings = settings;
    }

    Set<String> destinationNames() {
        return grouped().keySet();
    }

    /** @param paused those that refuse us, with the reason */
    ObjectNode destinations(Map<String, String> paused) {
        ObjectNode list = Rows.object();
        ArrayNode array = list.putArray("destinations");
        grouped().forEach((name, options) -> {
            ObjectNode destination = array.addObject().put("name", name);
            destination.put("notifier", options.get("notifier"));
            words(destination.putArray("severities"), options.get("severities"));
            words(destination.putArray("providers"), options.get("providers"));
            destination.put("report_to", options.get("report-to"));
            destination.put("paused", paused.get(name));
            ArrayNode set = destination.putArray("settings");
            options.keySet().stream().filter(each -> !SHOWN.contains(each)).forEach(set::add);
        });
        return list;
    }

    private static void words(ArrayNode array, String text) {
        if (text != null) {
            List.of(text.split(",")).stream()
                    .map(String::strip)
                    .filter(word -> !word.isEmpty())
                    .forEach(array::add);
        }
    }

    private Map<String, Map<String, String>> grouped() {
        Map<String, Map<String, String>> grouped = new TreeMap<>();
        settings.get().startingWith(DESTINATION).forEach((key, value) -> {
            String rest = key.substring(DESTINATION.length());
            int dot = rest.indexOf('.');
            grouped.computeIfAbsent(rest.substring(0, dot), first -> new TreeMap<>())
                    .put(rest.substring(dot + 1), value);
        });
        return grouped;
    }

    /** @param paused destinations that refuse us, with the reason */
    ObjectNode notifiers(Map<String, String> paused) {
        ObjectNode list = Rows.object();
        ArrayNode array = list.putArray("notifiers");
        Map<String, Map<String, String>> destinations = grouped();
        for (Notifier each :
                NotifierCatalog.load(settings.get().path("serai.routes")).all()) {
            ObjectNode notifier = array.addObject()
                    .put("name", each.name())
                    .put("title", each.title())
                    .put("description", each.description());
            sorted(notifier.putArray("settings"), each.settings().keySet());
            ArrayNode used = notifier.putArray("destinations");
            ArrayNode waiting = notifier.putArray("paused");
            destinations.forEach((name, options) -> {
                if (each.name().equals(options.get("notifier"))) {
                    used.add(name);
                    if (paused.containsKey(name)) {
                        waiting.add(name + " " + paused.get(name));
                    }
                }
            });
            notifier.put("docs", each.docs());
        }
        return list;
    }

    static void sorted(ArrayNode array, Collection<String> words) {
        new TreeSet<>(words).forEach(array::add);
    }
}
