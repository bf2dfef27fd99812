package io.serai.parse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.json.StrictJson;
import io.serai.provider.Detection;
import io.serai.provider.Provider;
import io.serai.provider.ProviderCatalog;
import io.serai.record.LedgerUnavailable;
import io.serai.record.Origin;
import io.serai.record.Recorded;
import io.serai.record.Recording;
import io.serai.record.Source;
import io.serai.record.Store;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/** Parses a kept receipt again, as it came, with the mapping of today: what replay of a quarantined body is for. */
public final class ReceiptReplay {
    private static final String FIND =
            "select provider, instance, received_at, content_type, headers, body from receipt where seq = ?";

    private final Store store;
    private final ProviderCatalog catalog;
    private final Detection detection;
    private final ProducerTemplate producer;
    private final Clock clock;

    private record Kept(
            String provider,
            String instance,
            Instant receivedAt,
            String contentType,
            Map<String, String> headers,
            byte[] body) {}

    public ReceiptReplay(
            Store store, ProviderCatalog catalog, Detection detection, ProducerTemplate producer, Clock clock) {
        this.store = store;
        this.catalog = catalog;
        this.detection = detection;
        this.producer = producer;
        this.clock = clock;
    }

    /**
     * @param who the operator's key: what the new receipt says of its sender
     * @throws Refusal           404 for an unknown receipt, 422 when nobody recognises the body
     * @throws LedgerUnavailable when the store does not answer
     */
    public Recorded replay(long receipt, String who) {
        Kept kept = find(receipt);
        Provider known = catalog.find(kept.provider()).orElse(null);
        JsonNode body = read(kept, known == null ? catalog.forms() : known.body());
        String provider = known == null ? recognise(body, kept) : kept.provider();
        Exchange exchange = producer.send("direct:" + provider + "-parse", each -> {
            each.setVariable("provider", provider);
            each.setVariable("instance", kept.instance());
            // A mapping that compares with the clock must see the clock of then.
            each.setVariable("received_at", kept.receivedAt().toString());
            each.setVariable("received_epoch", String.valueOf(kept.receivedAt().getEpochSecond()));
            ParseStage.headers(catalog.get(provider), kept.headers()::get, each);
            each.setVariable(ParseStage.BODY, body);
            each.setVariable(
                    Origin.VARIABLE,
                    new Origin(
                            Source.REPLAY,
                            clock.instant(),
                            null,
                            who,
                            null,
                            kept.contentType(),
                            kept.headers(),
                            kept.body(),
                            null,
                            receipt,
                            false));
            each.getMessage().setBody(body);
        });
        if (exchange.getException() != null) {
            throw refusal(exchange.getException(), provider);
        }
        return exchange.getMessage().getBody(Recording.class).await();
    }

    private static Refusal refusal(Throwable failure, String provider) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof Refusal refusal) {
                return refusal;
            }
            if (each instanceof WrongDoor.Foreign) {
                return new Refusal(
                        ErrorCode.MAPPING_FAILED,
                        "The mapping of " + provider + " cannot use this body.",
                        List.of(new Refusal.Detail("", each.getMessage())));
            }
        }
        return new Refusal(
                ErrorCode.MAPPING_FAILED,
                "The mapping of " + provider + " still cannot use this body.",
                List.of(new Refusal.Detail("", "correct the mapping and run ./serai test " + provider)));
    }

    private Kept find(long receipt) {
        try (Connection connection = store.reader().getConnection();
                PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setLong(1, receipt);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new Refusal(ErrorCode.NOT_FOUND, "There is no such receipt.");
                }
                return new Kept(
                        row.getString(1),
                        row.getString(2),
                        Instant.ofEpochMilli(row.getLong(3)),
                        row.getString(4),
                        headers(row.getString(5)),
                        row.getBytes(6));
            }
        } catch (SQLException e) {
            throw new LedgerUnavailable("The ledger does not answer.", e);
        }
    }

    private static Map<String, String> headers(String json) {
        try {
            return StrictJson.mapper().readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the headers of a receipt are not what was written", e);
        }
    }

    private JsonNode read(Kept kept, Set<String> forms) {
        if (kept.body().length == 0 && detection.byHeaders(null, kept.headers()::get)) {
            return NullNode.getInstance();
        }
        try {
            return BodyReader.read(kept.body(), kept.contentType(), forms);
        } catch (UncheckedIOException ambiguous) {
            throw new Refusal(ErrorCode.MAPPING_FAILED, "In this body an object has the same key twice.");
        }
    }

    private String recognise(JsonNode body, Kept kept) {
        List<String> names = detection.match(body, kept.headers()::get);
        if (names.size() != 1) {
            throw new Refusal(ErrorCode.MAPPING_FAILED, new ParseStage.Undetected(names).getMessage());
        }
        return names.get(0);
    }
}
