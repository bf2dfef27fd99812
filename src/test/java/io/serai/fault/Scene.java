package io.serai.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A hub on a fresh ledger with stub targets behind it and a sender before it. */
final class Scene implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path folder;
    private final List<String> destinations;
    private final Database database;
    private final StubTarget stub;
    private final SeraiProcess hub;
    private final String key;
    private final Sender sender;
    private final LedgerReader ledger;
    private final Map<String, String> settings = new TreeMap<>();

    /**
     * @param destinations names; each takes every alert and sends it to the stub's path of that name
     * @param more         further settings
     */
    Scene(Path folder, Database.Kind kind, List<String> destinations, Map<String, String> more)
            throws IOException, InterruptedException {
        this(folder, Database.start(kind, SeraiProcess.data(folder)), destinations, more);
    }

    /** @param database is the scene's to close */
    Scene(Path folder, Database database, List<String> destinations, Map<String, String> more)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.destinations = destinations;
        this.database = database;
        Files.createDirectories(folder);
        stub = new StubTarget(folder.resolve("stub.ndjson"));
        settings.putAll(database.settings());
        for (String destination : destinations) {
            settings.put("serai.destination." + destination + ".notifier", "webhook");
            settings.put("serai.destination." + destination + ".url", stub.url("/" + destination));
        }
        // Requests that are cut because this machine stood still for a while would look as if the hub had lost them.
        settings.put("serai.door.idle-timeout", "10m");
        settings.put("serai.door.read-timeout", "10m");
        settings.putAll(more);
        hub = new SeraiProcess(folder, "node-1", settings);
        key = hub.key("ingest:*,read,admin");
        sender = new Sender(hub::ingest, key);
        ledger = new LedgerReader(database);
    }

    SeraiProcess hub() {
        return hub;
    }

    /** A second node on the same ledger. */
    SeraiProcess another(String name) throws IOException {
        return another(name, Map.of());
    }

    SeraiProcess another(String name, Map<String, String> more) throws IOException {
        Map<String, String> all = new TreeMap<>(settings);
        all.putAll(more);
        return new SeraiProcess(folder(name), name, all);
    }

    /** Where that node has its files. */
    Path folder(String name) {
        return folder.resolve(name);
    }

    StubTarget stub() {
        return stub;
    }

    Sender sender() {
        return sender;
    }

    String key() {
        return key;
    }

    LedgerReader ledger() {
        return ledger;
    }

    Database database() {
        return database;
    }

    /** What the stub was sent for the destination, in order. */
    List<StubLine> told(String destination) {
        return stub.lines("/" + destination);
    }

    /** Waits until all is routed and delivered, compares the ledgers and prints the verdict. */
    Checker.Report check(String what, long seed, List<Sent> sent) throws SQLException {
        ledger.awaitQuiet(PATIENCE);
        Map<String, List<StubLine>> stubs = new LinkedHashMap<>();
        destinations.forEach(destination -> stubs.put(destination, told(destination)));
        Checker.Report report = Checker.check(seed, sent, ledger.read(), stubs);
        System.out.println(what + ": " + report);
        return report;
    }

    @Override
    public void close() throws IOException {
        hub.close();
        stub.close();
        database.close();
    }
}
