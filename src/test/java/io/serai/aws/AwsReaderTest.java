package io.serai.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client that reads certificates, against a server that misbehaves. */
class AwsReaderTest {
    private final AtomicInteger elsewhere = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/good", exchange -> {
            exchange.sendResponseHeaders(200, AwsReader.LONGEST);
            exchange.getResponseBody().write(new byte[AwsReader.LONGEST]);
            exchange.close();
        });
        server.createContext("/long", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[AwsReader.LONGEST + 1]);
            exchange.close();
        });
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext("/elsewhere", exchange -> {
            elsewhere.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/stuck", exchange -> {
            exchange.sendResponseHeaders(200, 10);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
    }

    private byte[] read(String path) throws IOException {
        return new AwsReader()
                .read(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path));
    }

    @Test
    void readsUpToItsLimitAndGivesUpOnTheRest() throws Exception {
        assertThat(read("/good")).hasSize(AwsReader.LONGEST);
        for (String path : new String[] {"/long", "/moved", "/stuck", "/nowhere"}) {
            assertThatThrownBy(() -> read(path)).as(path).isInstanceOf(IOException.class);
        }
        assertThat(elsewhere).hasValue(0);
    }
}
