package io.serai.fault;

import java.util.List;

/**
 * One request as its sender saw it: a line of the client's ledger.
 *
 * @param id           the sender's number of the request
 * @param subject      what the alert is about, the same for every word on it
 * @param state        the word: {@code firing} or {@code resolved}
 * @param hash         SHA-256 of the body, hexadecimal
 * @param status       HTTP status; 0 when no whole answer came, so that nobody knows what became of it; -1 when no connection
 *                     was made, so that nothing can have become of it
 * @param receipt      from the answer; empty unless 202
 * @param fingerprints from the answer, in the order of the body; empty unless 202
 * @param verdicts     from the answer, one for each fingerprint
 */
record Sent(
        long id,
        String subject,
        String state,
        String hash,
        int status,
        String receipt,
        List<String> fingerprints,
        List<String> verdicts) {

    boolean accepted() {
        return status == 202;
    }

    /** Told to come again: the store may have taken it all the same, where its own answer was lost. */
    boolean unavailable() {
        return status == 503;
    }

    boolean unknown() {
        return status == 0;
    }

    boolean unreachable() {
        return status == -1;
    }
}
