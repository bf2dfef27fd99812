package io.serai.door;

import java.time.Duration;

/**
 * Limits of the front door. Every one exists because stock Camel has none (guarded faults 44 to 48).
 *
 * @param maxBody     bytes of one body; more is a 413
 * @param workers     threads that authenticate, parse and hand over to the ledger; 0 for one more than the processors
 * @param queue       requests that may wait for a worker; more is a 503
 * @param idleTimeout a connection on which nothing moves is closed after this
 * @param connections open at a time; one more is cut at once
 * @param readTimeout headers and body must be complete within this, however slowly they move
 */
public record DoorOptions(
        String host,
        int port,
        int maxBody,
        int workers,
        int queue,
        int connections,
        Duration idleTimeout,
        Duration readTimeout) {}
