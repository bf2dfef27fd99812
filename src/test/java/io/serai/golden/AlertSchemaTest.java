package io.serai.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.serai.json.StrictJson;
import io.serai.record.Item;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code schema/alert.schema.json} is what others build on: every mapped sample must be one. */
class AlertSchemaTest {
    private static final Path ROUTES = Path.of("routes");

    @Test
    void everyMappedSampleIsACanonicalAlert() throws Exception {
        JsonSchema schema = schema();
        int alerts = 0;
        try (Golden golden = new Golden(ROUTES, false)) {
            for (Folder folder : Folder.all(ROUTES)) {
                for (Sample sample : folder.kind() == Folder.Kind.PROVIDER ? folder.samples() : List.<Sample>of()) {
                    for (Item item :
                            golden.items(folder.name(), sample.body(), sample.headers()::get, Golden.RECEIVED_AT)) {
                        if (item instanceof Item.Mapped mapped) {
                            assertThat(schema.validate(asTheApiGivesIt(mapped)))
                                    .as(sample.toString())
                                    .isEmpty();
                            alerts++;
                        }
                    }
                }
            }
        }
        assertThat(alerts).isPositive();
    }

    @Test
    void aWordOfTheSenderIsNoStatus() throws Exception {
        ObjectNode alert = (ObjectNode) StrictJson.mapper()
                .readTree("{\"id\":\"1\",\"fingerprint\":\"00112233445566778899aabbccddeeff\",\"provider\":\"acme\","
                        + "\"instance\":\"default\",\"title\":\"x\",\"status\":\"OPEN\",\"severity\":\"high\",\"count\":1,"
                        + "\"first_received\":\"2031-01-01T00:00:00Z\",\"last_received\":\"2031-01-01T00:00:00Z\"}");
        assertThat(schema().validate(alert)).hasSize(1);
        assertThat(schema().validate(alert.put("status", "firing"))).isEmpty();
    }

    private static ObjectNode asTheApiGivesIt(Item.Mapped mapped) throws Exception {
        ObjectNode alert = (ObjectNode) StrictJson.read(mapped.content().getBytes(StandardCharsets.UTF_8));
        return alert.put("id", "1")
                .put("fingerprint", mapped.fingerprint().toString())
                .put("count", 1)
                .put("first_received", Golden.RECEIVED_AT.toString())
                .put("last_received", Golden.RECEIVED_AT.toString());
    }

    private static JsonSchema schema() throws Exception {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Files.readString(Path.of("schema/alert.schema.json")));
    }
}
