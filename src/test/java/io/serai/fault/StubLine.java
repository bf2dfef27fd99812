package io.serai.fault;

/**
 * One request as the stub target wrote it down, before it answered.
 *
 * @param at          milliseconds since 1970
 * @param path        request path, which names the destination
 * @param key         the {@code webhook-id} header: the idempotency key; empty when there was none
 * @param hash        SHA-256 of the body, hexadecimal
 * @param fingerprint of the alert in the body; empty when there was none
 * @param status      of the alert in the body; empty when there was none
 * @param version     change number in the body; -1 when there was none
 * @param accepted    true when the stub was about to answer 2xx
 */
record StubLine(
        long at,
        String path,
        String key,
        String hash,
        String fingerprint,
        String status,
        int version,
        boolean accepted) {}
