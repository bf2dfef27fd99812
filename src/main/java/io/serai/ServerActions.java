package io.serai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.api.Actions;
import io.serai.api.Asks;
import io.serai.deliver.Deliverer;
import io.serai.deliver.LaneState;
import io.serai.deliver.Outbox;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.json.StrictJson;
import io.serai.poll.PollReport;
import io.serai.poll.Poller;
import io.serai.poll.Range;
import io.serai.record.Answers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator can set going on a running server. */
final class ServerActions implements Actions {
    private static final Logger LOG = LoggerFactory.getLogger(ServerActions.class);

    private final Outbox outbox;
    private final Deliverer deliverer;
    private final Poller poller;
    private final Current current;
    private final ServerStatus status;

    ServerActions(Outbox outbox, Deliverer deliverer, Poller poller, Current current, ServerStatus status) {
        this.outbox = outbox;
        this.deliverer = deliverer;
        this.poller = poller;
        this.current = current;
        this.status = status;
    }

    @Override
    public Asks asks() {
        return new CurrentAsks(current);
    }

    @Override
    public boolean replayDelivery(long delivery, String who) {
        boolean replayed = outbox.replay(delivery, who);
        deliverer.tryNow(null);
        deliverer.signal();
        return replayed;
    }

    @Override
    public int replayDead(String destination, Instant since, String who) {
        int replayed = outbox.replayDead(destination, since, who);
        deliverer.tryNow(destination);
        deliverer.signal();
        return replayed;
    }

    @Override
    public Map<String, String> paused() {
        return deliverer.states().stream()
                .filter(each -> each.pause() != null)
                .collect(Collectors.toMap(
                        LaneState::destination,
                        each -> "since " + each.pause().since().truncatedTo(ChronoUnit.SECONDS) + ": "
                                + each.pause().reason()));
    }

    @Override
    public ObjectNode replayReceipt(long receipt, String who) {
        return Answers.data(current.with(now -> now.replay().replay(receipt, who)));
    }

    @Override
    public ObjectNode status() {
        return status.json();
    }

    @Override
    public ObjectNode reload(String who) {
        LOG.info("{} asks for a reload", who);
        return status.reload();
    }

    @Override
    public ObjectNode pull(String provider, String instance, String since) {
        Range range = Range.of(since == null ? "2hours" : since)
                .orElseThrow(() -> new Refusal(
                        ErrorCode.VALIDATION_ERROR,
                        "This is not a range.",
                        List.of(new Refusal.Detail("since", "choose of " + Range.words()))));
        try {
            PollReport report = poller.pull(provider, instance, range);
            return StrictJson.mapper().valueToTree(report);
        } catch (IllegalArgumentException notSetUp) {
            throw new Refusal(ErrorCode.NOT_FOUND, "This provider's instance is not set up for polling.");
        }
    }
}
