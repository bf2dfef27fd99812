package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.Hub;
import io.serai.record.FreshStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults 43, 44, 46, 48, 49 and traps T1 to T16: whole requests as bytes, on a fresh connection and on one that has been
 * used, held to the manifest beside them. Nothing of a request comes back as a header, and a request that was taken or
 * kept has exactly one receipt.
 */
class RawHttpTest {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3}) ");
    private static final Pattern LEAK =
            Pattern.compile("at [a-z.]+\\(|Exception|org\\.apache|io\\.(vertx|netty|serai)|/home/|SELECT |jdbc:");
    /** All that the door ever sends. */
    private static final List<String> HEADERS = List.of(
            "content-type",
            "content-length",
            "x-content-type-options",
            "content-security-policy",
            "cache-control",
            "connection",
            "www-authenticate",
            "retry-after",
            "allow");

    private static final String GOOD =
            """
            {"title":"good","severity":"high","status":"firing","id":"good"}""";
    private static final int HANG_MILLIS = 30_000;

    @TempDir
    Path folder;

    private Hub hub;

    @Test
    void everyFileIsAnsweredAsItsManifestSays() throws Exception {
        Path corpus = BadInput.path("raw-http");
        List<String> faults = new ArrayList<>();
        int held = 0;
        try (Hub opened = new Hub(
                folder,
                Map.of(
                        "serai.door.read-timeout", "500ms",
                        "serai.door.idle-timeout", "1s",
                        "serai.provider.github.webhook-secret", "nobody knows"))) {
            hub = opened;
            for (String line : Files.readAllLines(corpus.resolve("manifest.tsv"))) {
                String[] columns = line.split("\t");
                if (columns[0].equals("file")) {
                    continue;
                }
                byte[] request = request(Files.readAllBytes(corpus.resolve(columns[0])));
                int before = faults.size();
                for (int round = 0; round < Size.of(1, 3); round++) {
                    for (boolean reused : List.of(false, true)) {
                        check(columns[0] + (reused ? " reused" : " fresh"), columns[1], request, reused, faults);
                    }
                }
                held += faults.size() == before ? 1 : 0;
            }
            System.out.println("raw HTTP: " + held + " files held, faults " + faults.size());
        }
        assertThat(faults).isEmpty();
        assertThat(held).isEqualTo(60);
    }

    private void check(String what, String expected, byte[] request, boolean reused, List<String> faults)
            throws IOException {
        long before = receipts();
        String text;
        try (Socket socket = new Socket("127.0.0.1", hub.uri("/").getPort())) {
            socket.setSoTimeout(HANG_MILLIS);
            if (reused) {
                send(socket, request(post(GOOD)));
                if (!first(socket.getInputStream()).startsWith("HTTP/1.1 202")) {
                    faults.add(what + ": the good request before it was refused");
                }
                before++;
            }
            send(socket, request);
            text = all(socket);
        }
        List<Integer> statuses = new ArrayList<>();
        Matcher matcher = STATUS.matcher(text);
        while (matcher.find()) {
            statuses.add(Integer.parseInt(matcher.group(1)));
        }
        if (List.of(expected.split("\\|")).stream().noneMatch(each -> met(each, statuses))) {
            faults.add(what + ": expected " + expected + ", was " + statuses + " " + text);
        }
        long kept = statuses.stream()
                .filter(status -> status == 202 || status == 422)
                .count();
        if (receipts() != before + kept) {
            faults.add(what + ": " + (receipts() - before) + " receipts for " + statuses);
        }
        if (LEAK.matcher(text).find()) {
            faults.add(what + " leaks: " + text);
        }
        names(text).stream()
                .filter(name -> !HEADERS.contains(name))
                .forEach(name -> faults.add(what + " sends the header " + name));
    }

    private static boolean met(String expected, List<Integer> statuses) {
        return switch (expected) {
            case "close" -> statuses.isEmpty();
            case "one-response" -> statuses.size() == 1;
            case "4xx" -> statuses.size() == 1 && statuses.get(0) / 100 == 4;
            case "100" -> statuses.equals(List.of(100, 202));
            default -> statuses.equals(List.of(Integer.parseInt(expected)));
        };
    }

    private static List<String> names(String text) {
        List<String> names = new ArrayList<>();
        for (String head : text.split("(?=HTTP/1\\.1 )")) {
            head.split("\r\n\r\n", 2)[0]
                    .lines()
                    .skip(1)
                    .forEach(line -> names.add(line.split(":", 2)[0].toLowerCase()));
        }
        return names;
    }

    private long receipts() {
        return FreshStore.number(hub.store(), "select count(*) from receipt");
    }

    /** The sample's path becomes ours, and the key that the sample does not have is put in; what is no HTTP stays. */
    private byte[] request(byte[] sample) {
        String text = new String(sample, StandardCharsets.ISO_8859_1);
        int line = text.indexOf(" HTTP/1.1\r\n");
        if (line < 0) {
            return sample;
        }
        int fields = line + " HTTP/1.1\r\n".length();
        return (text.substring(0, fields).replace("/in/", "/api/alerts/event/").replace("/IN/", "/API/alerts/event/")
                        + "X-API-KEY: " + hub.key() + "\r\n" + text.substring(fields))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] post(String body) {
        return ("POST /in/generic HTTP/1.1\r\nHost: hub.test\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void send(Socket socket, byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (SocketException cut) {
            // Refused while it was still being sent: what was answered is read all the same.
        }
    }

    /** One response, by its length. */
    private static String first(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int each = in.read();
            if (each < 0) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
            head.write(each);
        }
        Matcher length =
                Pattern.compile("(?i)content-length: ([0-9]+)").matcher(head.toString(StandardCharsets.ISO_8859_1));
        in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static String all(Socket socket) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(answer);
        } catch (SocketException cut) {
            // A reset ends an answer too.
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }
}
