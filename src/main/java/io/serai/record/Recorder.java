package io.serai.record;

import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Body;
import org.apache.camel.Exchange;

/** The record stage as the routes see it: bean {@code record}. */
public final class Recorder {
    private final Ledger ledger;

    public Recorder(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Hands one request's items to the ledger as one entry.
     *
     * @throws Refusal 503 when too much is waiting
     */
    public Recording accept(@Body List<Item> items, Exchange exchange) {
        Origin origin = exchange.getVariable(Origin.VARIABLE, Origin.class);
        String provider = exchange.getVariable("provider", String.class);
        String instance = exchange.getVariable("instance", "default", String.class);
        return new Recording(record(origin.receipt(provider, instance), items));
    }

    /** As {@link #accept}, for callers without an exchange. */
    public CompletionStage<Recorded> record(Receipt receipt, List<Item> items) {
        try {
            return ledger.record(receipt, items).handle(Recorder::recorded);
        } catch (Overloaded overloaded) {
            throw unavailable("Too much is waiting for the ledger.", overloaded.retryAfterSeconds());
        }
    }

    private static Recorded recorded(Recorded recorded, Throwable failure) {
        if (failure != null) {
            throw unavailable("The ledger cannot be written now. Send it again.", 5);
        }
        return recorded;
    }

    private static Refusal unavailable(String message, int retryAfterSeconds) {
        return new Refusal(ErrorCode.OVERLOADED, message, List.of(), retryAfterSeconds);
    }
}
