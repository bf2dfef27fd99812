package io.serai.record;

/**
 * How far a poll has read.
 *
 * @param name  which poll: provider and instance
 * @param value the poll's own mark, opaque to the ledger
 */
public record PollCursor(String name, String value) {}
