package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.PartOptions;
import io.serai.api.ApiHandler;
import io.serai.api.FirstKeys;
import io.serai.api.HttpOperations;
import io.serai.api.Keys;
import io.serai.api.LocalActions;
import io.serai.api.LocalOperations;
import io.serai.api.Operations;
import io.serai.audit.Audit;
import io.serai.config.ConfigurationError;
import io.serai.config.Settings;
import io.serai.deliver.Destinations;
import io.serai.deliver.NotifierCatalog;
import io.serai.deliver.Outbox;
import io.serai.json.StrictJson;
import io.serai.record.LedgerOptions;
import io.serai.record.LedgerUnavailable;
import io.serai.record.Store;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Whom a command asks: a running server with {@code --url}, otherwise the ledger itself; and how it prints: a table, or
 * with {@code --json} the API's envelope in one line.
 */
final class Target {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Mixin
    private Configuration configuration;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Ask a running server, default the ledger in the data folder.")
    private String url = System.getenv("SERAI_URL");

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Key for the server, default the variable SERAI_KEY, then cli.key in the data folder.")
    private String key = System.getenv("SERAI_KEY");

    @Option(names = "--json", description = "Print one line of JSON.")
    private boolean json;

    Settings settings() {
        return configuration.load(Map.of());
    }

    PrintWriter out() {
        return command.commandLine().getOut();
    }

    /** Shows a listing, or one page of it, and gives the exit code. */
    int list(String path, Map<String, String> query, Function<ObjectNode, Table> table) {
        return answer(false, operations -> operations.get(path, query), data -> {
            table.apply(data).print(out());
            printRest(data);
        });
    }

    /** Something printed in another way than as one table. */
    interface Printer {
        void print(ObjectNode data);
    }

    /** @param fresh true when a ledger may be made if there is none */
    int answer(boolean fresh, Function<Operations, ObjectNode> question, Printer printer) {
        ObjectNode data;
        try (Operations operations = Progress.during("opening the ledger", () -> open(fresh))) {
            data = Progress.during("asking", () -> question.apply(operations));
        }
        return print(data, printer);
    }

    /** Asks a running server, as what is asked for needs the routes; without {@code --url} the one of the settings. */
    int onServer(Function<HttpOperations, ObjectNode> question, Printer printer) {
        ObjectNode data;
        try (HttpOperations operations = server(settings())) {
            data = Progress.during("waiting for the server", () -> question.apply(operations));
        }
        return print(data, printer);
    }

    private int print(ObjectNode data, Printer printer) {
        if (json) {
            ObjectNode envelope = StrictJson.mapper().createObjectNode().put("status", "success");
            envelope.set("data", data);
            out().println(Visible.json(envelope.toString()));
        } else {
            printer.print(data);
        }
        out().flush();
        return Exit.OK;
    }

    /** Says that there is more than was shown. */
    private void printRest(JsonNode data) {
        if (data.hasNonNull("next_cursor")) {
            out().println("There is more: --cursor " + data.path("next_cursor").asText());
        }
    }

    private Operations open(boolean fresh) {
        Settings settings = settings();
        if (url != null) {
            return server(settings);
        }
        LedgerOptions options = PartOptions.ledger(settings);
        if (!fresh && options.url().isEmpty() && !Files.exists(options.data().resolve("serai.db"))) {
            throw new LedgerUnavailable("There is no ledger in " + options.data()
                    + " yet. Start ./serai run, or give --data DIR or --url URL.");
        }
        Store store = Store.open(options);
        Clock clock = Clock.systemUTC();
        LocalActions actions = new LocalActions(() -> outbox(store, settings, clock));
        return new LocalOperations(
                new ApiHandler(
                        store,
                        new Keys(store, new Audit(store, settings.node(), clock), clock),
                        () -> settings,
                        actions,
                        clock),
                store);
    }

    private static Outbox outbox(Store store, Settings settings, Clock clock) {
        // Replaying asks nothing of a destination, so none is read: a wrong one must not be in the way.
        NotifierCatalog notifiers = NotifierCatalog.load(settings.path("serai.routes"));
        return new Outbox(store, Destinations.of(Map.of(), notifiers), settings.node(), clock);
    }

    private HttpOperations server(Settings settings) {
        String address =
                url != null ? url : "http://" + host(settings.text("serai.host")) + ":" + settings.number("serai.port");
        return new HttpOperations(address, key == null ? ownKey(settings) : key);
    }

    private static String host(String configured) {
        return configured.equals("0.0.0.0") || configured.equals("::")
                ? "127.0.0.1"
                : configured.contains(":") ? "[" + configured + "]" : configured;
    }

    private static String ownKey(Settings settings) {
        Path file = FirstKeys.file(settings.path("serai.data"));
        return FirstKeys.read(file)
                .orElseThrow(() -> new ConfigurationError(
                        "--key",
                        "is not given and there is no readable " + file,
                        "Give a key, or the right --data DIR"));
    }
}
