package io.serai.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/**
 * One receipt that waits in the inbox.
 *
 * @param receipt  its number
 * @param attempts how often it was deferred
 * @param items    in lane ROUTE those whose verdict is routed, in lane FETCH all that were mapped; in the order of the body
 */
public record Work(
        long receipt,
        String provider,
        String instance,
        Source source,
        Instant receivedAt,
        int attempts,
        List<Item> items) {

    /**
     * One alert of the receipt as the ledger knew it right after this word.
     *
     * @param index         position in the body, from 0
     * @param openedVersion the version in which it was last opened
     * @param content       the canonical alert without id, count and receive times; the caller's to change
     */
    public record Item(
            int index,
            long alert,
            String fingerprint,
            Verdict verdict,
            int version,
            int openedVersion,
            long count,
            Instant firstReceived,
            Instant lastReceived,
            ObjectNode content) {}
}
