package io.serai.door;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The open connections: how long each may still take to send a whole request head (T13). */
final class Connections {
    private final DoorOptions options;
    private final DoorMetrics metrics;
    private final ConcurrentMap<HttpConnection, Patience> patience = new ConcurrentHashMap<>();

    Connections(DoorOptions options, DoorMetrics metrics) {
        this.options = options;
        this.metrics = metrics;
    }

    /** How long one connection may stay without a whole head, and what it still waits for. */
    private static final class Patience {
        private final AtomicInteger unanswered = new AtomicInteger();
        private volatile long ends;

        Patience(long ends) {
            this.ends = ends;
        }
    }

    /** Takes in one that was accepted. */
    void opened(HttpConnection connection) {
        metrics.connectionOpened();
        patience.put(
                connection,
                new Patience(System.nanoTime() + options.readTimeout().toNanos()));
        connection.exceptionHandler(failure -> {});
        connection.closeHandler(closed -> {
            metrics.connectionClosed();
            patience.remove(connection);
        });
    }

    /**
     * Cuts every connection that has not sent one whole request head in time, the first or a later one, however busily it
     * trickles: an idle timeout alone begins anew with each byte (T13).
     */
    void sweep() {
        long now = System.nanoTime();
        patience.forEach((connection, each) -> {
            if (each.unanswered.get() == 0 && now - each.ends > 0) {
                connection.close();
            }
        });
    }

    /** A request has come in whole, but for its body. */
    void begun(HttpServerRequest request) {
        Patience each = patience.get(request.connection());
        if (each != null) {
            each.unanswered.incrementAndGet();
        }
    }

    /** A request is answered. */
    void ended(HttpServerRequest request) {
        Patience each = patience.get(request.connection());
        if (each != null) {
            each.ends = System.nanoTime()
                    + options.idleTimeout().toNanos()
                    + options.readTimeout().toNanos();
            each.unanswered.decrementAndGet();
        }
    }

    /** Closes those that wait for no answer. */
    void closeSilent() {
        patience.forEach((connection, each) -> {
            if (each.unanswered.get() == 0) {
                connection.close();
            }
        });
    }
}
