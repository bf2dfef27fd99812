package io.serai.record;

/** A change that is about to be inserted. */
final class ChangeRow {
    static final Bulk<ChangeRow> INSERT = Bulk.<ChangeRow>insert("change")
            .number("id", row -> row.id)
            .number("alert", row -> row.settled.alert())
            .number("receipt", row -> row.receipt)
            .integer("version", row -> row.settled.version())
            .integer("verdict", row -> row.settled.verdict().code())
            .number("at", row -> row.at)
            .number("incident", row -> row.incident == null ? null : row.incident.id)
            .text("content", row -> row.settled.content())
            .text("decisions", row -> row.settled.decisions());

    final long receipt;
    final SettledChange settled;
    final long at;
    long id;
    Incident incident;

    ChangeRow(long receipt, SettledChange settled, long at) {
        this.receipt = receipt;
        this.settled = settled;
        this.at = at;
    }
}
