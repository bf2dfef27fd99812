package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.config.Settings;
import io.serai.door.DoorTable;
import io.serai.json.StrictJson;
import io.serai.record.LedgerOptions;
import io.serai.record.Store;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One whole Serai with an operator's settings, and a look into its ledger. */
public final class Hub implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Application serai;
    private final Store store;

    public Hub(Path folder, Map<String, String> settings) throws Exception {
        Path data = folder.resolve("data");
        Map<String, String> all = new HashMap<>(Map.of(
                "serai.port", "0",
                "serai.management-port", "0",
                "serai.data", data.toString(),
                "serai.routes", Path.of("routes").toAbsolutePath().toString(),
                "serai.tables", Path.of("tables").toAbsolutePath().toString()));
        all.putAll(settings);
        Path file = Files.writeString(folder.resolve("application.properties"), "");
        serai = Application.start(Settings.load(folder, file, Map.of(), all));
        store = Store.open(LedgerOptions.embedded(data, "look"));
    }

    /** A key that may send for every provider. */
    public String key() {
        return serai.firstKeys().ingest().orElseThrow();
    }

    /** A key that may do everything. */
    public String operatorKey() {
        return serai.firstKeys().operator().orElseThrow();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + serai.port() + path);
    }

    /** The door's table of paths. */
    public List<DoorTable.Opened> opened() {
        return serai.opened();
    }

    /** The value of a metric without labels on the management port's page. */
    public double metric(String name) throws Exception {
        URI page = URI.create("http://127.0.0.1:" + serai.managementPort() + "/observe/metrics");
        return client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    public Store store() {
        return store;
    }

    public HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + serai.port() + path))
                .headers(headers)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** @param headers name, value, name, value, ... */
    public HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + serai.port() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The body of an answer. */
    public static JsonNode json(HttpResponse<String> answer) throws IOException {
        return StrictJson.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    /** What a success answers with. */
    public static JsonNode data(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).path("data");
    }

    @Override
    public void close() {
        store.close();
        serai.close();
    }
}
