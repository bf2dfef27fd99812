package io.serai.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.serai.golden.Folder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** {@code provider.yaml} and {@code notifier.yaml} are there, and as {@code schema/} says. */
final class Descriptors implements Rule {
    private static final String RULE = "descriptor";

    private final Map<Folder.Kind, JsonSchema> schemas = new EnumMap<>(Folder.Kind.class);

    Descriptors() {
        for (Folder.Kind kind : Folder.Kind.values()) {
            schemas.put(kind, schema("/io/serai/schema/" + kind.word() + ".schema.json"));
        }
    }

    @Override
    public void check(Tree tree, Consumer<Finding> findings) {
        for (Folder folder : tree.folders()) {
            String name = tree.name(folder.descriptor());
            if (!Files.exists(folder.descriptor())) {
                findings.accept(new Finding(
                        name,
                        0,
                        RULE,
                        "is missing",
                        "Write it as schema/" + folder.kind().word() + ".schema.json says"));
                continue;
            }
            tree.descriptor(folder)
                    .ifPresentOrElse(
                            file -> check(folder, file, findings),
                            () -> findings.accept(new Finding(name, 0, RULE, "cannot be read as YAML", "Correct it")));
        }
    }

    private void check(Folder folder, YamlFile file, Consumer<Finding> findings) {
        for (ValidationMessage message : schemas.get(folder.kind()).validate(file.tree())) {
            String at = message.getInstanceLocation().toString();
            findings.accept(file.finding(
                    at,
                    RULE,
                    message.getMessage(),
                    "schema/" + folder.kind().word() + ".schema.json says what is allowed"));
        }
        String name = file.tree().path("name").asText();
        if (!name.equals(folder.name())) {
            findings.accept(
                    file.finding("/name", RULE, "its name is " + name, "Name it like its folder, " + folder.name()));
        }
        conditions(file, findings);
        patterns(file, findings);
        if (folder.kind() == Folder.Kind.PROVIDER
                && hmac(file.tree())
                && secret(file.tree()).isEmpty()) {
            findings.accept(file.finding(
                    "/auth", RULE, "a signature needs a secret", "Add a setting with sensitive: true for it"));
        }
    }

    /** What makes a setting required is another setting that there is, and a value that it can have. */
    private static void conditions(YamlFile file, Consumer<Finding> findings) {
        JsonNode settings = file.tree().path("settings");
        for (Map.Entry<String, JsonNode> setting : settings.properties()) {
            for (Map.Entry<String, JsonNode> each :
                    setting.getValue().path("required_when").properties()) {
                JsonNode values = settings.path(each.getKey()).path("values");
                boolean possible = settings.has(each.getKey()) && values.isMissingNode();
                for (JsonNode value : values) {
                    possible |= value.asText().equals(each.getValue().asText());
                }
                if (!possible) {
                    findings.accept(file.finding(
                            "/settings/" + setting.getKey() + "/required_when",
                            RULE,
                            each.getKey() + " is never " + each.getValue().asText(),
                            "Name another setting, and a value that it can have"));
                }
            }
        }
    }

    private static void patterns(YamlFile file, Consumer<Finding> findings) {
        for (Map.Entry<String, JsonNode> setting : file.tree().path("settings").properties()) {
            try {
                Pattern.compile(setting.getValue().path("pattern").asText());
            } catch (PatternSyntaxException e) {
                findings.accept(file.finding(
                        "/settings/" + setting.getKey() + "/pattern",
                        RULE,
                        "is no pattern: " + e.getDescription(),
                        "Correct the regular expression"));
            }
        }
    }

    private static boolean hmac(JsonNode descriptor) {
        return descriptor.path("auth").toString().contains("\"hmac\"");
    }

    private static Optional<JsonNode> secret(JsonNode descriptor) {
        for (JsonNode setting : descriptor.path("settings")) {
            if (setting.path("sensitive").asBoolean()) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }

    private static JsonSchema schema(String resource) {
        try (InputStream stream = Descriptors.class.getResourceAsStream(resource)) {
            SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
                    .pathType(PathType.JSON_POINTER)
                    .build();
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(new String(stream.readAllBytes(), StandardCharsets.UTF_8), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
