package io.serai.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The {@code items} column of a receipt, as {@link Entry} wrote it. */
final class ReceiptItems {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Verdict> VERDICTS = new HashMap<>();

    static {
        for (Verdict verdict : Verdict.values()) {
            VERDICTS.put(verdict.word(), verdict);
        }
    }

    private ReceiptItems() {}

    static ArrayNode parse(String items) {
        try {
            return (ArrayNode) JSON.readTree(items);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the ledger wrote a receipt's items, and they are not JSON", e);
        }
    }

    static ObjectNode object(String content) {
        try {
            return (ObjectNode) JSON.readTree(content);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the content is not a JSON object", e);
        }
    }

    /** The mapped alerts that carry their content; only those to be routed when asked for. */
    static List<Work.Item> read(String items, boolean routedOnly) {
        List<Work.Item> read = new ArrayList<>();
        int index = 0;
        for (JsonNode member : parse(items)) {
            Verdict verdict = verdict(member);
            if (member.get("content") instanceof ObjectNode content
                    && verdict != Verdict.STALE
                    && (verdict.routed() || !routedOnly)) {
                read.add(new Work.Item(
                        index,
                        member.get("alert").asLong(),
                        member.get("fingerprint").asText(),
                        verdict,
                        member.get("version").asInt(),
                        member.get("opened").asInt(),
                        member.get("count").asLong(),
                        Instant.ofEpochMilli(member.get("first_received").asLong()),
                        Instant.ofEpochMilli(member.get("last_received").asLong()),
                        content));
            }
            index++;
        }
        return read;
    }

    static Verdict verdict(JsonNode member) {
        return VERDICTS.get(member.path("verdict").asText());
    }
}
