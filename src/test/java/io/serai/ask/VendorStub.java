package io.serai.ask;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.serai.json.StrictJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

/** A vendor's API that remembers what was made there: one kind of thing below one path, over real HTTP. */
final class VendorStub implements AutoCloseable {
    /**
     * How the vendor writes it.
     *
     * @param answer what answers are wrapped into; null for nothing
     * @param off    true when what is made there has to be switched on by {@code /ID/enable}
     */
    record Form(String path, String list, String item, String idField, boolean idIsName, String answer, boolean off) {
        Form(String path, String list, String item, String idField, boolean idIsName) {
            this(path, list, item, idField, idIsName, item, false);
        }
    }

    /** What goes wrong with the next changing request. */
    enum Trouble {
        NONE(0),
        REFUSED(403),
        BROKEN(500),
        /** Done, and nobody hears of it. */
        LOST(0),
        /** Not done, and said to be. */
        LIE(200);

        private final int status;

        Trouble(int status) {
            this.status = status;
        }
    }

    private final HttpServer server;
    private final Form form;
    private final Map<String, ObjectNode> things = new LinkedHashMap<>();
    private final ConcurrentLinkedQueue<Trouble> troubles = new ConcurrentLinkedQueue<>();
    private int made;

    VendorStub(Form form) throws IOException {
        this.form = form;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void next(Trouble... each) {
        troubles.addAll(List.of(each));
    }

    synchronized Map<String, ObjectNode> things() {
        return new LinkedHashMap<>(things);
    }

    synchronized void clear() {
        things.clear();
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        boolean changing = !exchange.getRequestMethod().equals("GET");
        Trouble trouble = changing ? troubles.poll() : null;
        if (trouble != null && trouble.status > 0) {
            answer(exchange, trouble.status, trouble == Trouble.LIE ? "{\"id\":\"made-up\"}" : "{}");
            return;
        }
        String id = path.length() > form.path.length() + 1 ? path.substring(form.path.length() + 1) : "";
        String answer = path.startsWith(form.path) ? done(exchange.getRequestMethod(), id, body) : null;
        if (trouble == Trouble.LOST) {
            exchange.close();
        } else {
            answer(exchange, answer == null ? 404 : 200, answer == null ? "{}" : answer);
        }
    }

    private String done(String method, String id, byte[] body) throws IOException {
        if (method.equals("POST") && id.isEmpty()) {
            ObjectNode thing = unwrapped(body);
            String fresh = form.idIsName ? thing.path(form.idField).asText() : "id-" + ++made;
            things.put(fresh, thing.put(form.idField, fresh));
            if (form.off) {
                thing.put("enabled", false);
            }
            return wrapped(thing);
        }
        if (method.equals("GET") && id.isEmpty()) {
            var list = StrictJson.mapper().createArrayNode().addAll(things.values());
            return form.list == null
                    ? list.toString()
                    : StrictJson.mapper()
                            .createObjectNode()
                            .set(form.list, list)
                            .toString();
        }
        if (form.off && method.equals("POST") && id.endsWith("/enable")) {
            ObjectNode thing = things.get(id.substring(0, id.indexOf('/')));
            return thing == null ? null : wrapped(thing.put("enabled", true));
        }
        if (!things.containsKey(id)) {
            return null;
        }
        switch (method) {
            case "PUT" -> things.put(id, unwrapped(body).put(form.idField, id));
            case "DELETE" -> {
                return wrapped(things.remove(id));
            }
            default -> {}
        }
        return wrapped(things.get(id));
    }

    private ObjectNode unwrapped(byte[] body) throws IOException {
        JsonNode json = StrictJson.read(body);
        return (ObjectNode) (form.item == null ? json : json.get(form.item));
    }

    private String wrapped(ObjectNode thing) {
        return form.answer == null
                ? thing.toString()
                : StrictJson.mapper().createObjectNode().set(form.answer, thing).toString();
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
