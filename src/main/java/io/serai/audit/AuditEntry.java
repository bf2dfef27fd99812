package io.serai.audit;

/**
 * One thing that somebody did.
 *
 * @param who     the id of the key, or who sits at the command line
 * @param action  what, as {@code key.rotate}
 * @param subject to what, as {@code key k1}
 * @param outcome {@code done}; or, where it is not one transaction with the change, first {@code asked}, then {@code done}
 *                or {@code failed}
 * @param before  SHA-256 of the subject's state before, see {@link Audit#hash}; null where it has none
 * @param after   the same, afterwards
 * @param detail  JSON object with what else there is to say, without secrets
 */
public record AuditEntry(
        String who, String action, String subject, String outcome, String before, String after, String detail) {

    /** Done in the transaction that writes this. */
    public static AuditEntry done(String who, String action, String subject, String before, String after) {
        return new AuditEntry(who, action, subject, "done", before, after, "{}");
    }
}
