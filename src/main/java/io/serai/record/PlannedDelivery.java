package io.serai.record;

/**
 * One destination that is to be told.
 *
 * @param destination its configured name
 * @param notifier    the kind of destination
 * @param reason      why, for the operator
 */
public record PlannedDelivery(String destination, String notifier, String reason) {}
