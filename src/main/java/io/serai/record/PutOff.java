package io.serai.record;

import java.time.Instant;

/**
 * A receipt of which something could not be routed, to be tried again.
 *
 * @param attempts how often that has been so now
 * @param error    why, in one sentence for the operator
 */
public record PutOff(long receipt, Instant dueAt, int attempts, String error) {}
