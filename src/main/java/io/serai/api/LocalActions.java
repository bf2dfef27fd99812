package io.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.deliver.Outbox;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import java.time.Instant;
import java.util.function.Supplier;

/** What can be set going without the routes: a running server picks it up from the ledger. */
public final class LocalActions implements Actions {
    private final Supplier<Outbox> outbox;

    public LocalActions(Supplier<Outbox> outbox) {
        this.outbox = outbox;
    }

    @Override
    public boolean replayDelivery(long delivery, String who) {
        return outbox.get().replay(delivery, who);
    }

    @Override
    public int replayDead(String destination, Instant since, String who) {
        return outbox.get().replayDead(destination, since, who);
    }

    @Override
    public ObjectNode replayReceipt(long receipt, String who) {
        throw needsServer("Replaying a receipt");
    }

    @Override
    public ObjectNode pull(String provider, String instance, String since) {
        throw needsServer("Polling");
    }

    @Override
    public ObjectNode status() {
        throw needsServer("The status");
    }

    @Override
    public ObjectNode reload(String who) {
        throw needsServer("A reload");
    }

    private static Refusal needsServer(String what) {
        return new Refusal(ErrorCode.OVERLOADED, what + " needs the running server: start ./serai run.");
    }
}
