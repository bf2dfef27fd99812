package io.serai;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.serai.correlate.Correlate;
import io.serai.door.Answers;
import io.serai.door.Door;
import io.serai.door.DoorKeeper;
import io.serai.door.DoorOptions;
import io.serai.door.Principal;
import io.serai.door.RateLimit;
import io.serai.enrich.CsvTables;
import io.serai.parse.Normaliser;
import io.serai.parse.ParseStage;
import io.serai.provider.Detection;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.ProviderSettings;
import io.serai.provider.TestMessages;
import io.serai.record.Ledger;
import io.serai.record.LedgerOptions;
import io.serai.record.Recorder;
import io.serai.record.Store;
import io.serai.route.Routing;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Door, parse and record through the shipped routes with an operator's settings; the ingest key is {@link #KEY}. */
public final class Hub implements AutoCloseable {
    public static final String KEY = "ingest-key";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Store store;
    private final Ledger ledger;
    private final Door door;
    private final RouteEngine engine;

    public Hub(Path data, Map<String, String> settings) throws Exception {
        LedgerOptions options = LedgerOptions.embedded(data, "test");
        Path routes = Path.of("routes");
        ProviderCatalog catalog = ProviderCatalog.load(routes);
        store = Store.open(options);
        ledger = new Ledger(store, options);
        door = new Door(
                new DoorOptions("127.0.0.1", 0, 1 << 20, 4, 64, Duration.ofSeconds(10), Duration.ofSeconds(10)),
                new DoorKeeper(
                        key -> key.equals(KEY)
                                ? Optional.of(new Principal("all", Set.of("ingest:*")))
                                : Optional.empty(),
                        new ProviderSettings(settings, catalog)),
                new RateLimit(0),
                new SimpleMeterRegistry(),
                Clock.systemUTC());
        Recorder recorder = new Recorder(ledger, door.workers());
        ParseStage parse = new ParseStage(
                catalog, new Detection(catalog), new Normaliser(new TestMessages(catalog)), recorder, (name, id) -> false);
        engine = new RouteEngine(
                routes,
                settings,
                Map.of(
                        "parse", parse,
                        "record", recorder,
                        "answer", new Answers(),
                        "platform-http-engine", door.engine(),
                        "tables", CsvTables.load(Path.of("tables")),
                        "correlate", new Correlate(List.of("service", "environment"), Duration.ofMinutes(15)),
                        "routing", new Routing(List.of())),
                context -> {});
        engine.start();
        door.listen();
    }

    public Store store() {
        return store;
    }

    /** @param headers name, value, name, value, ... */
    public HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        door.close();
        engine.close();
        ledger.close();
        store.close();
    }
}
