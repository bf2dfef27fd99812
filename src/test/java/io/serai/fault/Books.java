package io.serai.fault;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the hub's ledger holds when all is quiet, as far as the checker compares it.
 *
 * @param receipts numbers of all receipts
 * @param alerts   by fingerprint, hexadecimal
 * @param duties   every delivery
 */
record Books(Set<String> receipts, Map<String, Row> alerts, List<Duty> duties) {

    /** @param count how many words the ledger counted for the alert */
    record Row(long count, int version, String status) {}

    /** @param state {@code pending, delivered, retrying, dead, superseded} */
    record Duty(String destination, String fingerprint, int version, String state, String key) {}
}
