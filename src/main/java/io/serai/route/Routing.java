package io.serai.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.alert.Severity;
import io.serai.config.ConfigurationError;
import io.serai.record.PlannedDelivery;
import io.serai.record.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;

/**
 * The routing stage as the routes see it: bean {@code routing}. The operator's route says who is to be told; here it is
 * held against what each destination takes, and a reason is kept for every destination, told or not.
 *
 * <p>A resolve is not asked about: it goes to those who were told since the alert opened, and to nobody else. So nobody
 * is left with an open page because the severity fell before the end, and nobody hears the end of what he never heard.
 */
public final class Routing {
    private static final String STAGE = "route";

    private final List<Audience> audiences;
    private final Set<String> knownNames;
    private final Map<String, List<Audience>> named = new ConcurrentHashMap<>();

    public Routing(List<Audience> audiences) {
        this.audiences = List.copyOf(audiences);
        this.knownNames = audiences.stream().map(Audience::name).collect(Collectors.toUnmodifiableSet());
    }

    /** Names of the configured destinations. */
    public Set<String> knownNames() {
        return knownNames;
    }

    /**
     * Tells every destination of these names that takes the alert's severity and provider.
     *
     * @param names  names or patterns with {@code *}, separated by commas
     * @param reason why, for the people who are told and for {@code explain}
     * @throws ConfigurationError when a name without {@code *} is not configured
     */
    public void tell(String names, String reason, Exchange exchange) {
        tell(names, reason, exchange, false);
    }

    /** As {@link #tell}, but only those that list the alert's severity: to take all is not enough. */
    public void tellWhereListed(String names, String reason, Exchange exchange) {
        tell(names, reason, exchange, true);
    }

    /** Tells nobody, whatever else the route says. */
    public void quiet(String reason, Exchange exchange) {
        Change.of(exchange).telling().quiet(reason);
    }

    private void tell(String names, String reason, Exchange exchange, boolean listed) {
        Telling telling = Change.of(exchange).telling();
        ObjectNode alert = Change.alertOf(exchange);
        Severity severity = severity(alert);
        String provider = alert.path("provider").asText();
        for (Audience audience : find(names)) {
            String refusal = audience.refusal(severity, provider);
            if (refusal == null && listed && audience.severities().isEmpty()) {
                refusal = "does not list " + severity.word();
            }
            if (refusal == null) {
                telling.tell(audience.name(), reason);
            } else {
                telling.refuse(audience.name(), refusal);
            }
        }
    }

    private static Severity severity(ObjectNode alert) {
        return Severity.of(alert.path("severity").asText())
                .orElseThrow(() -> new IllegalStateException("a route has set severity to a word that is not ours"));
    }

    /**
     * Checks the names of one {@link #tell} and gives those that it means.
     *
     * @throws ConfigurationError when a name without {@code *} is not configured
     */
    List<Audience> find(String names) {
        List<Audience> found = named.get(names);
        if (found == null) {
            found = match(names);
            named.put(names, found);
        }
        return found;
    }

    private List<Audience> match(String names) {
        Set<Audience> found = new LinkedHashSet<>();
        for (String each : names.split(",")) {
            String name = each.trim();
            if (!name.contains("*") && !knownNames.contains(name)) {
                throw new ConfigurationError(
                        "routes/core/alert-route.camel.yaml",
                        "it tells the destination '" + name + "', which is not configured",
                        "Set serai.destination." + name + ".notifier or correct the name");
            }
            Pattern pattern = Pattern.compile(Pattern.quote(name).replace("*", "\\E.*\\Q"), Pattern.DOTALL);
            audiences.stream()
                    .filter(audience -> pattern.matcher(audience.name()).matches())
                    .forEach(found::add);
        }
        return List.copyOf(found);
    }

    /**
     * Ends the stage: the deliveries to make of a change, and a decision with a reason for every destination.
     *
     * @param holders destinations that were told about this alert since it opened
     */
    List<PlannedDelivery> plan(Change change, Set<String> holders) {
        if (audiences.isEmpty()) {
            change.decisions().add(STAGE, "told nobody", "no destination is configured");
            return List.of();
        }
        boolean resolved = change.verdict() == Verdict.RESOLVED;
        List<PlannedDelivery> deliveries = new ArrayList<>(audiences.size());
        Map<String, StringBuilder> told = new LinkedHashMap<>(4);
        Map<String, StringBuilder> untold = new LinkedHashMap<>(4);
        for (Audience audience : audiences) {
            String name = audience.name();
            String reason = resolved ? held(holders, name) : change.telling().told(name);
            if (reason != null) {
                deliveries.add(new PlannedDelivery(name, audience.notifier(), reason));
                group(told, reason, name);
            } else {
                group(
                        untold,
                        resolved
                                ? "was not told that it fired"
                                : change.telling().untold(name),
                        name);
            }
        }
        told.forEach((reason, names) -> change.decisions().add(STAGE, "told " + names, reason));
        untold.forEach((reason, names) -> change.decisions().add(STAGE, "not told: " + names, reason));
        return deliveries;
    }

    private static String held(Set<String> holders, String name) {
        return holders.contains(name) ? "was told when it fired" : null;
    }

    private static void group(Map<String, StringBuilder> groups, String reason, String name) {
        StringBuilder names = groups.get(reason);
        if (names == null) {
            groups.put(reason, new StringBuilder(name));
        } else {
            names.append(", ").append(name);
        }
    }
}
