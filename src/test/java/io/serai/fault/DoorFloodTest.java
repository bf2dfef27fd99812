package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.Hub;
import io.serai.api.Keys;
import io.serai.record.FreshStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults 34, 44, 46, 48, 72 at one running hub: too much, too large, too long, packed. Each is refused by its own word, keeps
 * no receipt, and takes nothing from anybody else.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoorFloodTest {
    private static final String PATH = "/api/alerts/event/generic";
    private static final int LIMIT = 100_000;
    private static final int RATE = 20;
    private static final int HANG_MILLIS = 60_000;
    private static final String GOOD =
            "{\"title\":\"Disk full\",\"status\":\"firing\",\"severity\":\"high\",\"id\":\"%s\"}";

    private Hub hub;

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        hub = new Hub(
                folder,
                Map.of(
                        "serai.max-body",
                        LIMIT + "B",
                        "serai.door.rate",
                        String.valueOf(RATE),
                        "serai.door.read-timeout",
                        "10m",
                        "serai.door.idle-timeout",
                        "10m"));
    }

    @AfterAll
    void close() {
        hub.close();
    }

    private String key() {
        return new Keys(hub.store(), Clock.systemUTC())
                .create(List.of("ingest:*"), "flood")
                .path("key")
                .asText();
    }

    private long receipts() {
        return FreshStore.number(hub.store(), "select count(*) from receipt");
    }

    private int send(String key, String body) throws Exception {
        return hub.post(PATH, body, "X-API-KEY", key).statusCode();
    }

    /** Fault 34 and 72: one machine floods; another one, and who asks how the hub is, are served all along. */
    @Test
    void oneFloodsAndNobodyElseIsRefused() throws Exception {
        String loud = key();
        String quiet = key();
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<List<Integer>>> flood = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            flood.add(CompletableFuture.supplyAsync(() -> {
                List<Integer> statuses = new ArrayList<>();
                while (!over.get()) {
                    try {
                        statuses.add(send(loud, GOOD.formatted("loud")));
                    } catch (Exception e) {
                        statuses.add(0);
                    }
                }
                return statuses;
            }));
        }
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < RATE; i++) {
            others.add(send(quiet, GOOD.formatted("quiet " + i)));
            others.add(hub.get("/health/live", "Accept", "*/*").statusCode() + 2);
            others.add(hub.get("/health", "Accept", "*/*").statusCode() + 2);
        }
        over.set(true);
        List<Integer> refused = new ArrayList<>();
        for (CompletableFuture<List<Integer>> each : flood) {
            refused.addAll(each.join());
        }
        assertThat(others).as("who did not flood, and health").containsOnly(202);
        assertThat(refused).as("the flood").containsOnly(202, 429);
        assertThat(Collections.frequency(refused, 429)).as("of it refused").isGreaterThan(0);
    }

    /** Fault 44. */
    @Test
    void aBodyIsTakenUpToTheLimitAndNoByteFurther() throws Exception {
        String key = key();
        String shell = GOOD.formatted("");
        assertThat(send(key, "")).isEqualTo(400);
        assertThat(send(key, "1")).isEqualTo(422);
        for (int size : new int[] {LIMIT - 1, LIMIT}) {
            assertThat(send(key, GOOD.formatted("x".repeat(size - shell.length()))))
                    .as(size + " bytes")
                    .isIn(202, 422);
        }
        long before = receipts();
        assertThat(raw(head(key, "Content-Length: " + (LIMIT + 1)) + GOOD.formatted("big")))
                .as("one byte more, said before")
                .startsWith("HTTP/1.1 413");
        assertThat(raw(head(key, "Content-Length: " + 10 * LIMIT, "Expect: 100-continue")))
                .as("who asks first is told before sending anything")
                .startsWith("HTTP/1.1 413");
        String part = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
        assertThat(raw(head(key, "Transfer-Encoding: chunked") + part.repeat(10 * LIMIT / 0x1000)))
                .as("parts without end")
                .startsWith("HTTP/1.1 413");
        assertThat(receipts()).isEqualTo(before);
    }

    /** Fault 46: nothing is unpacked, so nothing can burst. */
    @Test
    void packedBodiesAreNotTaken() throws Exception {
        String key = key();
        long before = receipts();
        for (String encoding :
                List.of("gzip", "x-gzip", "deflate", "br", "zstd", "compress", "gzip, gzip", "identity, gzip")) {
            assertThat(hub.post(PATH, "\u001f\u008b", "X-API-KEY", key, "Content-Encoding", encoding)
                            .statusCode())
                    .as(encoding)
                    .isEqualTo(415);
        }
        assertThat(hub.post(PATH, "\u001f\u008b", "X-API-KEY", key).statusCode())
                .as("packed, and it is not said")
                .isEqualTo(400);
        assertThat(receipts()).isEqualTo(before);
    }

    /** Fault 48. */
    @Test
    void headsAndTargetsWithoutMeasureAreRefused() throws Exception {
        String key = key();
        long before = receipts();
        String many = IntStream.range(0, 5_000).mapToObj(i -> "X-A" + i + ": b").collect(Collectors.joining("\r\n"));
        assertThat(raw(head(key, "Content-Length: 0", many))).matches("(?s)HTTP/1\\.[01] 431 .*");
        assertThat(raw(head(key, "Content-Length: 0", "X-A: " + "b".repeat(20_000))))
                .matches("(?s)HTTP/1\\.[01] 431 .*");
        String parameters =
                IntStream.range(0, 10_000).mapToObj(i -> "a" + i + "=b").collect(Collectors.joining("&"));
        assertThat(raw("POST " + PATH + "?" + parameters + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .matches("(?s)HTTP/1\\.[01] 414 .*");
        assertThat(raw("POST " + PATH + "/" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .matches("(?s)HTTP/1\\.[01] 414 .*");
        assertThat(receipts()).isEqualTo(before);
    }

    /**
     * Fault 48: thousands of names with one hash code, as many as a body holds, are names like others: all different, none
     * taken for another one. One that is there twice is found among them.
     */
    @Test
    void namesWithOneHashCodeAreNamesLikeOthers() throws Exception {
        String key = key();
        List<String> names = colliding(12).subList(0, 3_000);
        assertThat(names.stream().map(String::hashCode).distinct()).hasSize(1);
        assertThat(send(key, named(names))).isEqualTo(202);
        List<String> twice = new ArrayList<>(names);
        twice.add(names.get(1_500));
        assertThat(send(key, named(twice))).as("one of them twice").isEqualTo(422);
    }

    private static String named(List<String> names) {
        return names.stream()
                .map(each -> '"' + each + "\":1")
                .collect(Collectors.joining(
                        ",", "{", ",\"title\":\"Disk full\",\"status\":\"firing\",\"id\":\"hash\"}"));
    }

    /** Aa and BB have one hash code, and so has every text of so many of these. */
    private static List<String> colliding(int pairs) {
        List<String> names = List.of("");
        for (int i = 0; i < pairs; i++) {
            names = names.stream()
                    .flatMap(each -> List.of(each + "Aa", each + "BB").stream())
                    .toList();
        }
        return names;
    }

    private static String head(String key, String... fields) {
        return "POST " + PATH + " HTTP/1.1\r\nHost: x\r\nX-API-KEY: " + key + "\r\n" + String.join("\r\n", fields)
                + "\r\n\r\n";
    }

    /** All that is answered until the connection is closed. */
    private String raw(String request) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket("127.0.0.1", hub.uri("/").getPort())) {
            socket.setSoTimeout(HANG_MILLIS);
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
            } catch (SocketException cut) {
                // Refused while it was still being sent: what was answered is read all the same.
            }
            try {
                socket.getInputStream().transferTo(answer);
            } catch (SocketException cut) {
                // A reset ends an answer too.
            }
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }
}
