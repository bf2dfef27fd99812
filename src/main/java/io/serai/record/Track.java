package io.serai.record;

import io.serai.alert.Fingerprint;
import java.util.ArrayList;
import java.util.List;

/** One fingerprint's part of a batch: all words about it, in the order they came, decided in memory and written once. */
final class Track {
    final Fingerprint fingerprint;
    final byte[] key;
    private final List<Word> words = new ArrayList<>(1);

    /** The alert's number; set by the writer before anything is rendered. */
    long id;
    /** The state before the batch; null for an unknown fingerprint. */
    AlertState known;
    /** The state after the batch; null when an unknown fingerprint was only spoken of by a redelivery. */
    AlertState state;
    /** The receipt with the content that the alert has from now on, and which of its items; null when it stays as it is. */
    private Entry contentEntry;

    private int contentIndex;
    /** The newest receipt that spoke of it. */
    Entry speaker;

    Track(Fingerprint fingerprint) {
        this.fingerprint = fingerprint;
        this.key = fingerprint.bytes();
    }

    void add(Entry entry, int index, Item.Mapped word) {
        words.add(new Word(entry, index, word));
    }

    /** Decides all words, one after the other, starting from what the store holds; can be done again from another start. */
    void decide(AlertState start) {
        known = start;
        state = start;
        contentEntry = null;
        speaker = null;
        for (Word word : words) {
            decide(word);
        }
    }

    boolean fresh() {
        return known == null && state != null;
    }

    boolean changed() {
        return known != null && state != known;
    }

    /** True when the alert says something else from now on. */
    boolean spoken() {
        return contentEntry != null;
    }

    /** The {@code content} column: empty where the receipt has it, null when it stays as it is. */
    String content() {
        return !spoken() ? null : contentReceipt() != null ? "" : mapped().content();
    }

    /** Null when the alert has its content itself: that of a receipt whose details are read back will be replaced. */
    Long contentReceipt() {
        return !spoken() || contentEntry.receipt.fetch() ? null : (Long) contentEntry.seq;
    }

    /** To be asked when the receipts are rendered. */
    int contentFrom() {
        return spoken() ? contentEntry.contentFrom[contentIndex] : 0;
    }

    /** To be asked when the receipts are rendered. */
    int contentLength() {
        return spoken() ? contentEntry.contentLength[contentIndex] : 0;
    }

    private Item.Mapped mapped() {
        return (Item.Mapped) contentEntry.items.get(contentIndex);
    }

    private void decide(Word word) {
        Entry entry = word.entry;
        if (entry.redelivered) {
            entry.outcomes[word.index] = new Entry.Outcome(Verdict.REDELIVERED, this, state, false);
            return;
        }
        Verdict verdict = Verdicts.of(state, word.mapped, entry.receipt.asOf());
        long hash = entry.hashes[word.index];
        boolean spoken = verdict.routed() || state == null || state.contentHash() != hash;
        state = AlertState.after(state, verdict, word.mapped, hash, entry.receivedAt);
        speaker = entry;
        if (spoken && verdict != Verdict.STALE) {
            contentEntry = entry;
            contentIndex = word.index;
        }
        entry.outcomes[word.index] = new Entry.Outcome(verdict, this, state, spoken);
    }

    private record Word(Entry entry, int index, Item.Mapped mapped) {}
}
