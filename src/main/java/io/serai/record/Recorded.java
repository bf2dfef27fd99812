package io.serai.record;

import io.serai.alert.Fingerprint;
import java.util.List;

/**
 * What the ledger committed for one receipt.
 *
 * @param receipt the receipt's number
 * @param results one per item, in the order of the body
 */
public record Recorded(long receipt, List<Result> results) {

    /**
     * @param fingerprint null for a quarantined item
     * @param alert       the alert's number; 0 for a quarantined item
     * @param version     the alert's change number after this word; 0 for a quarantined item
     * @param field       for a quarantined item, the field at fault; otherwise null
     * @param reason      for a quarantined item, why; otherwise null
     */
    public record Result(
            Fingerprint fingerprint, Verdict verdict, long alert, int version, String field, String reason) {}
}
