package io.serai.ask;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import io.serai.poll.PollState;
import io.serai.record.PollCursor;
import io.serai.record.PollCursors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.quartz.CronExpression;

/**
 * What was read last of each instance's topology, in the ledger: one node reads, and all bring their own tables up to that
 * (K29). A source is {@code provider/instance}.
 */
final class TopologyBook {
    private static final String READ = "/read";
    private static final String TRIED = "/tried";
    private static final String ENDED = "/ended";

    private final PollCursors cursors;
    private final Topology table;
    private final Clock clock;
    private final Map<String, String> brought = new ConcurrentHashMap<>();

    TopologyBook(PollCursors cursors, Topology table, Clock clock) {
        this.cursors = cursors;
        this.table = table;
        this.clock = clock;
    }

    /**
     * Keeps it for all nodes and writes this one's table.
     *
     * @param services as {@link Topology#write} takes them
     */
    ObjectNode write(String source, ArrayNode services) {
        Instant now = clock.instant();
        cursors.write(new PollCursor(name(source), services.toString()), now);
        // After what it is about: who sees it finds that, or something newer.
        cursors.write(new PollCursor(name(source) + READ, now.toString()), now);
        ObjectNode written = table.write(source, services);
        brought.put(source, now.toString());
        return written;
    }

    /** True when the schedule has struck since it was last tried, by whichever node; true before the first time. */
    boolean due(String source, CronExpression schedule) {
        return cursors.read(name(source) + TRIED)
                .map(tried -> schedule.getNextValidTimeAfter(Date.from(Instant.parse(tried.value()))))
                .map(next -> !next.toInstant().isAfter(clock.instant()))
                .orElse(true);
    }

    void trying(String source) {
        Instant now = clock.instant();
        cursors.write(new PollCursor(name(source) + TRIED, now.toString()), now);
    }

    /**
     * Keeps how a reading ended, for all nodes and their later lives.
     *
     * @param problem why it failed; null when it did not
     * @return how the one before it ended; empty before the first
     */
    Optional<PollState> ended(String source, String problem) {
        Instant now = clock.instant();
        Optional<PollState> before = state(source);
        long failures = before.map(PollState::failures).orElse(0L) + (problem == null ? 0 : 1);
        ObjectNode ended = StrictJson.mapper()
                .createObjectNode()
                .put("at", now.toString())
                .put("problem", problem)
                .put("failures", failures);
        cursors.write(new PollCursor(name(source) + ENDED, ended.toString()), now);
        return before;
    }

    /** How the last reading ended, on whichever node; its failures count since the first. Empty before the first. */
    Optional<PollState> state(String source) {
        return cursors.read(name(source) + ENDED).map(TopologyBook::state);
    }

    private static PollState state(PollCursor cursor) {
        try {
            JsonNode ended = StrictJson.read(cursor.value().getBytes(StandardCharsets.UTF_8));
            return new PollState(
                    Instant.parse(ended.path("at").asText()),
                    ended.path("problem").textValue(),
                    ended.path("failures").asLong());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes this node's table when another node has read something newer, or this one before it was started. */
    void bring(String source) throws IOException {
        Optional<PollCursor> read = cursors.read(name(source) + READ);
        if (read.isEmpty() || read.get().value().equals(brought.get(source))) {
            return;
        }
        Optional<PollCursor> services = cursors.read(name(source));
        if (services.isPresent()) {
            table.write(
                    source, (ArrayNode) StrictJson.read(services.get().value().getBytes(StandardCharsets.UTF_8)));
        }
        brought.put(source, read.get().value());
    }

    private static String name(String source) {
        return "topology/" + source;
    }
}
