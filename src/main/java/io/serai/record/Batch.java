package io.serai.record;

import io.serai.alert.Fingerprint;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The receipts of one transaction and what they say, ordered so that two nodes cannot wait for each other. */
final class Batch {
    final List<Entry> entries;
    /** By fingerprint, ascending. */
    final Track[] tracks;

    Batch(List<Entry> entries) {
        this.entries = entries;
        Map<Fingerprint, Track> byFingerprint = new HashMap<>();
        for (Entry entry : entries) {
            entry.redelivered = false;
            for (int i = 0; i < entry.outcomes.length; i++) {
                if (entry.items.get(i) instanceof Item.Mapped mapped) {
                    byFingerprint
                            .computeIfAbsent(mapped.fingerprint(), Track::new)
                            .add(entry, i, mapped);
                } else {
                    entry.outcomes[i] = new Entry.Outcome(Verdict.QUARANTINED, null, null, true);
                }
            }
        }
        tracks = byFingerprint.values().toArray(Track[]::new);
        Arrays.sort(tracks, (a, b) -> Arrays.compareUnsigned(a.key, b.key));
    }

    /** Says that the vendor sent this very delivery before; to be called before any track is decided. */
    void redelivered(Entry entry) {
        entry.redelivered = true;
        for (int i = 0; i < entry.outcomes.length; i++) {
            if (entry.items.get(i) instanceof Item.Unmapped) {
                entry.outcomes[i] = new Entry.Outcome(Verdict.REDELIVERED, null, null, false);
            }
        }
    }

    /** What the batch adds to each running total, by name in a fixed order. */
    SortedMap<String, Long> tallies() {
        SortedMap<String, Long> tallies = new TreeMap<>();
        for (Entry entry : entries) {
            tallies.merge("in.receipts", 1L, Long::sum);
            for (Entry.Outcome outcome : entry.outcomes) {
                tallies.merge("in.alerts", 1L, Long::sum);
                tallies.merge("verdict." + outcome.verdict().word(), 1L, Long::sum);
            }
        }
        return tallies;
    }

    int alerts() {
        int alerts = 0;
        for (Entry entry : entries) {
            alerts += entry.outcomes.length;
        }
        return alerts;
    }
}
