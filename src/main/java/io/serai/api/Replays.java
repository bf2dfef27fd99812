package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.door.ErrorCode;
import io.serai.door.Principal;
import io.serai.door.Refusal;
import java.time.Clock;
import java.time.Instant;

/** Has deliveries sent and receipts parsed once more, and writes into the audit who wanted it. */
final class Replays {
    private final ReceiptReads receipts;
    private final DeliveryReads deliveries;
    private final Configured configured;
    private final Actions actions;
    private final Audited audited;
    private final Clock clock;

    Replays(
            ReceiptReads receipts,
            DeliveryReads deliveries,
            Configured configured,
            Actions actions,
            Audited audited,
            Clock clock) {
        this.receipts = receipts;
        this.deliveries = deliveries;
        this.configured = configured;
        this.actions = actions;
        this.audited = audited;
        this.clock = clock;
    }

    /**
     * @param body {@code delivery}, or {@code destination} and {@code since}
     * @throws Refusal 400 without any of them, 404 for what is not there or not dead
     */
    ObjectNode deliveries(JsonNode body, Principal who) {
        if (body.hasNonNull("delivery")) {
            long id = Parameters.id("delivery", body.path("delivery").asText());
            return audited.run(
                    who,
                    "delivery.replay",
                    "delivery " + id,
                    () -> deliveries.find(id).orElse(null),
                    () -> {
                        if (!actions.replayDelivery(id, who.id())) {
                            throw new Refusal(ErrorCode.NOT_FOUND, "There is no such dead delivery.");
                        }
                        return Rows.object().put("replayed", 1);
                    });
        }
        Instant since = Parameters.time("since", body.path("since"), clock);
        if (!body.hasNonNull("destination") && since == null) {
            throw Parameters.wrong("delivery", "give delivery, destination or since");
        }
        String destination =
                body.hasNonNull("destination") ? body.path("destination").asText() : null;
        if (destination != null && !configured.destinationNames().contains(destination)) {
            throw new Refusal(ErrorCode.NOT_FOUND, "There is no such destination.");
        }
        return audited.run(
                who,
                "delivery.replay",
                "dead deliveries " + (destination == null ? "of all destinations" : "of " + destination)
                        + (since == null ? "" : " since " + since),
                () -> deliveries.dead(destination, since),
                () -> Rows.object().put("replayed", actions.replayDead(destination, since, who.id())));
    }

    /** @throws Refusal 404 when there is no such receipt */
    ObjectNode receipt(long receipt, Principal who) {
        if (receipts.brief(receipt).isEmpty()) {
            throw new Refusal(ErrorCode.NOT_FOUND, "There is no such receipt.");
        }
        return audited.run(
                who,
                receipts.quarantined(receipt) ? "quarantine.replay" : "receipt.replay",
                "receipt " + receipt,
                () -> receipts.find(receipt, false).orElse(null),
                () -> actions.replayReceipt(receipt, who.id()));
    }
}
