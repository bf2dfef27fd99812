package io.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.audit.Audit;
import io.serai.audit.AuditEntry;
import io.serai.door.Principal;
import io.serai.door.Refusal;
import io.serai.record.LedgerUnavailable;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into the audit what somebody sets going that is not one transaction: before it is done, because what cannot be
 * written down is not done, and once more when it is known what came of it.
 */
final class Audited {
    private static final Logger LOG = LoggerFactory.getLogger(Audited.class);

    private final Audit audit;

    Audited(Audit audit) {
        this.audit = audit;
    }

    /** Who it was: the key's id, and whose it is. */
    static String name(Principal who) {
        return who.person() == null ? who.id() : who.person().user() + " (" + who.id() + ")";
    }

    /**
     * @param state what the subject is like now; null when it is not here
     * @param done  does it; what its answer says about numbers goes into the detail
     */
    ObjectNode run(
            Principal who, String action, String subject, Supplier<ObjectNode> state, Supplier<ObjectNode> done) {
        String name = name(who);
        String before = hash(state);
        long asked = audit.append(new AuditEntry(name, action, subject, "asked", before, null, "{}"));
        ObjectNode detail = Rows.object().put("asked", Rows.id(asked));
        try {
            ObjectNode answer = done.get();
            answer.properties().forEach(each -> {
                if (each.getValue().isNumber() || each.getValue().isBoolean()) {
                    detail.set(each.getKey(), each.getValue());
                }
            });
            audit.append(new AuditEntry(name, action, subject, "done", before, hash(state), detail.toString()));
            return answer;
        } catch (Refusal refused) {
            failed(
                    name,
                    action,
                    subject,
                    before,
                    detail.put("code", refused.code().name()));
            throw refused;
        } catch (RuntimeException failed) {
            failed(name, action, subject, before, detail);
            throw failed;
        }
    }

    private void failed(String name, String action, String subject, String before, ObjectNode detail) {
        try {
            audit.append(new AuditEntry(name, action, subject, "failed", before, null, detail.toString()));
        } catch (LedgerUnavailable e) {
            LOG.warn("that {} of {} failed is not in the audit; that it was asked for is", action, subject);
        }
    }

    private static String hash(Supplier<ObjectNode> state) {
        ObjectNode now = state.get();
        return now == null ? null : Audit.hash(now.toString());
    }
}
