package io.serai.deliver;

import io.serai.config.ConfigurationError;
import io.serai.config.Family;
import io.serai.egress.EgressPolicy;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** All configured destinations, by name. Read and checked once at start. */
public final class Destinations {
    private static final String PREFIX = "serai.destination.";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final Map<String, Destination> destinations;

    private final RetryPolicy retry;
    private final EgressPolicy egress;

    private Destinations(Map<String, Destination> destinations, RetryPolicy retry, EgressPolicy egress) {
        this.retry = retry;
        this.egress = egress;
        this.destinations = Collections.unmodifiableMap(destinations);
    }

    /**
     * @param settings keys {@code serai.destination.<name>.<setting>}, {@code serai.retry.<setting>}, the default for all
     *     (G15), and {@code serai.egress.<setting>}; other keys are not looked at
     * @throws ConfigurationError naming the first key that is wrong, and the remedy
     */
    public static Destinations of(Map<String, String> settings, NotifierCatalog notifiers) {
        Map<String, Map<String, String>> grouped = new TreeMap<>();
        settings.forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                String rest = key.substring(PREFIX.length());
                int dot = rest.indexOf('.');
                String name = dot < 0 ? rest : rest.substring(0, dot);
                if (dot < 0 || !NAME.matcher(name).matches()) {
                    throw new ConfigurationError(
                            key,
                            "is no setting of a destination",
                            "Write " + PREFIX + "<name>.<setting>, the name in lower-case letters, digits and hyphens");
                }
                grouped.computeIfAbsent(name, any -> new TreeMap<>()).put(rest.substring(dot + 1), value);
            }
        });
        RetryPolicy retry = RetrySettings.read(Family.below("serai.", settings), RetryPolicy.standard());
        EgressPolicy egress = EgressPolicy.of(settings);
        Map<String, Destination> destinations = new TreeMap<>();
        grouped.forEach((name, own) -> {
            Family given = new Family(PREFIX + name + ".", own);
            destinations.put(name, new DestinationSettings(name, given, notifiers, egress).read(retry));
        });
        for (Destination each : destinations.values()) {
            if (each.reportTo() != null && !destinations.containsKey(each.reportTo())) {
                throw new ConfigurationError(
                        PREFIX + each.name() + ".report-to",
                        "is no destination",
                        "Name one of " + String.join(", ", destinations.keySet()));
            }
        }
        return new Destinations(destinations, retry, egress);
    }

    public Optional<Destination> find(String name) {
        return Optional.ofNullable(destinations.get(name));
    }

    /** @throws NoSuchElementException for a name that is not configured */
    public Destination get(String name) {
        return find(name).orElseThrow(() -> new NoSuchElementException("no destination " + name));
    }

    /** What counts for every destination that does not set its own (G15). */
    public RetryPolicy retry() {
        return retry;
    }

    /** Where connections to them may go. */
    public EgressPolicy egress() {
        return egress;
    }

    public Collection<Destination> all() {
        return destinations.values();
    }
}
