package io.serai.record;

import java.util.List;

/**
 * What became of one change.
 *
 * @param content    the canonical alert as it is to be told, one JSON object; empty when nobody is told
 * @param decisions  what each stage decided and why, JSON
 * @param incident   which incident it belongs to; null for none
 * @param deliveries who is told; empty when nobody is, by rule
 */
public record SettledChange(
        long alert,
        int version,
        Verdict verdict,
        String content,
        String decisions,
        IncidentPlan incident,
        List<PlannedDelivery> deliveries) {}
