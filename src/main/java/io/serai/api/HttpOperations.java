package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.json.StrictJson;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Asks a running server over its REST API. */
public final class HttpOperations implements Operations {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** Long enough for a poll that was asked for. */
    private static final Duration ANSWER = Duration.ofMinutes(5);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final String base;
    private final String key;

    /**
     * @param url as {@code https://serai.example}, with or without a slash at the end
     * @param key goes into a header, never into the address
     */
    public HttpOperations(String url, String key) {
        this.base = url.replaceAll("/+$", "");
        this.key = key;
    }

    @Override
    public ObjectNode get(String path, Map<String, String> query) {
        String parameters = query.entrySet().stream()
                .map(each -> encode(each.getKey()) + "=" + encode(each.getValue()))
                .collect(Collectors.joining("&"));
        return data(send(
                request(parameters.isEmpty() ? path : path + "?" + parameters).GET()));
    }

    @Override
    public ObjectNode post(String path, ObjectNode body) {
        return data(send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))));
    }

    /** Posts bytes as they are, as a sender would; gives the whole answer. */
    public JsonNode deliver(String path, byte[] body, String contentType, Map<String, String> headers) {
        HttpRequest.Builder request =
                request(path).header("Content-Type", contentType).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::setHeader);
        return send(request);
    }

    private HttpRequest.Builder request(String pathAndQuery) {
        try {
            return HttpRequest.newBuilder(URI.create(base + pathAndQuery))
                    .timeout(ANSWER)
                    .header("X-API-KEY", key)
                    .header("User-Agent", "serai");
        } catch (IllegalArgumentException e) {
            throw new ServerUnreachable("--url is not an address. Write http://host:port.");
        }
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return checked(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new ServerUnreachable(
                    "No server answers at " + base + ". Start ./serai run, or give --url the right address.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerUnreachable("Interrupted while waiting for " + base + ".");
        }
    }

    private JsonNode checked(int status, byte[] body) {
        JsonNode answer;
        try {
            answer = StrictJson.read(body);
        } catch (IOException notJson) {
            if (status / 100 == 2) {
                return Rows.object().put("status", "success").set("data", Rows.object());
            }
            throw new ServerUnreachable("What answers at " + base + " is not Serai (HTTP " + status + ").");
        }
        if (status / 100 == 2) {
            return answer;
        }
        JsonNode error = answer.path("error");
        List<Refusal.Detail> details = new ArrayList<>();
        error.path("details")
                .forEach(each -> details.add(new Refusal.Detail(
                        each.path("field").asText(), each.path("problem").asText())));
        throw new Refusal(
                code(error.path("code").asText(), status), error.path("message").asText(), details);
    }

    private static ErrorCode code(String word, int status) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.name().equals(word)) {
                return code;
            }
        }
        return status == 404 ? ErrorCode.NOT_FOUND : ErrorCode.INTERNAL_ERROR;
    }

    private static ObjectNode data(JsonNode answer) {
        return answer.path("data") instanceof ObjectNode data ? data : Rows.object();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        // The JDK's client ends with its last reference.
    }
}
