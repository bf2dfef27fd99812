package io.serai.golden;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.door.Refusal;
import io.serai.json.StrictJson;
import io.serai.parse.BodyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One file in {@code samples}: {@code x.json}, {@code x.form} or {@code x.txt}, and the request headers that
 * {@code x.headers.json} beside it holds.
 */
public record Sample(Path file) {
    /** How the name of a file with request headers ends. */
    public static final String HEADERS = ".headers.json";

    private static final Map<String, String> TYPES =
            Map.of("json", "application/json", "form", "application/x-www-form-urlencoded", "txt", "text/plain");
    private static final Map<String, String> FORMS = Map.of("json", "json", "form", "form", "txt", "text");

    /** True for a name that a body has; the headers beside it are none. */
    static boolean isBody(String name) {
        return !name.endsWith(HEADERS) && TYPES.containsKey(ending(name));
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** The name without its ending: that of the expected file too. */
    public String name() {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    /** The form of body, as {@code body} in provider.yaml calls it. */
    public String form() {
        return FORMS.get(ending(file.getFileName().toString()));
    }

    public Path headersFile() {
        return file.resolveSibling(name() + HEADERS);
    }

    /**
     * The tree that a mapping sees.
     *
     * @throws IOException when the file is not of the form that its name says
     */
    public JsonNode body() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (form().equals("json")) {
            return StrictJson.read(bytes);
        }
        try {
            return BodyReader.read(bytes, TYPES.get(ending(file.getFileName().toString())), Set.of(form()));
        } catch (Refusal e) {
            throw new IOException(e.getMessage());
        }
    }

    /** Request headers by lower-case name; none when there is no such file. */
    public Map<String, String> headers() throws IOException {
        if (!Files.exists(headersFile())) {
            return Map.of();
        }
        Map<String, String> headers = new TreeMap<>();
        StrictJson.read(Files.readAllBytes(headersFile()))
                .properties()
                .forEach(each -> headers.put(each.getKey(), each.getValue().asText()));
        return headers;
    }
}
