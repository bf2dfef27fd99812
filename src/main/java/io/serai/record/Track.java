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
    /** The content to be written; null when it stays as it is. */
    String content;
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
        content = null;
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
            content = word.mapped.content();
        }
        entry.outcomes[word.index] = new Entry.Outcome(verdict, this, state, spoken);
    }

    private record Word(Entry entry, int index, Item.Mapped mapped) {}
}
