package io.serai.record;

/** A delivery that is about to be inserted. */
record DeliveryRow(
        ChangeRow change, PlannedDelivery plan, DeliveryState state, long now, Long endedAt, String outcome) {
    static final Bulk<DeliveryRow> INSERT = Bulk.<DeliveryRow>insert("delivery")
            .number("change", row -> row.change.id)
            .number("alert", row -> row.change.settled.alert())
            .integer("version", row -> row.change.settled.version())
            .text("destination", row -> row.plan.destination())
            .text("notifier", row -> row.plan.notifier())
            .integer("state", row -> row.state.code())
            .integer("attempts", row -> 0)
            .integer("replays", row -> 0)
            .text("idempotency_key", DeliveryRow::idempotencyKey)
            .text("reason", row -> row.plan.reason())
            .number("created_at", DeliveryRow::now)
            .number("due_at", DeliveryRow::now)
            .number("ended_at", DeliveryRow::endedAt)
            .number("fence", row -> 0L)
            .text("outcome", DeliveryRow::outcome);

    static DeliveryRow pending(ChangeRow change, PlannedDelivery plan, long now) {
        return new DeliveryRow(change, plan, DeliveryState.PENDING, now, null, null);
    }

    static DeliveryRow superseded(ChangeRow change, PlannedDelivery plan, long now, int by) {
        return new DeliveryRow(change, plan, DeliveryState.SUPERSEDED, now, now, supersededBy(by));
    }

    /** An outcome, as JSON like every other. */
    static String supersededBy(int version) {
        return "{\"message\":\"superseded by version " + version + "\"}";
    }

    /** The same for every attempt and replay, and after a crash (P4). */
    private String idempotencyKey() {
        SettledChange settled = change.settled;
        return "srl_"
                + Hashes.text(Long.toString(settled.alert()), Integer.toString(settled.version()), plan.destination());
    }
}
