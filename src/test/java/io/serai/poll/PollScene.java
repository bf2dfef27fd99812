package io.serai.poll;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.aws.SnsMessages;
import io.serai.egress.GuardedHttp;
import io.serai.json.StrictJson;
import io.serai.parse.Normaliser;
import io.serai.parse.ParseStage;
import io.serai.provider.Detection;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.ProviderSettings;
import io.serai.provider.TestMessages;
import io.serai.record.Inbox;
import io.serai.record.Leases;
import io.serai.record.Ledger;
import io.serai.record.LedgerKeys;
import io.serai.record.LedgerOptions;
import io.serai.record.Origin;
import io.serai.record.PollCursors;
import io.serai.record.Recorded;
import io.serai.record.Recorder;
import io.serai.record.Recording;
import io.serai.record.SetClock;
import io.serai.record.Source;
import io.serai.record.Store;
import io.serai.reload.InUse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The reading routes of all polled providers with the real parse and record stages on an embedded ledger. */
final class PollScene implements AutoCloseable {
    private static final Path ROUTES = Path.of("routes");

    final SetClock clock = new SetClock(Instant.parse("2031-03-17T08:30:00Z"));
    final Store store;
    final Ledger ledger;
    final Leases leases;
    final Poller poller;
    final PollRoutes routes;
    final Fetcher fetcher;
    final DefaultCamelContext camel = new DefaultCamelContext();
    private final SnsMessages sns;
    private final ExecutorService answering = Executors.newCachedThreadPool();
    private final ProducerTemplate producer;

    PollScene(Path data, Map<String, String> settings) throws Exception {
        LedgerOptions options = LedgerOptions.embedded(data, "node-1");
        store = Store.open(options);
        ledger = new Ledger(store, options);
        ledger.answerOn(answering);
        leases = new Leases(store, clock);
        ProviderCatalog catalog = ProviderCatalog.load(ROUTES);
        ProviderSettings providers = new ProviderSettings(settings, catalog);
        routes = new PollRoutes(catalog, providers);
        sns = new SnsMessages(providers, clock);
        PollCursors cursors = new PollCursors(store);
        poller = new Poller(leases, cursors, "node-1", clock);
        Recorder recorder = new Recorder(ledger);
        ParseStage parse = new ParseStage(
                catalog, new Detection(catalog), new Normaliser(new TestMessages(catalog)), recorder, routes::fetches);
        camel.getRegistry().bind("poll", new PollSteps(poller, leases, cursors, clock, clock::forward));
        camel.getRegistry().bind("parse", parse);
        camel.getRegistry().bind("sns", sns);
        camel.getRegistry().bind("record", recorder);
        camel.getRegistry().bind("ledgerKeys", new LedgerKeys(store, Duration.ofDays(35), clock));
        Properties properties = new Properties();
        properties.putAll(settings);
        properties.put("serai.routes", ROUTES.toAbsolutePath().toString());
        camel.getPropertiesComponent().setInitialProperties(properties);
        for (Path file : files(settings)) {
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.resolveResource(camel, "file:" + file));
        }
        GuardedHttp.bind(camel, providers.egress());
        routes.add(camel);
        camel.start();
        producer = camel.createProducerTemplate();
        InUse use = new InUse();
        poller.connect(routes, producer, use);
        fetcher = new Fetcher(
                new Inbox(store, leases, "node-1", clock),
                leases,
                "node-1",
                clock,
                new Fetcher.Serving(routes, catalog, new Normaliser(new TestMessages(catalog)), producer, use));
    }

    /** The core's routes and those of each provider for which something is set; its webhook is pushed without the door. */
    private static List<Path> files(Map<String, String> settings) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : List.of("alert-record", "alert-poll", "alert-schedule")) {
            files.add(ROUTES.resolve("core/" + name + ".camel.yaml"));
        }
        Set<String> providers = new TreeSet<>();
        settings.keySet().forEach(key -> providers.add(key.split("\\.")[2]));
        for (String provider : providers) {
            for (String kind : List.of("parse", "poll", "fetch")) {
                Path file = ROUTES.resolve("providers/" + provider + "/" + provider + "-" + kind + ".camel.yaml");
                if (Files.exists(file)) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    /** A body as the door would bring it. */
    Recorded push(String body) throws Exception {
        return push("dynatrace", body);
    }

    Recorded push(String provider, String body) throws Exception {
        return push(provider, "default", body);
    }

    Recorded push(String provider, String instance, String body) throws Exception {
        JsonNode json = StrictJson.read(body.getBytes(StandardCharsets.UTF_8));
        Exchange exchange = producer.send("direct:" + provider + "-parse", each -> {
            each.setVariable("provider", provider);
            each.setVariable("instance", instance);
            each.setVariable(
                    Origin.VARIABLE,
                    new Origin(
                            Source.PUSH,
                            clock.instant(),
                            null,
                            "key-1",
                            "192.0.2.7",
                            "application/json",
                            Map.of(),
                            body.getBytes(StandardCharsets.UTF_8),
                            null,
                            null,
                            routes.fetches(provider, instance)));
            each.getMessage().setBody(json);
        });
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        return exchange.getMessage().getBody(Recording.class).await();
    }

    @Override
    public void close() {
        fetcher.close();
        camel.stop();
        sns.close();
        answering.shutdown();
        ledger.close();
        store.close();
    }
}
