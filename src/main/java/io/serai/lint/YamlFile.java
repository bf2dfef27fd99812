package io.serai.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML file as a JSON tree whose every value knows its line. Read by the parser that Camel uses.
 *
 * @param name  as seen from the folder above {@code routes}
 * @param lines line of each value, from 1, by JSON pointer
 */
record YamlFile(Path path, String name, JsonNode tree, Map<String, Integer> lines) {

    /** @throws YamlEngineException when it is not one YAML document */
    static YamlFile read(Path path, String name) throws IOException {
        LoadSettings settings = LoadSettings.builder().setLabel(name).build();
        Map<String, Integer> lines = new HashMap<>();
        JsonNode tree = new Compose(settings)
                .composeString(Files.readString(path))
                .map(root -> json(root, "", lines))
                .orElse(JsonNodeFactory.instance.nullNode());
        return new YamlFile(path, name, tree, Map.copyOf(lines));
    }

    /** Line of the value at a JSON pointer, or of the nearest one around it. */
    int line(String pointer) {
        for (String at = pointer; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
            Integer line = lines.get(at);
            if (line != null) {
                return line;
            }
        }
        return lines.getOrDefault("", 0);
    }

    /** File name without {@code .camel.yaml} or {@code .kamelet.yaml}. */
    String baseName() {
        return path.getFileName().toString().replaceFirst("\\.(camel|kamelet)\\.yaml$", "");
    }

    Finding finding(String pointer, String rule, String reason, String remedy) {
        return new Finding(name, line(pointer), rule, reason, remedy);
    }

    private static JsonNode json(Node node, String pointer, Map<String, Integer> lines) {
        node.getStartMark().ifPresent(mark -> lines.putIfAbsent(pointer, mark.getLine() + 1));
        if (node instanceof MappingNode mapping) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            for (NodeTuple pair : mapping.getValue()) {
                String key = pair.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
                String at = pointer + "/" + key.replace("~", "~0").replace("/", "~1");
                pair.getKeyNode().getStartMark().ifPresent(mark -> lines.put(at, mark.getLine() + 1));
                object.set(key, json(pair.getValueNode(), at, lines));
            }
            return object;
        }
        if (node instanceof SequenceNode sequence) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (Node member : sequence.getValue()) {
                array.add(json(member, pointer + "/" + array.size(), lines));
            }
            return array;
        }
        return scalar((ScalarNode) node);
    }

    private static JsonNode scalar(ScalarNode node) {
        Tag tag = node.getTag();
        String text = node.getValue();
        if (Tag.NULL.equals(tag)) {
            return JsonNodeFactory.instance.nullNode();
        }
        if (Tag.BOOL.equals(tag)) {
            return JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(text));
        }
        if (Tag.INT.equals(tag) && text.matches("[+-]?[0-9]{1,18}")) {
            return JsonNodeFactory.instance.numberNode(Long.parseLong(text));
        }
        return JsonNodeFactory.instance.textNode(text);
    }
}
