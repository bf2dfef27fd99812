package io.serai.poll;

import java.time.Instant;

/**
 * How polling an instance goes, as this node saw it.
 *
 * @param at       when the last poll began
 * @param problem  why it did not read everything; null when it did
 * @param failures how many polls since the start had a problem
 */
public record PollState(Instant at, String problem, long failures) {}
