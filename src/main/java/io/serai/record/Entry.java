package io.serai.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serai.alert.Fingerprint;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One receipt on its way to the writer. What can be prepared is prepared by the caller's thread; the writer's part
 * ({@code seq}, {@code redelivered} and the outcomes) starts anew with every try.
 */
final class Entry {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROW_OVERHEAD = 512;

    final Receipt receipt;
    final List<Item> items;
    final PollCursor cursor;
    final CompletableFuture<Recorded> future = new CompletableFuture<>();
    final long receivedAt;
    final String headers;
    final byte[] deliveryKey;
    /** Per item: its content's hash, or 0. */
    final long[] hashes;
    /** Per item: the JSON member up to what the writer decides, or the whole member of an unmapped item. */
    final String[] members;

    final int size;

    long seq;
    boolean redelivered;
    final Outcome[] outcomes;
    /** The {@code items} column; set by {@link #render()}. */
    String rendered;
    /** Where in {@link #rendered} each item's content is: its first character, counted from 1, and how many. */
    final int[] contentFrom;

    final int[] contentLength;

    Entry(Receipt receipt, List<Item> items, PollCursor cursor) {
        this.receipt = receipt;
        this.items = items;
        this.cursor = cursor;
        receivedAt = receipt.receivedAt().toEpochMilli();
        headers = json(receipt.headers());
        deliveryKey = receipt.deliveryId() == null
                ? null
                : Hashes.key("delivery", receipt.provider(), receipt.instance(), receipt.deliveryId());
        hashes = new long[items.size()];
        members = new String[items.size()];
        outcomes = new Outcome[items.size()];
        contentFrom = new int[items.size()];
        contentLength = new int[items.size()];
        int bytes = ROW_OVERHEAD + receipt.body().length + headers.length();
        for (int i = 0; i < members.length; i++) {
            if (items.get(i) instanceof Item.Mapped mapped) {
                hashes[i] = Hashes.number(mapped.content());
                members[i] = "{\"fingerprint\":\"" + mapped.fingerprint() + "\",\"alert\":";
                bytes += ROW_OVERHEAD + 2 * mapped.content().length();
            } else if (items.get(i) instanceof Item.Unmapped unmapped) {
                members[i] = ",\"field\":" + json(unmapped.field()) + ",\"reason\":" + json(unmapped.reason()) + "}";
                bytes += members[i].length();
            }
        }
        size = bytes;
    }

    /** How many of its items are quarantined. */
    int quarantined() {
        int count = 0;
        for (Outcome outcome : outcomes) {
            count += outcome.verdict() == Verdict.QUARANTINED ? 1 : 0;
        }
        return count;
    }

    /** The lane in which its changes wait, or null when nothing of it is to be routed. */
    Lane lane() {
        boolean mapped = false;
        for (Outcome outcome : outcomes) {
            if (outcome.verdict().routed()) {
                return receipt.fetch() ? Lane.FETCH : Lane.ROUTE;
            }
            mapped |= outcome.track() != null;
        }
        return receipt.fetch() && mapped && !redelivered ? Lane.FETCH : null;
    }

    /** Writes the {@code items} column, once the alerts of all items have their numbers. */
    void render() {
        StringBuilder json = new StringBuilder(size);
        json.append('[');
        int characters = 1;
        for (int i = 0; i < outcomes.length; i++) {
            int start = json.length();
            if (i > 0) {
                json.append(',');
            }
            int content = appendMember(json, i);
            if (content > 0) {
                // The stores count characters, a Java string counts halves of the rare ones.
                int end = json.length() - 1;
                contentFrom[i] = 1 + characters + json.codePointCount(start, content);
                contentLength[i] = json.codePointCount(content, end);
            }
            characters += json.codePointCount(start, json.length());
        }
        rendered = json.append(']').toString();
    }

    Recorded recorded() {
        Recorded.Result[] results = new Recorded.Result[outcomes.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = outcomes[i].result(items.get(i));
        }
        return new Recorded(seq, List.of(results));
    }

    /** Gives where the item's content begins; 0 when it carries none. It ends before the last character. */
    private int appendMember(StringBuilder json, int i) {
        Outcome outcome = outcomes[i];
        String verdict = outcome.verdict().word();
        if (!(items.get(i) instanceof Item.Mapped mapped)) {
            json.append("{\"verdict\":\"").append(verdict).append('"').append(members[i]);
            return 0;
        }
        json.append(members[i]).append(outcome.alert());
        json.append(",\"verdict\":\"").append(verdict).append('"');
        AlertState state = outcome.state();
        if (state != null) {
            json.append(",\"version\":").append(state.version());
            json.append(",\"opened\":").append(state.openedVersion());
            json.append(",\"count\":").append(state.count());
            json.append(",\"first_received\":").append(state.firstReceived());
            json.append(",\"last_received\":").append(state.lastReceived());
        }
        int content = 0;
        if (outcome.spoken() || receipt.fetch() && !redelivered) {
            content = json.append(",\"content\":").length();
            json.append(mapped.content());
        }
        json.append('}');
        return content;
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("text and maps of text can always be written as JSON", e);
        }
    }

    /**
     * What was decided about one item.
     *
     * @param track  its fingerprint's part of the batch; null for an item without one
     * @param state  the alert after this word; null when there is no alert
     * @param spoken true when the word's content is not what the ledger already held
     */
    record Outcome(Verdict verdict, Track track, AlertState state, boolean spoken) {
        long alert() {
            return track == null || state == null ? 0 : track.id;
        }

        Recorded.Result result(Item item) {
            Fingerprint fingerprint = track == null ? null : track.fingerprint;
            int version = state == null ? 0 : state.version();
            if (item instanceof Item.Unmapped unmapped) {
                return new Recorded.Result(null, verdict, 0, 0, unmapped.field(), unmapped.reason());
            }
            return new Recorded.Result(fingerprint, verdict, alert(), version, null, null);
        }
    }
}
