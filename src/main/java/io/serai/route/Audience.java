package io.serai.route;

import io.serai.alert.Severity;
import io.serai.deliver.Destinations;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A destination as the routing stage sees it.
 *
 * @param severities which it takes; empty for all
 * @param providers  whose alerts it takes; empty for all
 */
public record Audience(String name, String notifier, Set<Severity> severities, Set<String> providers) {

    /** All configured destinations that a rule may name, in their order. */
    public static List<Audience> of(Destinations destinations) {
        return destinations.all().stream()
                .filter(each -> !each.reportOnly())
                .map(each -> new Audience(each.name(), each.notifier(), each.severities(), each.providers()))
                .toList();
    }

    /** Why it does not take such an alert; null when it does. */
    String refusal(Severity severity, String provider) {
        if (!severities.isEmpty() && !severities.contains(severity)) {
            return "takes only " + words();
        }
        if (!providers.isEmpty() && !providers.contains(provider)) {
            return "takes only alerts of " + String.join(", ", new TreeSet<>(providers));
        }
        return null;
    }

    private String words() {
        return severities.stream().sorted().map(Severity::word).collect(Collectors.joining(", "));
    }
}
