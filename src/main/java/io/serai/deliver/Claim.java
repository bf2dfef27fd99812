package io.serai.deliver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * A delivery that this node may send until the lease ends.
 *
 * @param input      the body that the notifier's route gets, without {@code destination}
 * @param first      when the first try since the making or replay began; null before it
 * @param leaseUntil when another node may take it over
 * @param report     true when it reports the end of another delivery
 */
record Claim(Delivery delivery, ObjectNode input, Instant first, Instant leaseUntil, boolean report) {}
