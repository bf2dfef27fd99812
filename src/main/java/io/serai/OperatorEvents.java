package io.serai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.alert.Status;
import io.serai.deliver.Destination;
import io.serai.deliver.LaneState;
import io.serai.deliver.PauseListener;
import io.serai.json.StrictJson;
import io.serai.record.LedgerUnavailable;
import io.serai.record.Origin;
import io.serai.record.Source;
import io.serai.record.Store;
import io.serai.reload.ReloadState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Serai itself has to tell its operators: alerts of the provider {@code serai}, on the way that every other alert
 * takes, so that they are routed, told and explained like those.
 */
final class OperatorEvents implements PauseListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorEvents.class);
    private static final String PROVIDER = "serai";
    private static final String REFUSED = "destination-refused";
    private static final String EDIT_REFUSED = "configuration-refused";
    private static final String OPEN = "select content from alert_full where provider = ? and status <> ?";

    private final Current current;
    private final String node;
    private final Clock clock;
    /** Destinations of which an open alert says that they refuse us. */
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    /** Whether an open alert says that this node refuses an edit of its configuration. */
    private boolean editRefused;

    private final ExecutorService events = Executors.newSingleThreadExecutor(run -> {
        Thread thread = new Thread(run, "operator-events");
        thread.setDaemon(true);
        return thread;
    });

    /** @throws LedgerUnavailable when the store does not answer */
    OperatorEvents(Store store, Current current, String node, Clock clock) {
        this.current = current;
        this.node = node;
        this.clock = clock;
        try (Connection connection = store.reader().getConnection();
                PreparedStatement statement = connection.prepareStatement(OPEN)) {
            statement.setString(1, PROVIDER);
            statement.setInt(2, Status.RESOLVED.code());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    JsonNode alert = StrictJson.read(row.getString(1).getBytes(StandardCharsets.UTF_8));
                    if (alert.at("/labels/destination").isTextual()) {
                        open.add(alert.at("/labels/destination").asText());
                    } else if (alert.at("/labels/node").asText().equals(node)) {
                        editRefused = true;
                    }
                }
            }
        } catch (SQLException | IOException e) {
            throw new LedgerUnavailable("The open operator events cannot be read: the ledger does not answer.", e);
        }
    }

    @Override
    public void paused(Destination destination, LaneState.Pause pause) {
        open.add(destination.name());
        events.execute(() -> tell(destination, "firing", pause.reason()));
    }

    @Override
    public void taken(Destination destination) {
        if (open.remove(destination.name())) {
            events.execute(() -> tell(destination, "resolved", "takes deliveries again"));
        }
    }

    private void tell(Destination destination, String status, String reason) {
        tell(event(REFUSED, status)
                .put("destination", destination.name())
                .put("notifier", destination.notifier())
                .put("reason", reason));
    }

    /** Once for each distinct edit. */
    synchronized void refused(ReloadState.Refused edit) {
        editRefused = true;
        String first = edit.findings().get(0).toString();
        int more = edit.findings().size() - 1;
        events.execute(() -> tell(event(EDIT_REFUSED, "firing")
                .put("node", node)
                .put("edit", edit.edit())
                .put("reason", more == 0 ? first : first + " There are " + more + " more.")));
    }

    /** What lies on the disk runs: at the start too, when an earlier life of this node had refused it. */
    synchronized void inForce() {
        if (editRefused) {
            editRefused = false;
            events.execute(() -> tell(event(EDIT_REFUSED, "resolved").put("node", node)));
        }
    }

    /** Once until it can be read again. */
    void unread(String kind, String provider, String instance, String problem) {
        events.execute(() -> tell(reading(kind, "firing", provider, instance).put("reason", problem)));
    }

    /** On whichever node: that it had failed is in the ledger. */
    void read(String kind, String provider, String instance) {
        events.execute(() -> tell(reading(kind, "resolved", provider, instance)));
    }

    /** Without its topology alerts are still told; a system that is not polled tells nothing. */
    private ObjectNode reading(String kind, String status, String provider, String instance) {
        return event(kind + "-failed", status)
                .put("severity", kind.equals("poll") ? "high" : "medium")
                .put("provider", provider)
                .put("instance", instance);
    }

    private ObjectNode event(String what, String status) {
        return StrictJson.mapper()
                .createObjectNode()
                .put("serai_event", what)
                .put("status", status)
                .put("severity", "high")
                .put("at", clock.instant().toString());
    }

    private void tell(ObjectNode event) {
        Instant now = clock.instant();
        byte[] body = event.toString().getBytes(StandardCharsets.UTF_8);
        Exchange exchange =
                current.with(generation -> generation.producer().send("direct:" + PROVIDER + "-parse", each -> {
                    each.setVariable("provider", PROVIDER);
                    each.setVariable("instance", "default");
                    each.setVariable("received_at", now.toString());
                    each.setVariable("received_epoch", String.valueOf(now.getEpochSecond()));
                    each.setVariable(
                            Origin.VARIABLE,
                            new Origin(
                                    Source.PUSH,
                                    now,
                                    null,
                                    PROVIDER,
                                    null,
                                    "application/json",
                                    Map.of(),
                                    body,
                                    null,
                                    null,
                                    false));
                    each.getMessage().setBody(event);
                }));
        if (exchange.getException() != null) {
            LOG.error(
                    "No alert could be made of this: {} {} {}: {}",
                    event.path("serai_event").asText(),
                    event.path("destination").asText(""),
                    event.path("status").asText(),
                    exchange.getException().getClass().getSimpleName());
        }
    }

    /** Lets the last word be recorded. */
    @Override
    public void close() {
        events.shutdown();
        try {
            if (!events.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("An operator event was not recorded before the stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
