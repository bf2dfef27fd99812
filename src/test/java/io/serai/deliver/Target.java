package io.serai.deliver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;

/** A real receiver that answers as it is told, and may be told to hang. */
final class Target implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Semaphore gate = new Semaphore(Integer.MAX_VALUE / 2);
    private volatile int status = 204;
    private volatile String retryAfter;
    final List<String> bodies = new CopyOnWriteArrayList<>();
    final List<String> ids = new CopyOnWriteArrayList<>();

    Target() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        ids.add(exchange.getRequestHeaders().getFirst("webhook-id"));
        gate.acquireUninterruptibly();
        if (retryAfter != null) {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    Target answers(int code) {
        return answers(code, null);
    }

    Target answers(int code, String wish) {
        status = code;
        retryAfter = wish;
        return this;
    }

    /** From now on nothing is answered. */
    Target hang() {
        gate.drainPermits();
        return this;
    }

    void letGo() {
        gate.release(Integer.MAX_VALUE / 2);
    }

    void awaitRequests(int number) {
        Awaitility.await().until(() -> bodies.size() >= number);
    }

    @Override
    public void close() {
        letGo();
        server.stop(0);
        threads.shutdownNow();
    }
}
