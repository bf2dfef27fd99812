package io.serai.record;

import io.serai.alert.Fingerprint;
import io.serai.alert.Severity;
import io.serai.alert.Status;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/** Receipts and alerts for tests of the ledger, with one short line each. */
final class Words {
    static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    private Words() {}

    static Receipt push() {
        return at(NOON);
    }

    static Receipt at(Instant receivedAt) {
        return receipt(receivedAt, null, null, false);
    }

    static Receipt poll(Instant asOf, Instant receivedAt) {
        return receipt(receivedAt, asOf, null, false);
    }

    static Receipt delivery(String id, Instant receivedAt) {
        return receipt(receivedAt, null, id, false);
    }

    static Receipt toFetch() {
        return receipt(NOON, null, null, true);
    }

    private static Receipt receipt(Instant receivedAt, Instant asOf, String deliveryId, boolean fetch) {
        byte[] body = "{\"from\":\"a test\"}".getBytes(StandardCharsets.UTF_8);
        return new Receipt(
                "prometheus",
                "default",
                asOf == null ? Source.PUSH : Source.POLL,
                receivedAt,
                asOf,
                "key-1",
                "127.0.0.1",
                "application/json",
                Map.of("user-agent", "a \"quoted\" agent"),
                body,
                deliveryId,
                null,
                fetch);
    }

    static Fingerprint fingerprint(String name) {
        return Fingerprint.of(Hashes.key("test", name));
    }

    static Item.Mapped firing(String name) {
        return word(name, Status.FIRING, 1, null, "as it is");
    }

    static Item.Mapped resolved(String name) {
        return word(name, Status.RESOLVED, 2, null, "as it is");
    }

    static Item.Mapped word(String name, Status status, long digest, Instant eventTime, String description) {
        String content = "{\"title\":\"" + name + "\",\"status\":\"" + status.word() + "\",\"description\":\""
                + description + "\"}";
        return new Item.Mapped(fingerprint(name), status, Severity.HIGH, digest, eventTime, content);
    }
}
