import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The world around Serai, as small as it can be: an exporter with one gauge, a Slack that takes messages and a mail server that
 * takes mails. {@code java World.java FOLDER} writes the ports to {@code FOLDER/ports}, then reads the gauge from
 * {@code FOLDER/oven} and appends what was told to {@code FOLDER/slack} (one JSON a line) and {@code FOLDER/mail}.
 */
public class World {

    private final Path folder;

    World(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException {
        new World(Path.of(arguments[0])).run();
    }

    private void run() throws IOException {
        HttpServer http = HttpServer.create(loopback(), 0);
        http.createContext("/metrics", this::metrics);
        http.createContext("/services/", this::slack);
        http.start();
        ServerSocket smtp = new ServerSocket();
        smtp.bind(loopback());
        StringBuilder ports = new StringBuilder();
        ports.append("WORLD=").append(http.getAddress().getPort()).append('\n');
        ports.append("SMTP=").append(smtp.getLocalPort()).append('\n');
        free(ports, "SERAI", "MANAGEMENT", "PROMETHEUS", "ALERTMANAGER");
        Files.writeString(folder.resolve("ports.new"), ports);
        Files.move(folder.resolve("ports.new"), folder.resolve("ports"));
        while (true) {
            Socket socket = smtp.accept();
            new Thread(() -> mail(socket)).start();
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** Ports for the others, all held until each is known, so that no two are the same. */
    private static void free(StringBuilder ports, String... names) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        for (String name : names) {
            ServerSocket socket = new ServerSocket();
            socket.bind(loopback());
            held.add(socket);
            ports.append(name).append('=').append(socket.getLocalPort()).append('\n');
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
    }

    private void metrics(HttpExchange exchange) throws IOException {
        String value = Files.readString(folder.resolve("oven")).strip();
        answer(exchange, "# TYPE oven_temperature_celsius gauge\noven_temperature_celsius{oven=\"north\"} " + value + "\n");
    }

    private void slack(HttpExchange exchange) throws IOException {
        String message = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        append("slack", message.replace("\n", "") + "\n");
        answer(exchange, "ok");
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void mail(Socket socket) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                PrintWriter out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8)) {
            say(out, "220 world");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String command = line.split(" ")[0].toUpperCase();
                switch (command) {
                    case "DATA" -> {
                        say(out, "354 go on");
                        append("mail", text(in));
                        say(out, "250 taken");
                    }
                    case "QUIT" -> {
                        say(out, "221 bye");
                        return;
                    }
                    default -> say(out, "250 ok");
                }
            }
        } catch (IOException e) {
            System.err.println("mail: " + e);
        }
    }

    private static String text(BufferedReader in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            text.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
        }
        return text.append("=====\n").toString();
    }

    private static void say(PrintWriter out, String line) {
        out.print(line + "\r\n");
        out.flush();
    }

    private synchronized void append(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
