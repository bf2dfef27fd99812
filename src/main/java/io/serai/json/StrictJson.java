package io.serai.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * JSON as RFC 8259 has it and nothing more: no trailing tokens, no duplicate keys, bounded depth and sizes, numbers
 * exact (trap T20: the stock mapper lets the last duplicate win and reads 1e1000000000 as infinity).
 */
public final class StrictJson {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxNumberLength(100)
                    .maxStringLength(1 << 20)
                    .maxNameLength(1024)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    /** The same without the look at keys: tells a document that says a thing twice from one that is no JSON. */
    private static final JsonFactory LENIENT = FACTORY.rebuild()
            .disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final ObjectMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private StrictJson() {}

    /** JSON as its grammar goes, of which one object has a key twice: readers differ on which of the two counts. */
    public static final class Ambiguous extends IOException {
        private Ambiguous() {
            super("an object has the same key twice");
        }
    }

    /** For writing; readers go through {@link #read}. */
    public static JsonFactory factory() {
        return FACTORY;
    }

    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /**
     * Reads one document.
     *
     * @throws Ambiguous   when it is JSON but for a repeated key
     * @throws IOException when it is not JSON, or beyond the limits; the message must not go to a client
     */
    public static JsonNode read(byte[] body) throws IOException {
        try {
            return read(FACTORY, body);
        } catch (StreamReadException refused) {
            read(LENIENT, body);
            throw new Ambiguous();
        }
    }

    private static JsonNode read(JsonFactory factory, byte[] body) throws IOException {
        try (JsonParser parser = factory.createParser(body)) {
            JsonNode node = MAPPER.readTree(parser);
            if (node == null || node.isMissingNode()) {
                throw new IOException("empty");
            }
            if (parser.nextToken() != null) {
                throw new IOException("something follows the document");
            }
            return node;
        }
    }
}
