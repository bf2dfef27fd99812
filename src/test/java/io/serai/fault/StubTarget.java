package io.serai.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A place to be told, on loopback. It appends every request to a file and forces it to disk <em>before</em> it answers, so
 * that what it knows survives whatever happens to the sender; then it behaves as it was told for that path.
 *
 * <p>Raw sockets, because a half answer, a reset and bytes that are not HTTP are beyond a well-behaved server. From a shell:
 * {@code java … io.serai.fault.StubTarget PORT LEDGER}, then {@code curl -X PUT 'http://127.0.0.1:PORT/_control?path=/a&status=500'}.
 */
final class StubTarget implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LARGE = 64 << 20;

    private final ServerSocket server;
    private final Path file;
    private final FileChannel ledger;
    private final List<StubLine> lines = new ArrayList<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, Deque<Answer>> next = new HashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Object behaviour = new Object();
    private int changes;

    StubTarget(Path ledger) throws IOException {
        this(0, ledger);
    }

    StubTarget(int port, Path ledger) throws IOException {
        this.file = ledger;
        this.ledger = FileChannel.open(
                ledger, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
        start("stub-accept", this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /** From now on the path behaves so; requests that hang there end. */
    void set(String path, Answer answer) {
        synchronized (behaviour) {
            answers.put(path, answer);
            changes++;
            behaviour.notifyAll();
        }
    }

    /** The next requests on the path behave so, one each, before the standing behaviour applies again. */
    void next(String path, List<Answer> few) {
        synchronized (behaviour) {
            next.computeIfAbsent(path, p -> new ArrayDeque<>()).addAll(few);
        }
    }

    /** Everything written so far, in the order in which it was written. */
    List<StubLine> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    List<StubLine> lines(String path) {
        return lines().stream().filter(line -> line.path().equals(path)).toList();
    }

    /** What an earlier stub, or this one, left on disk. */
    static List<StubLine> read(Path ledger) throws IOException {
        List<StubLine> read = new ArrayList<>();
        for (String line : Files.readAllLines(ledger)) {
            read.add(JSON.readValue(line, StubLine.class));
        }
        return read;
    }

    Path file() {
        return file;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                start("stub-connection", () -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = new BufferedOutputStream(socket.getOutputStream());
            boolean more = true;
            while (more) {
                Request request = Request.read(in);
                more = request != null && answer(request, socket, out);
            }
        } catch (IOException | InterruptedException e) {
            // The sender went away, or the stub stops: both are part of the test.
        } finally {
            open.remove(socket);
        }
    }

    private boolean answer(Request request, Socket socket, OutputStream out) throws IOException, InterruptedException {
        if (request.path().equals("/_control")) {
            set(request.query().getOrDefault("path", "/"), Answer.from(request.query()));
            return whole(out, 200, null, "{}");
        }
        Answer answer;
        int seen;
        synchronized (behaviour) {
            Deque<Answer> few = next.get(request.path());
            answer = few == null || few.isEmpty() ? answers.getOrDefault(request.path(), Answer.OK) : few.remove();
            seen = changes;
        }
        write(request, answer.accepts());
        if (answer.delay() > 0) {
            Thread.sleep(answer.delay());
        }
        return switch (answer.kind()) {
            case WHOLE -> whole(out, answer.status(), answer.retryAfter(), "{\"ok\":true}");
            case HANG -> {
                hang(seen);
                yield false;
            }
            case RESET -> {
                socket.setSoLinger(true, 0);
                yield false;
            }
            case HALF -> {
                out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"ok\":".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                yield false;
            }
            case REDIRECT -> {
                out.write(("HTTP/1.1 302 Found\r\nLocation: " + url("/redirected") + "\r\nContent-Length: 0\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.flush();
                yield true;
            }
            case GARBAGE -> {
                out.write("\0\1\2 this is no HTTP\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                yield false;
            }
            case LARGE -> {
                out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                byte[] block = new byte[1 << 16];
                for (int sent = 0; sent < LARGE; sent += block.length) {
                    out.write(block);
                }
                out.flush();
                yield true;
            }
        };
    }

    private void hang(int seen) throws InterruptedException {
        synchronized (behaviour) {
            while (changes == seen && !server.isClosed()) {
                behaviour.wait();
            }
        }
    }

    private static boolean whole(OutputStream out, int status, String retryAfter, String body) throws IOException {
        String head = "HTTP/1.1 " + status + " stub\r\nContent-Type: application/json\r\n"
                + (retryAfter == null ? "" : "Retry-After: " + retryAfter + "\r\n")
                + "Content-Length: " + body.length() + "\r\n\r\n";
        out.write((head + body).getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return true;
    }

    /** One writer at a time, so that the file's order is the order of answers. */
    private void write(Request request, boolean accepted) throws IOException {
        JsonNode body = body(request);
        JsonNode data = body.path("data");
        JsonNode alert = data.path("alert");
        StubLine line = new StubLine(
                System.currentTimeMillis(),
                request.path(),
                request.headers().getOrDefault("webhook-id", ""),
                sha256(request.body()),
                alert.path("fingerprint").asText(""),
                alert.path("status").asText(""),
                data.path("version").asInt(-1),
                accepted);
        byte[] bytes = (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (lines) {
            ledger.write(ByteBuffer.wrap(bytes));
            ledger.force(false);
            lines.add(line);
        }
    }

    private static JsonNode body(Request request) {
        try {
            JsonNode body = JSON.readTree(request.body());
            return body == null ? JSON.missingNode() : body;
        } catch (IOException e) {
            return JSON.missingNode(); // not JSON: the hash alone tells
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        synchronized (behaviour) {
            behaviour.notifyAll();
        }
        for (Socket socket : open) {
            socket.close();
        }
        ledger.close();
    }

    /** {@code PORT LEDGER}: runs until it is killed. */
    public static void main(String[] arguments) throws Exception {
        try (StubTarget stub = new StubTarget(Integer.parseInt(arguments[0]), Path.of(arguments[1]))) {
            System.out.println("stub target on " + stub.url("/") + ", ledger " + stub.file());
            Thread.currentThread().join();
        }
    }

    private record Request(String path, Map<String, String> query, Map<String, String> headers, byte[] body) {

        /** @return null at the end of the connection */
        static Request read(InputStream in) throws IOException {
            String first = line(in);
            if (first == null) {
                return null;
            }
            String target = first.split(" ")[1];
            Map<String, String> headers = new LinkedHashMap<>();
            for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            byte[] body = "chunked".equalsIgnoreCase(headers.get("transfer-encoding"))
                    ? chunks(in)
                    : in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
            int mark = target.indexOf('?');
            return mark < 0
                    ? new Request(target, Map.of(), headers, body)
                    : new Request(target.substring(0, mark), query(target.substring(mark + 1)), headers, body);
        }

        private static byte[] chunks(InputStream in) throws IOException {
            var body = new java.io.ByteArrayOutputStream();
            for (int size = chunk(in); size > 0; size = chunk(in)) {
                body.write(in.readNBytes(size));
                line(in);
            }
            line(in);
            return body.toByteArray();
        }

        private static int chunk(InputStream in) throws IOException {
            String line = line(in);
            return line == null ? 0 : Integer.parseInt(line.strip(), 16);
        }

        private static Map<String, String> query(String text) {
            Map<String, String> query = new HashMap<>();
            for (String pair : text.split("&")) {
                int equals = pair.indexOf('=');
                query.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
            return query;
        }

        private static String line(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int read = in.read(); read != '\n'; read = in.read()) {
                if (read < 0) {
                    return null;
                }
                if (read != '\r') {
                    line.append((char) read);
                }
            }
            return line.toString();
        }
    }
}
