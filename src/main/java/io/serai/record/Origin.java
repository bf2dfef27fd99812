package io.serai.record;

import java.time.Instant;
import java.util.Map;

/**
 * Where alerts on their way to the ledger come from: the exchange variable {@code origin}. The door sets it for a push,
 * the poll for a poll; the recorder makes the receipt of it. See {@link Receipt} for the fields.
 */
public record Origin(
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
        boolean fetch) {

    /** The name of the exchange variable. */
    public static final String VARIABLE = "origin";

    /** What a poll read, and when it began to read. */
    public static Origin polled(byte[] body, Instant receivedAt, Instant asOf) {
        return new Origin(
                Source.POLL, receivedAt, asOf, null, null, "application/json", Map.of(), body, null, null, false);
    }

    Receipt receipt(String provider, String instance) {
        return new Receipt(
                provider,
                instance,
                source,
                receivedAt,
                asOf,
                keyId,
                remote,
                contentType,
                headers,
                body,
                deliveryId,
                parent,
                fetch);
    }
}
