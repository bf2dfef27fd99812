package io.serai.door;

import io.micrometer.core.instrument.MeterRegistry;
import io.serai.reload.InUse;
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
    private final DoorOptions options;
    private DoorEngine served;

    public Door(
            DoorOptions options,
            Authenticator authenticator,
            RateLimit rateLimit,
            MeterRegistry registry,
            Clock clock) {
        this.server = new DoorServer(options);
        this.handler = new RequestHandler(options, table, authenticator, rateLimit, new DoorMetrics(registry), clock);
        this.options = options;
        registry.gauge("serai.door.waiting", handler, RequestHandler::waiting);
    }

    /**
     * What Camel binds {@code platform-http} endpoints to: one for each set of routes.
     *
     * @param use counts the requests that these routes answer
     */
    public DoorEngine engine(InUse use) {
        return new DoorEngine(table, options.port(), use);
    }

    /** From now on these routes answer, and those before them no more; no request comes in between. */
    public synchronized void serve(DoorEngine engine) {
        engine.replace(served);
        served = engine;
    }

    /** Where an exchange goes on after the ledger's commit. */
    public Executor workers() {
        return handler.workers();
    }

    /** Opens a path of our own. A path that ends with {@code /*} answers everything below it. */
    public void open(String method, String path, Access access, DoorTable.Endpoint endpoint) {
        table.open(method, path, access, endpoint);
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
