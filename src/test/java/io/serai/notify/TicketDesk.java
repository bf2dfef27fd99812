package io.serai.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A ticketing system that remembers what was written to it, and can be made to fail. */
abstract class TicketDesk implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    /** What kind of request a fault waits for. */
    enum Step {
        FIND,
        CREATE,
        UPDATE
    }

    /** Something that goes wrong once. */
    enum Fault {
        /** The work is done, the connection is cut instead of an answer. */
        LOST,
        /** The work is done, the answer never comes. */
        SILENT
    }

    /** @param query decoded; null without one */
    record Request(String method, String path, String query, Map<String, List<String>> headers, JsonNode body) {
        String header(String name) {
            List<String> values = headers.get(name);
            return values == null ? null : values.get(0);
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    record Reply(int status, String body, Map<String, String> headers) {
        static Reply of(int status, JsonNode body) {
            return new Reply(status, body.toString(), Map.of());
        }
    }

    /** One ticket, whatever the system calls its parts. */
    static final class Ticket {
        String id;
        String key;
        String state;
        String follows;
        boolean archived;
        JsonNode made;
        final List<String> comments = new ArrayList<>();
    }

    private record Trouble(Step step, Fault fault, Reply reply) {}

    final List<Ticket> tickets = new CopyOnWriteArrayList<>();
    final List<Request> requests = new CopyOnWriteArrayList<>();

    private final Queue<Trouble> troubles = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile CyclicBarrier meeting;

    TicketDesk() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    abstract Step step(Request request);

    /** Called by one thread at a time. */
    abstract Reply serve(Request request) throws IOException;

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The next request of that kind goes wrong. */
    void failNext(Step step, Fault fault) {
        troubles.add(new Trouble(step, fault, null));
    }

    /** The next request of that kind gets this answer and nothing is done. */
    void answerNext(Step step, Reply reply) {
        troubles.add(new Trouble(step, null, reply));
    }

    /** The next look-ups are answered when so many have been asked. */
    void meetAtFind(int parties) {
        meeting = new CyclicBarrier(parties);
    }

    List<Step> steps() {
        return requests.stream().map(this::step).toList();
    }

    /** The last request of that kind. */
    Request last(Step step) {
        return requests.stream()
                .filter(each -> step(each) == step)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        Request request = new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                exchange.getRequestURI().getQuery(),
                Map.copyOf(exchange.getRequestHeaders()),
                bytes.length == 0 ? null : JSON.readTree(bytes));
        requests.add(request);
        Step step = step(request);
        Trouble trouble = troubles.peek();
        if (trouble != null && trouble.step() == step) {
            troubles.remove();
        } else {
            trouble = null;
        }
        Reply reply;
        if (trouble != null && trouble.reply() != null) {
            reply = trouble.reply();
        } else {
            synchronized (this) {
                reply = serve(request);
            }
        }
        if (trouble != null && trouble.fault() == Fault.LOST) {
            exchange.close();
            return;
        }
        try {
            if (trouble != null && trouble.fault() == Fault.SILENT) {
                closing.await();
            }
            CyclicBarrier barrier = meeting;
            if (barrier != null && step == Step.FIND) {
                barrier.await(10, TimeUnit.SECONDS);
            }
        } catch (Exception e) {
            throw new IOException(e);
        }
        byte[] answer = reply.body().getBytes(StandardCharsets.UTF_8);
        reply.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.sendResponseHeaders(reply.status(), answer.length == 0 ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
