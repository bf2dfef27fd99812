package io.serai.record;

import java.time.Instant;
import java.util.Map;

/**
 * One accepted request or poll result before it has a number.
 *
 * @param provider    folder name of the provider that parses it
 * @param instance    which of several instances of that provider sent it; {@code default} when there is one
 * @param source      how it came in
 * @param receivedAt  when the last byte arrived, by our clock
 * @param asOf        when a poll began to read, by our clock: word that came in later wins over it; null for a push
 * @param keyId       the credential that let it in; null for a poll
 * @param remote      the peer's address; null for a poll
 * @param contentType as sent; null when the sender gave none
 * @param headers     allow-listed request headers, lower-case names
 * @param body        the raw bytes, untouched
 * @param deliveryId  the vendor's own id of this delivery, the same on its retries; null when there is none
 * @param parent      the receipt that this one replays or completes; null when there is none
 * @param fetch       true when details are to be fetched before the changes are routed (D11)
 */
public record Receipt(
        String provider,
        String instance,
        Source source,
        Instant receivedAt,
        Instant asOf,
        String keyId,
        String remote,
        String contentType,
        Map<String, String> headers,
        byte[] body,
        String deliveryId,
        Long parent,
        boolean fetch) {}
