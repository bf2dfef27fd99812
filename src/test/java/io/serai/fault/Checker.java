package io.serai.fault;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares three ledgers that know nothing of each other: what the client was answered, what the hub keeps, what the
 * targets got. The promises are those of DESIGN section 2.
 */
final class Checker {

    /**
     * @param faults one sentence each, with the promise that is broken; empty when all are kept
     * @param counts what was compared
     */
    record Report(long seed, List<String> faults, Map<String, Long> counts) {

        boolean kept() {
            return faults.isEmpty();
        }

        /** One line. */
        @Override
        public String toString() {
            String numbers = counts.entrySet().stream()
                    .map(count -> count.getKey() + "=" + count.getValue())
                    .collect(Collectors.joining(" "));
            return (kept() ? "KEPT" : "BROKEN") + " seed=" + seed + " " + numbers
                    + (kept() ? "" : " faults=" + faults.size() + " first: " + faults.get(0));
        }
    }

    /** The verdicts of which destinations are told. */
    private static final Set<String> TOLD = Set.of("new", "changed", "resolved", "reopened");

    /** Bounds the report where everything is broken in the same way. */
    private static final int SHOWN = 50;

    private final long seed;
    private final List<Sent> sent;
    private final Books books;
    private final Map<String, List<StubLine>> stubs;
    private final List<String> faults = new ArrayList<>();
    private final Map<String, Long> counts = new LinkedHashMap<>();

    private Checker(long seed, List<Sent> sent, Books books, Map<String, List<StubLine>> stubs) {
        this.seed = seed;
        this.sent = sent;
        this.books = books;
        this.stubs = stubs;
    }

    /**
     * @param stubs by destination, each with what that destination's path was sent, in order; every destination takes
     *              every alert
     */
    static Report check(long seed, List<Sent> sent, Books books, Map<String, List<StubLine>> stubs) {
        Checker checker = new Checker(seed, sent, books, stubs);
        checker.count();
        checker.acceptedIsDurable();
        checker.nothingIsCountedTwice();
        checker.everyDutyReachedItsTarget();
        checker.everyChangeReachedItsTarget();
        checker.duplicatesCarryOneKey();
        checker.orderIsKept();
        return new Report(seed, List.copyOf(checker.faults), checker.counts);
    }

    private void count() {
        counts.put("sent", (long) sent.size());
        counts.put("accepted", sent.stream().filter(Sent::accepted).count());
        counts.put("unknown", sent.stream().filter(Sent::unknown).count());
        counts.put("unreachable", sent.stream().filter(Sent::unreachable).count());
        counts.put(
                "refused",
                sent.stream().filter(s -> s.status() > 0 && !s.accepted()).count());
        counts.put("receipts", (long) books.receipts().size());
        counts.put("alerts", (long) books.alerts().size());
        counts.put("duties", (long) books.duties().size());
        for (String state : List.of("delivered", "superseded", "dead")) {
            counts.put(
                    state,
                    books.duties().stream().filter(d -> d.state().equals(state)).count());
        }
        List<StubLine> lines = stubs.values().stream().flatMap(List::stream).toList();
        counts.put("stub", (long) lines.size());
        long taken = lines.stream().filter(StubLine::accepted).count();
        long keys = lines.stream()
                .filter(StubLine::accepted)
                .map(l -> l.path() + l.key())
                .distinct()
                .count();
        counts.put("repeated", taken - keys);
    }

    /** P1, P2: each 202 has its receipt and its alerts. */
    private void acceptedIsDurable() {
        Set<String> seen = new HashSet<>();
        for (Sent one : sent) {
            if (!one.accepted()) {
                continue;
            }
            if (!books.receipts().contains(one.receipt())) {
                fault("P1: request " + one.id() + " was answered 202 with receipt '" + one.receipt()
                        + "', which the ledger does not have");
            }
            if (!seen.add(one.receipt())) {
                fault("P1: receipt " + one.receipt() + " was given to two requests");
            }
            for (String fingerprint : one.fingerprints()) {
                if (!books.alerts().containsKey(fingerprint)) {
                    fault("P1: request " + one.id() + " was answered 202 for alert " + fingerprint
                            + ", which the ledger does not have");
                }
            }
            if (one.fingerprints().isEmpty()) {
                fault("P2: request " + one.id() + " was answered 202 without an alert");
            }
        }
    }

    /** Each alert counts at least the words that were accepted, and at most those that may have come through. */
    private void nothingIsCountedTwice() {
        Map<String, Set<String>> fingerprints = new HashMap<>();
        Map<String, Long> accepted = new HashMap<>();
        Map<String, Long> possible = new HashMap<>();
        for (Sent one : sent) {
            if (one.accepted()) {
                fingerprints
                        .computeIfAbsent(one.subject(), s -> new HashSet<>())
                        .addAll(one.fingerprints());
                accepted.merge(one.subject(), 1L, Long::sum);
            }
            if (one.accepted() || one.unknown() || one.unavailable()) {
                possible.merge(one.subject(), 1L, Long::sum);
            }
        }
        fingerprints.forEach((subject, prints) -> {
            if (prints.size() != 1) {
                fault("P1: subject " + subject + " has " + prints.size() + " fingerprints");
                return;
            }
            Books.Row row = books.alerts().get(prints.iterator().next());
            if (row == null) {
                return; // said already
            }
            if (row.count() < accepted.get(subject) || row.count() > possible.get(subject)) {
                fault("P1: alert of " + subject + " counts " + row.count() + ", between " + accepted.get(subject)
                        + " and " + possible.get(subject) + " were accepted");
            }
        });
    }

    /** P3: every duty has a visible end, and where that end is "delivered" the target wrote it down. */
    private void everyDutyReachedItsTarget() {
        Map<String, Set<String>> taken = new HashMap<>();
        Map<String, Set<String>> asked = new HashMap<>();
        stubs.forEach((destination, lines) -> {
            for (StubLine line : lines) {
                asked.computeIfAbsent(destination, d -> new HashSet<>()).add(line.key());
                if (line.accepted()) {
                    taken.computeIfAbsent(destination, d -> new HashSet<>()).add(line.key());
                }
            }
        });
        for (Books.Duty duty : books.duties()) {
            Set<String> got = taken.getOrDefault(duty.destination(), Set.of());
            switch (duty.state()) {
                case "delivered" -> {
                    if (!got.contains(duty.key())) {
                        fault("P3: " + name(duty) + " is recorded as delivered and never reached its target");
                    }
                }
                case "dead" -> {
                    if (!asked.getOrDefault(duty.destination(), Set.of()).contains(duty.key())) {
                        fault("P3: " + name(duty) + " is dead without one attempt");
                    }
                }
                case "superseded" -> {
                    // Its newer word is a duty of its own.
                }
                default -> fault("P3: " + name(duty) + " has not ended: " + duty.state());
            }
        }
    }

    /** P3 without believing the delivery table: the last word of each alert that anybody must hear of is at each target. */
    private void everyChangeReachedItsTarget() {
        Set<String> told = new HashSet<>();
        books.alerts().forEach((fingerprint, row) -> {
            if (row.status().equals("firing")) {
                told.add(fingerprint);
            }
        });
        for (Sent one : sent) {
            for (int i = 0; i < one.fingerprints().size(); i++) {
                if (TOLD.contains(one.verdicts().get(i))) {
                    told.add(one.fingerprints().get(i));
                }
            }
        }
        stubs.forEach((destination, lines) -> {
            Map<String, Integer> last = new HashMap<>();
            for (StubLine line : lines) {
                if (line.accepted()) {
                    last.merge(line.fingerprint(), line.version(), Math::max);
                }
            }
            Set<String> dead = books.duties().stream()
                    .filter(d ->
                            d.destination().equals(destination) && d.state().equals("dead"))
                    .map(Books.Duty::fingerprint)
                    .collect(Collectors.toSet());
            for (String fingerprint : told) {
                Books.Row row = books.alerts().get(fingerprint);
                if (row == null || dead.contains(fingerprint)) {
                    continue;
                }
                Integer version = last.get(fingerprint);
                if (version == null) {
                    fault("P3: " + destination + " never heard of alert " + fingerprint);
                } else if (version != row.version()) {
                    fault("P3: " + destination + " last heard version " + version + " of alert " + fingerprint
                            + ", which is at " + row.version());
                }
            }
        });
    }

    /** P4: what a target took twice it took under one key, and a key never stands for two things. */
    private void duplicatesCarryOneKey() {
        stubs.forEach((destination, lines) -> {
            Map<String, String> keyOf = new HashMap<>();
            Map<String, String> thingOf = new HashMap<>();
            for (StubLine line : lines) {
                String thing = line.fingerprint() + " version " + line.version();
                if (line.key().isEmpty()) {
                    fault("P4: " + destination + " was sent " + thing + " without an idempotency key");
                    continue;
                }
                String key = keyOf.putIfAbsent(thing, line.key());
                if (key != null && !key.equals(line.key())) {
                    fault("P4: " + destination + " was sent " + thing + " under two keys");
                }
                String other = thingOf.putIfAbsent(line.key(), thing);
                if (other != null && !other.equals(thing)) {
                    fault("P4: key " + line.key() + " stands for two things at " + destination);
                }
            }
        });
    }

    /** P5: a target never takes an older word of an alert after a newer one. */
    private void orderIsKept() {
        stubs.forEach((destination, lines) -> {
            Map<String, Integer> last = new HashMap<>();
            for (StubLine line : lines) {
                if (!line.accepted()) {
                    continue;
                }
                Integer before = last.put(line.fingerprint(), line.version());
                if (before != null && before > line.version()) {
                    fault("P5: " + destination + " took version " + line.version() + " (" + line.status()
                            + ") of alert " + line.fingerprint() + " after version " + before);
                }
            }
        });
    }

    private static String name(Books.Duty duty) {
        return "delivery of alert " + duty.fingerprint() + " version " + duty.version() + " to " + duty.destination();
    }

    private void fault(String sentence) {
        if (faults.size() < SHOWN) {
            faults.add(sentence);
        }
    }
}
