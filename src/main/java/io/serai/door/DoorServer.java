package io.serai.door;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.Errors;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.JDKTransport;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The HTTP server in front of everything. Camel's own has no idle, header or body limit and copies requests into
 * message headers (traps T1 to T17), so the door brings its own options and its own consumer.
 */
public final class DoorServer implements AutoCloseable {
    private static final int MAX_HEADER_BYTES = 8 * 1024;
    private static final long SWEEP_MILLIS = 500;
    private static final long CLOSE_MILLIS = 1000;
    private static final int MAX_TARGET_BYTES = 4 * 1024;

    private final List<HttpServer> servers = new ArrayList<>();
    private final DoorOptions options;
    /** Null until it listens: a start that is refused before has no threads to end. */
    private volatile Vertx vertx;
    /** Vert.x can only close it together with the connections that it accepted. */
    private volatile DoorSocket socket;

    public DoorServer(DoorOptions options) {
        this.options = options;
    }

    /**
     * Binds the port and answers every request with the handler from then on.
     *
     * @throws DoorUnavailable when the port is taken or may not be bound; nothing of it runs then
     */
    public void listen(RequestHandler handler) {
        VertxOptions few = new VertxOptions()
                .setEventLoopPoolSize(Math.max(2, Runtime.getRuntime().availableProcessors()))
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2);
        Vertx made = new VertxBuilder(few).findTransport(new Accepting()).init().vertx();
        vertx = made;
        try {
            bind(made, handler);
        } catch (DoorUnavailable e) {
            close();
            throw e;
        }
    }

    /** As Vert.x accepts connections, but for their limit, for which it has no option. */
    private final class Accepting extends JDKTransport {
        private final int limit = OpenFiles.connections(options.connections());

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domain) {
            return () -> {
                socket = new DoorSocket(limit);
                return socket;
            };
        }
    }

    private void bind(Vertx vertx, RequestHandler handler) {
        HttpServerOptions http = new HttpServerOptions()
                .setHost(options.host())
                .setPort(options.port())
                .setIdleTimeout((int) options.idleTimeout().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_TARGET_BYTES)
                .setDecompressionSupported(false)
                .setCompressionSupported(false)
                .setHttp2ClearTextEnabled(false)
                .setTcpNoDelay(true)
                .setAcceptBacklog(1024);
        long glance = Math.min(SWEEP_MILLIS, options.readTimeout().toMillis());
        vertx.setPeriodic(glance, fired -> handler.connections().sweep());
        // Vert.x gives each server its own event loop and shares the port between them. A loop only moves bytes: one
        // for
        // two processors keeps up with the workers, and finds more to do each time that it wakes.
        int loops = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        for (int i = 0; i < loops; i++) {
            HttpServer server = vertx.createHttpServer(http);
            server.connectionHandler(handler.connections()::opened);
            server.requestHandler(request -> handler.handle(vertx, request));
            server.invalidRequestHandler(request -> handler.invalid(vertx, request));
            servers.add(server);
            await(server);
        }
    }

    /** The port that is bound, also when 0 was asked for. */
    public int port() {
        return servers.get(0).actualPort();
    }

    private void await(HttpServer server) {
        try {
            server.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | CompletionException e) {
            boolean taken = e.getCause() instanceof BindException || e.getCause() instanceof Errors.NativeIoException;
            throw new DoorUnavailable(options.host(), options.port(), taken ? "is in use" : "cannot be bound");
        } catch (TimeoutException e) {
            throw new DoorUnavailable(options.host(), options.port(), "was not bound within 10 seconds");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DoorUnavailable(options.host(), options.port(), "was not bound: interrupted");
        }
    }

    /** Accepts no further connection; those that are open go on. */
    void stopAccepting() {
        DoorSocket accepting = socket;
        if (accepting != null) {
            accepting.close().awaitUninterruptibly(CLOSE_MILLIS);
        }
    }

    /** Closes whatever is open. */
    @Override
    public void close() {
        Vertx open = vertx;
        if (open != null) {
            open.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
