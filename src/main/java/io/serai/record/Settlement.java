package io.serai.record;

import java.util.Set;

/**
 * What one settle committed.
 *
 * @param changes      rows of change that were written
 * @param destinations those with a delivery that is due now
 */
public record Settlement(int changes, Set<String> destinations) {}
