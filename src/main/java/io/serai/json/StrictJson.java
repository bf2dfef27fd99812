package io.serai.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
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
            .build();
    private static final ObjectMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // The tree sees a key that it has already; the parser would keep a set of names for each object to know it.
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** The same without the look at keys. */
    private static final ObjectMapper LENIENT =
            MAPPER.copy().disable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

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
            return tree(MAPPER, body);
        } catch (MismatchedInputException twice) {
            // Only what is JSON to its end says a thing twice; anything else is no JSON.
            tree(LENIENT, body);
            throw new Ambiguous();
        }
    }

    private static JsonNode tree(ObjectMapper mapper, byte[] body) throws IOException {
        try (JsonParser parser = FACTORY.createParser(body)) {
            JsonNode node = mapper.readTree(parser);
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
