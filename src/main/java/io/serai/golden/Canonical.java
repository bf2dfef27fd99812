package io.serai.golden;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import io.serai.record.Item;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** How results are written into {@code expected}: without what differs from run to run, without what is empty. */
public final class Canonical {
    /** Known without looking at the sample, or made by the ledger. */
    private static final Set<String> LEFT_OUT =
            Set.of("id", "fingerprint", "provider", "instance", "count", "first_received", "last_received");

    private static final ObjectWriter WRITER = StrictJson.mapper()
            .writer(new DefaultPrettyPrinter()
                    .withSeparators(Separators.createDefaultInstance()
                            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                            .withObjectEmptySeparator("")
                            .withArrayEmptySeparator(""))
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private Canonical() {}

    static ArrayNode items(List<Item> items) {
        ArrayNode list = StrictJson.mapper().createArrayNode();
        for (Item item : items) {
            if (item instanceof Item.Mapped mapped) {
                list.add(alert(mapped));
            } else if (item instanceof Item.Unmapped unmapped) {
                list.addObject().put("error", unmapped.reason()).put("field", unmapped.field());
            }
        }
        return list;
    }

    private static ObjectNode alert(Item.Mapped mapped) {
        try {
            ObjectNode alert = (ObjectNode) StrictJson.read(mapped.content().getBytes(StandardCharsets.UTF_8));
            alert.remove(LEFT_OUT);
            if (!alert.path("test").asBoolean()) {
                alert.remove("test");
            }
            prune(alert);
            return alert;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void prune(ObjectNode object) {
        object.forEach(child -> {
            if (child instanceof ObjectNode nested) {
                prune(nested);
            }
        });
        object.properties().removeIf(field -> empty(field.getValue()));
    }

    private static boolean empty(JsonNode value) {
        return value.isNull() || value.isContainerNode() && value.isEmpty();
    }

    /** As the files in samples and expected are written: two blanks a level, a line end at the end. */
    public static String written(JsonNode node) throws IOException {
        return WRITER.writeValueAsString(node) + "\n";
    }
}
