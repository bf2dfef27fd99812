package io.serai.door;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/** The front door, put together: server, table of paths, Camel engine. */
public final class Door implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(20);

    private final DoorTable table = new DoorTable();
    private final DoorServer server;
    private final RequestHandler handler;
    private final DoorEngine engine;

    public Door(
            DoorOptions options,
            Authenticator authenticator,
            RateLimit rateLimit,
            MeterRegistry registry,
            Clock clock) {
        this.server = new DoorServer(options);
        this.handler = new RequestHandler(options, table, authenticator, rateLimit, new DoorMetrics(registry), clock);
        this.engine = new DoorEngine(table, options.port());
        registry.gauge("serai.door.waiting", handler, RequestHandler::waiting);
    }

    /** What Camel binds {@code platform-http} endpoints to. */
    public DoorEngine engine() {
        return engine;
    }

    /** Where an exchange goes on after the ledger's commit. */
    public Executor workers() {
        return handler.workers();
    }

    /** Opens a path of our own. A path that ends with {@code /*} answers everything below it. */
    public void open(String method, String path, Access access, DoorTable.Endpoint endpoint) {
        table.open(method, path, access, endpoint);
    }

    /** Serves one route's path at another one too: the root, where a Dynatrace set up long ago posts to. */
    public void alias(String method, String path, String target) {
        DoorTable.Entry entry = table.find(method, target);
        table.open(method, path, entry.access(), entry.endpoint());
    }

    /** The table of paths as it is now: what an outside-in test of access walks over. */
    public List<DoorTable.Opened> opened() {
        return table.opened();
    }

    /** @throws DoorUnavailable when the port cannot be had */
    public void listen() {
        server.listen(handler);
    }

    public int port() {
        return server.port();
    }

    /**
     * Accepts no further connection; answers what comes on those that are open and tells each to leave, for a moment; then
     * closes those that are silent, answers what is in flight, and stops (P8).
     */
    @Override
    public void close() {
        handler.leave();
        server.stopAccepting();
        handler.drain(DRAIN);
        server.close();
        handler.close();
    }
}
