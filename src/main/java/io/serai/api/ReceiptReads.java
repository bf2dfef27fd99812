package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.record.DeliveryState;
import io.serai.record.Source;
import io.serai.record.Store;
import io.serai.record.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Receipts as the API shows them: who sent what and when, how that was verified, and what became of it. */
final class ReceiptReads {
    static final Set<String> PARAMETERS = Set.of("provider", "limit", "cursor");
    private static final String SELECT = "select seq, provider, instance, source, received_at, as_of, key_id, remote,"
            + " content_type, headers, parent, quarantined, items from receipt where 1 = 1";

    private final Store store;

    ReceiptReads(Store store) {
        this.store = store;
    }

    ObjectNode list(Parameters parameters) {
        return new Rows(store, SELECT)
                .and("provider = ?", parameters.text("provider"))
                .page("receipts", "seq", parameters, ReceiptReads::receipt);
    }

    /** Receipts of which something could not be mapped and that nobody replayed; {@code alerts} holds only that. */
    ObjectNode quarantine(Parameters parameters) {
        return new Rows(store, SELECT)
                .then("and quarantined > 0 and not exists"
                        + " (select 1 from receipt later where later.parent = receipt.seq and later.source = "
                        + Source.REPLAY.code() + ")")
                .and("provider = ?", parameters.text("provider"))
                .page("quarantine", "seq", parameters, row -> {
                    ObjectNode receipt = receipt(row);
                    receipt.put("receipt", receipt.path("id").asText());
                    ArrayNode quarantined = Rows.object().putArray("alerts");
                    for (JsonNode item : receipt.path("alerts")) {
                        if (Verdict.QUARANTINED
                                .word()
                                .equals(item.path("verdict").asText())) {
                            quarantined.add(item);
                        }
                    }
                    receipt.set("alerts", quarantined);
                    return receipt;
                });
    }

    /** One receipt without its body. */
    Optional<ObjectNode> brief(long seq) {
        return new Rows(store, SELECT)
                .and("seq = ?", Optional.of(seq)).read(ReceiptReads::receipt).stream()
                        .findFirst();
    }

    /** True when something in it could not be mapped. */
    boolean quarantined(long seq) {
        return !new Rows(store, "select 1 from receipt where quarantined > 0 and seq = ?")
                .bind(seq)
                .read(row -> true)
                .isEmpty();
    }

    /** One receipt with what became of it, and with its body if that is asked for. */
    Optional<ObjectNode> find(long seq, boolean withBody) {
        Optional<ObjectNode> found = brief(seq);
        found.ifPresent(receipt -> {
            receipt.set("routing", routing(seq));
            ArrayNode children = receipt.putArray("children");
            new Rows(store, "select seq from receipt where parent = ? order by seq")
                    .bind(seq)
                    .read(row -> Rows.id(row.getLong(1)))
                    .forEach(children::add);
            ArrayNode changes = receipt.putArray("changes");
            new Rows(store, "select id, alert, version, verdict, at from change where receipt = ? order by id")
                    .bind(seq)
                    .read(ReceiptReads::change)
                    .forEach(changes::add);
            for (JsonNode change : changes) {
                ((ObjectNode) change)
                        .set("deliveries", deliveries(change.path("id").asLong()));
            }
            if (withBody) {
                new Rows(store, "select body from receipt where seq = ?")
                        .bind(seq)
                        .read(row -> row.getBytes(1))
                        .forEach(body -> putBody(receipt, body));
            }
        });
        return found;
    }

    private JsonNode routing(long seq) {
        ObjectNode routing = Rows.object().put("state", "done");
        new Rows(store, "select due_at, attempts, last_error from inbox where receipt = ?")
                .bind(seq)
                .read(row -> routing.put("state", "waiting")
                        .put("due_at", Rows.time(row.getLong("due_at")))
                        .put("attempts", row.getInt("attempts"))
                        .put("last_error", row.getString("last_error")));
        return routing;
    }

    private ArrayNode deliveries(long change) {
        ArrayNode deliveries = Rows.object().putArray("deliveries");
        new Rows(store, "select id, destination, state from delivery where change = ? order by id")
                .bind(change)
                .read(row -> Rows.object()
                        .put("id", Rows.id(row.getLong("id")))
                        .put("destination", row.getString("destination"))
                        .put("state", DeliveryState.ofCode(row.getInt("state")).word()))
                .forEach(deliveries::add);
        return deliveries;
    }

    private static ObjectNode change(ResultSet row) throws SQLException {
        return Rows.object()
                .put("id", Rows.id(row.getLong("id")))
                .put("alert", Rows.id(row.getLong("alert")))
                .put("version", row.getInt("version"))
                .put("verdict", Verdict.ofCode(row.getInt("verdict")).word())
                .put("at", Rows.time(row.getLong("at")));
    }

    private static void putBody(ObjectNode receipt, byte[] body) {
        try {
            receipt.put(
                    "body",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(body))
                            .toString());
        } catch (CharacterCodingException notText) {
            receipt.put("body_base64", Base64.getEncoder().encodeToString(body));
        }
    }

    private static ObjectNode receipt(ResultSet row) throws SQLException {
        ObjectNode receipt = Rows.object();
        String key = row.getString("key_id");
        Source source = Source.ofCode(row.getInt("source"));
        receipt.put("id", Rows.id(row.getLong("seq")))
                .put("provider", row.getString("provider"))
                .put("instance", row.getString("instance"))
                .put("source", source.word())
                .put("received_at", Rows.time(row.getLong("received_at")))
                .put("as_of", Rows.time(Rows.number(row, "as_of")))
                .put("key_id", key)
                .put("verified", verified(source, key))
                .put("remote", row.getString("remote"))
                .put("content_type", row.getString("content_type"))
                .put("parent", Rows.id(Rows.number(row, "parent")))
                .put("quarantined", row.getInt("quarantined"));
        receipt.set("headers", Rows.json(row.getString("headers")));
        ArrayNode alerts = receipt.putArray("alerts");
        Rows.json(row.getString("items")).forEach(item -> alerts.add(item(item)));
        return receipt;
    }

    /** One alert of the body: what the ledger decided, and what the sender said as far as it was news. */
    private static ObjectNode item(JsonNode item) {
        ObjectNode shown = Rows.object();
        for (String name : List.of("verdict", "fingerprint", "version", "field", "reason")) {
            if (item.hasNonNull(name)) {
                shown.set(name, item.get(name));
            }
        }
        if (item.path("alert").asLong() > 0) {
            shown.put("alert", item.path("alert").asText());
        }
        for (String name : List.of("title", "status", "severity", "original", "notes")) {
            if (item.path("content").hasNonNull(name)) {
                shown.set(name, item.path("content").get(name));
            }
        }
        return shown;
    }

    /** How the sender was known, in words. */
    private static String verified(Source source, String key) {
        if (key == null) {
            return source == Source.PUSH ? "not verified" : "by Serai itself";
        }
        if (key.startsWith("signature:")) {
            return "by the signature of " + key.substring("signature:".length());
        }
        return key.startsWith("basic:")
                ? "by the password of " + key.substring("basic:".length())
                : "by the key " + key;
    }
}
