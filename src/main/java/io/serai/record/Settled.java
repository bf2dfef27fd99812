package io.serai.record;

import java.util.List;

/** A receipt that went through enrich, correlate and route, with one change for each of its routed alerts. */
public record Settled(long receipt, List<SettledChange> changes) {}
