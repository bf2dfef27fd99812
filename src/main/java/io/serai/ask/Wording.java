package io.serai.ask;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills {@code {name}} in the texts of a provider.yaml. What is filled in is encoded for its place, so it cannot leave it. */
final class Wording {
    private static final Pattern NAME = Pattern.compile("\\{([a-z][a-z0-9_.-]*)}");
    private static final String BASIC = "Basic ";

    private Wording() {}

    /** @throws AskFailure naming the parameter that a path needs and nobody gave */
    static String path(String template, JsonNode values) {
        return fill(template, values, Wording::segment)
                .orElseThrow(() -> AskFailure.answer("a parameter of the path " + template + " is missing"));
    }

    /** The query without the parameters that have no value; null for none at all. */
    static String query(Map<String, String> templates, JsonNode values) {
        StringJoiner query = new StringJoiner("&").setEmptyValue("");
        templates.forEach((name, template) ->
                fill(template, values, Wording::encoded).ifPresent(value -> query.add(encoded(name) + "=" + value)));
        return query.length() == 0 ? null : query.toString();
    }

    /** A header's value; empty when a setting in it is not configured, or would break the line. */
    static Optional<String> header(String template, JsonNode values) {
        return fill(template, values, UnaryOperator.identity())
                .filter(value -> value.chars().noneMatch(letter -> letter < ' '))
                .map(value -> value.startsWith(BASIC)
                        ? BASIC
                                + Base64.getEncoder()
                                        .encodeToString(
                                                value.substring(BASIC.length()).getBytes(StandardCharsets.UTF_8))
                        : value);
    }

    private static Optional<String> fill(String template, JsonNode values, UnaryOperator<String> encoding) {
        Matcher matcher = NAME.matcher(template);
        StringBuilder text = new StringBuilder();
        int from = 0;
        while (matcher.find()) {
            JsonNode value = values.at("/" + matcher.group(1).replace('.', '/'));
            if (!value.isValueNode() || value.isNull() || value.asText().isEmpty()) {
                return Optional.empty();
            }
            text.append(template, from, matcher.start()).append(encoding.apply(value.asText()));
            from = matcher.end();
        }
        return Optional.of(text.append(template, from, template.length()).toString());
    }

    private static String segment(String text) {
        // It would lead out of its place, and encoding does not help: servers read %2E as a dot.
        if (text.equals(".") || text.equals("..")) {
            throw AskFailure.answer("a parameter of the path is no name");
        }
        return encoded(text);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
