package io.serai.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;

/** What components an endpoint may turn out to be. */
final class Schemes {
    /** The scheme of a bean that the template declares: a component of ours, which no catalogue knows. */
    static final String OWN_BEAN = "";

    /** The one place that sends to an address; its {@code {{url}}} is http or https. */
    static final String HTTP_SINK = "serai-http-sink";

    private Schemes() {}

    /**
     * The scheme as written. A placeholder counts as what the folder's setting of that name can be: its values, or http
     * for an address. Empty when that is not known.
     */
    static List<String> of(Tree tree, Endpoint endpoint) {
        String scheme = endpoint.scheme();
        if (!scheme.startsWith("{{")) {
            return List.of(scheme);
        }
        String name = scheme.substring(2, Math.max(2, scheme.indexOf("}}")));
        if (endpoint.file().baseName().equals(HTTP_SINK)) {
            return List.of("http");
        }
        if (Beans.declared(endpoint.file()).contains(name)) {
            return List.of(OWN_BEAN);
        }
        JsonNode setting = tree.folder(endpoint.file())
                .flatMap(tree::descriptor)
                .map(descriptor -> descriptor.tree().path("settings").path(name))
                .orElseGet(MissingNode::getInstance);
        if ("url".equals(setting.path("type").asText())) {
            return List.of("http");
        }
        List<String> values = new ArrayList<>();
        setting.path("values").forEach(value -> values.add(value.asText()));
        return values;
    }
}
