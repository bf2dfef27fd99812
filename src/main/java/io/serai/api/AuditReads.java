package io.serai.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.audit.Audit;
import io.serai.audit.AuditEntry;
import io.serai.audit.AuditRow;
import java.util.List;
import java.util.Set;

/** The audit, for reading and checking. */
final class AuditReads {
    static final Set<String> PARAMETERS = Set.of("who", "action", "limit", "cursor");

    private final Audit audit;

    AuditReads(Audit audit) {
        this.audit = audit;
    }

    ObjectNode list(Parameters parameters) {
        int limit = parameters.limit();
        List<AuditRow> rows = audit.list(
                parameters.cursor().orElse(null),
                parameters.text("who").orElse(null),
                parameters.text("action").orElse(null),
                limit + 1);
        ObjectNode page = Rows.object();
        ArrayNode array = page.putArray("audit");
        rows.stream().limit(limit).map(AuditReads::json).forEach(array::add);
        page.put(
                "next_cursor", rows.size() > limit ? Rows.id(rows.get(limit - 1).seq()) : null);
        return page;
    }

    private static ObjectNode json(AuditRow row) {
        AuditEntry entry = row.entry();
        ObjectNode json = Rows.object()
                .put("id", Rows.id(row.seq()))
                .put("at", Rows.time(row.at()))
                .put("node", row.node())
                .put("who", entry.who())
                .put("action", entry.action())
                .put("subject", entry.subject())
                .put("outcome", entry.outcome())
                .put("before", entry.before())
                .put("after", entry.after());
        json.set("detail", Rows.json(entry.detail()));
        return json.put("previous", row.previous()).put("hash", row.hash());
    }

    /** {@code intact}, {@code entries}, {@code head}, and where and how it breaks. */
    ObjectNode verify(Parameters parameters) {
        String known = parameters.text("head").orElse(null);
        if (known != null && !known.matches("\\d{1,18}:[0-9a-f]{64}")) {
            throw Parameters.wrong("head", "must be a head as an earlier check gave it");
        }
        Audit.Verdict verdict = audit.verify(known);
        return Rows.object()
                .put("intact", verdict.problem() == null)
                .put("entries", verdict.entries())
                .put("head", verdict.head())
                .put("broken_at", Rows.id(verdict.brokenAt()))
                .put("problem", verdict.problem());
    }
}
