package io.serai.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;

/**
 * The schema of Camel's YAML language, narrowed to its canonical form: every step is an object, every expression stands
 * below {@code expression}. That is the form which Kaoto and Karavan open; Camel ships the schema of the wide form only.
 */
final class DslSchema {
    private static final String RESOURCE = "/schema/camelYamlDsl.json";

    private final JsonSchema schema;

    DslSchema() {
        try (InputStream resource = DslSchema.class.getResourceAsStream(RESOURCE)) {
            JsonNode wide = new ObjectMapper().readTree(resource);
            narrow(wide);
            SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
                    .pathType(PathType.JSON_POINTER)
                    .cacheRefs(true)
                    .preloadJsonSchema(false)
                    .build();
            schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(wide, config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Set<ValidationMessage> validate(JsonNode routes) {
        return schema.validate(routes);
    }

    private static void narrow(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.path("deprecated").isBoolean()) {
                object.remove("deprecated");
            }
            withoutShorthand(object);
            withExpression(object);
        }
        node.forEach(DslSchema::narrow);
    }

    /** {@code to: direct:x} has to be {@code to: {uri: direct:x}}. */
    private static void withoutShorthand(ObjectNode object) {
        JsonNode forms = object.path("oneOf");
        if (forms.size() == 2
                && "string".equals(forms.at("/0/type").asText())
                && "object".equals(forms.at("/1/type").asText())) {
            object.remove("oneOf");
            object.setAll((ObjectNode) forms.get(1));
        }
    }

    /** {@code setBody: {simple: x}} has to be {@code setBody: {expression: {simple: {expression: x}}}}. */
    private static void withExpression(ObjectNode object) {
        JsonNode forms = object.at("/anyOf/0/oneOf");
        JsonNode expression = forms.at("/2/properties/expression");
        if (forms.size() != 3
                || expression.isMissingNode()
                || !(object.get("properties") instanceof ObjectNode properties)) {
            return;
        }
        for (JsonNode language : forms.at("/1/not/anyOf")) {
            properties.remove(language.at("/required/0").asText());
        }
        properties.set("expression", expression);
        object.remove("anyOf");
        ArrayNode required = object.get("required") instanceof ArrayNode names ? names : object.putArray("required");
        required.add("expression");
    }
}
