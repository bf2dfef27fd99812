package io.serai.lint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One {@code uri} with its {@code parameters}.
 *
 * @param consumer   true when messages come from it
 * @param parameters option to value, those written behind a question mark too
 */
record Endpoint(YamlFile file, String uri, Map<String, String> parameters, boolean consumer, String pointer) {

    static List<Endpoint> of(YamlFile file) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Element element : Element.of(file)) {
            JsonNode uri = element.value().get("uri");
            if (uri != null && uri.isTextual()) {
                endpoints.add(of(element, uri.asText()));
            }
        }
        return endpoints;
    }

    private static Endpoint of(Element element, String uri) {
        Map<String, String> parameters = new TreeMap<>();
        int question = uri.indexOf('?');
        if (question >= 0) {
            for (String pair : uri.substring(question + 1).split("&")) {
                int equals = pair.indexOf('=');
                parameters.put(
                        equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        element.value()
                .path("parameters")
                .properties()
                .forEach(each -> parameters.put(each.getKey(), each.getValue().asText()));
        return new Endpoint(
                element.file(),
                question < 0 ? uri : uri.substring(0, question),
                parameters,
                "from".equals(element.name()) || "poll".equals(element.name()),
                element.pointer());
    }

    /** What stands before the first colon; a placeholder stays one. */
    String scheme() {
        int from = uri.startsWith("{{") ? Math.max(0, uri.indexOf("}}")) : 0;
        int colon = uri.indexOf(':', from);
        return colon < 0 ? uri : uri.substring(0, colon);
    }

    /** What stands behind the scheme. */
    String path() {
        int start = scheme().length() + 1;
        return start >= uri.length() ? "" : uri.substring(start);
    }

    boolean set(String option, String value) {
        return value.equalsIgnoreCase(parameters.get(option));
    }

    /** Name of the Kamelet that it uses; null when it is none. */
    String kamelet() {
        return "kamelet".equals(scheme()) ? path().split("/", 2)[0] : null;
    }

    Finding finding(String rule, String reason, String remedy) {
        return file.finding(pointer + "/uri", rule, reason, remedy);
    }
}
