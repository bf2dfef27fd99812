package io.serai.observe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.serai.config.ConfigurationError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * {@code /observe/health}, {@code /observe/health/live} and {@code /observe/metrics} on a port of their own, on loopback only: no key needed, nothing
 * else served (Camel's management server would also offer uploads and sends).
 */
public final class ManagementServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "management");
        thread.setDaemon(true);
        return thread;
    });

    /** @throws ConfigurationError when the port is taken */
    public ManagementServer(int port, PrometheusMeterRegistry metrics, Health health) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
        } catch (IOException e) {
            threads.shutdown();
            throw new ConfigurationError(
                    "serai.management-port", "port " + port + " is in use", "Stop what uses it or choose another port");
        }
        server.createContext(
                "/observe/metrics",
                exchange -> answer(
                        exchange,
                        "/observe/metrics",
                        200,
                        "text/plain; version=0.0.4; charset=utf-8",
                        metrics.scrape()));
        server.createContext(
                "/observe/health/live",
                exchange -> answer(exchange, "/observe/health/live", 200, "application/json", Health.alive()));
        server.createContext("/observe/health", exchange -> {
            Health.Report report = health.report();
            answer(exchange, "/observe/health", report.healthy() ? 200 : 503, "application/json", report.json());
        });
        server.setExecutor(threads);
        server.start();
    }

    private static void answer(HttpExchange exchange, String path, int status, String type, String text) {
        try (exchange) {
            boolean served = exchange.getRequestMethod().equals("GET")
                    && exchange.getRequestURI().getPath().equals(path);
            byte[] body = served ? text.getBytes(StandardCharsets.UTF_8) : new byte[0];
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(served ? status : 404, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
