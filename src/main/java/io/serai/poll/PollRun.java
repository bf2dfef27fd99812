package io.serai.poll;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.record.Lease;
import io.serai.record.Recorded;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One run of a poll while it is under way: the exchange variable {@code run}. Used by one thread at a time. */
final class PollRun {
    static final String VARIABLE = "run";

    private final String provider;
    private final String instance;
    private final Instant began;
    private final Map<String, Integer> verdicts = new TreeMap<>();
    private final Map<String, Long> monitored = new TreeMap<>();
    private final Set<String> listed = new HashSet<>();
    private Listing listing;
    private Lease lease;
    private int pages;
    private int seen;
    private int recorded;

    PollRun(String provider, String instance, Instant began, Lease lease) {
        this.provider = provider;
        this.instance = instance;
        this.began = began;
        this.lease = lease;
    }

    String provider() {
        return provider;
    }

    String instance() {
        return instance;
    }

    /** What was listed before and in this run; null when the system does not list only what is active. */
    Listing listing() {
        return listing;
    }

    void listing(Listing known) {
        listing = known;
    }

    /** The names in this run's listing, of all pages. */
    Set<String> listed() {
        return listed;
    }

    Instant began() {
        return began;
    }

    Lease lease() {
        return lease;
    }

    void renewed(Lease newer) {
        lease = newer;
    }

    int page(JsonNode page) {
        seen += page.path("items").size();
        page.path("monitored")
                .properties()
                .forEach(kind -> monitored.put(kind.getKey(), kind.getValue().asLong()));
        return ++pages;
    }

    void recorded(Recorded result) {
        recorded++;
        result.results().forEach(each -> verdicts.merge(each.verdict().word(), 1, Integer::sum));
    }

    PollReport report(String problem, ReadFailure.Kind failure) {
        return new PollReport(
                provider, instance, seen, recorded, Map.copyOf(verdicts), Map.copyOf(monitored), problem, failure);
    }
}
