package io.serai.record;

import java.time.Duration;

/**
 * What the ledger keeps at least.
 *
 * @param age   older rows are deleted
 * @param bytes when it takes more than this, the oldest receipts are deleted even when they are younger; 0 for no limit
 */
public record RetentionLimits(Duration age, long bytes) {}
