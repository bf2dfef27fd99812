package io.serai.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.serai.door.signature.Scheme;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DoorTest {
    private static final int LIMIT = 10_000;
    private static final int CONNECTIONS = 16;
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch entered = new CountDownLatch(1);
    private Door door;

    @BeforeEach
    void open() {
        KeyVerifier keys = presented -> presented.equals("good")
                ? Optional.of(new Principal("k1", Set.of("ingest:acme")))
                : presented.equals("reader") ? Optional.of(new Principal("k2", Set.of("read"))) : Optional.empty();
        ProviderSecrets secrets = new NoSecrets() {
            @Override
            public Optional<Hmac> hmac(String provider, String instance) {
                return provider.equals("signed")
                        ? Optional.of(new Hmac("old,It's a Secret to Everybody", Scheme.plain()))
                        : Optional.empty();
            }

            @Override
            public Optional<Basic> basic(String provider, String instance) {
                return provider.equals("acme") ? Optional.of(new Basic("acme", "s:3")) : Optional.empty();
            }
        };
        door = new Door(
                new DoorOptions("127.0.0.1", 0, LIMIT, 2, 2, CONNECTIONS, Duration.ofSeconds(5), Duration.ofSeconds(5)),
                new DoorKeeper(keys, secrets, 1000),
                new RateLimit(0),
                new SimpleMeterRegistry(),
                Clock.systemUTC());
        DoorTable.Endpoint echo = arrival -> CompletableFuture.completedFuture(
                Answer.text(202, arrival.principal().id() + " " + arrival.body().length));
        door.open("POST", "/api/alerts/event/acme", new Access.Ingest("acme"), echo);
        door.open("POST", "/api/alerts/event/signed", new Access.Ingest("signed"), echo);
        door.open("GET", "/api/alerts/*", new Access.Scope("read"), echo);
        door.open("GET", "/health", new Access.Open(), echo);
        door.open("GET", "/slow", new Access.Open(), arrival -> {
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return CompletableFuture.completedFuture(Answer.text(200, "late"));
        });
        door.open("GET", "/broken", new Access.Open(), arrival -> {
            throw new IllegalStateException("password=hunter2");
        });
        door.listen();
    }

    @AfterEach
    void close() {
        release.countDown();
        door.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + path));
    }

    private HttpResponse<String> post(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.ofString("Hello, World!"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void letsAKeyInBySixRoadsAndNobodyElse() throws Exception {
        String path = "/api/alerts/event/acme";
        assertThat(post(path, "X-API-KEY", "good").body()).isEqualTo("k1 13");
        assertThat(post(path, "Authorization", "Bearer good").statusCode()).isEqualTo(202);
        assertThat(post(path, "Authorization", "Basic YXBpX2tleTpnb29k").statusCode())
                .isEqualTo(202);
        // acme:s:3, the provider's own user; the password holds a colon
        assertThat(post(path, "Authorization", "Basic YWNtZTpzOjM=").body()).isEqualTo("basic:acme 13");
        assertThat(post(path).statusCode()).isEqualTo(401);
        assertThat(post(path, "X-API-KEY", "bad").statusCode()).isEqualTo(401);
        assertThat(post(path, "Authorization", "Basic YWNtZTpzOjQ=").statusCode())
                .isEqualTo(401);
        assertThat(post(path + "?X-API-KEY=good").statusCode()).isEqualTo(401);
        assertThat(post(path, "X-API-KEY", "reader").statusCode()).isEqualTo(403);
        assertThat(post(path, "X-API-KEY", "good", "X-API-KEY", "good").statusCode())
                .isEqualTo(400);
    }

    @Test
    void verifiesTheSignatureOverTheRawBytesAndWantsItWhenASecretIsSet() throws Exception {
        String path = "/api/alerts/event/signed";
        String published = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assertThat(post(path, "X-Signature", published).body()).isEqualTo("signature:signed 13");
        assertThat(post(path, "X-Signature", published.replace("e17", "e18")).statusCode())
                .isEqualTo(401);
        assertThat(post(path, "X-Signature", "sha256=ü").statusCode()).isEqualTo(401);
        assertThat(post(path, "X-API-KEY", "good").statusCode()).isEqualTo(401);
        assertThat(post(path + "?X-Signature=" + published).statusCode()).isEqualTo(401);
    }

    @Test
    void answersWithAnEnvelopeAndNothingOfTheRequest() throws Exception {
        HttpResponse<String> missing = post("/nowhere?Set-Cookie=a", "X-Evil", "echo-me");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).contains("\"code\":\"NOT_FOUND\"", "\"request_id\":");
        assertThat(missing.headers().map().toString() + missing.body())
                .doesNotContain("echo-me", "Set-Cookie", "set-cookie");
        assertThat(post("/health").statusCode()).isEqualTo(405);
        HttpResponse<String> broken = client.send(request("/broken").build(), HttpResponse.BodyHandlers.ofString());
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(broken.body()).doesNotContain("hunter2", "IllegalState");
    }

    /** What a sender wrote comes back in lists: a browser that is shown one runs and loads nothing of it. */
    @Test
    void aBrowserTakesNoAnswerForAPage() throws Exception {
        for (HttpResponse<String> each :
                List.of(post("/api/alerts/event/acme", "X-API-KEY", "good"), post("/api/alerts/event/acme"))) {
            assertThat(each.headers().firstValue("content-security-policy"))
                    .hasValue("default-src 'none'; frame-ancestors 'none'");
            assertThat(each.headers().firstValue("x-content-type-options")).hasValue("nosniff");
            assertThat(each.headers().firstValue("cache-control")).hasValue("no-store");
        }
    }

    @Test
    void namesTheMethodsThatAPathTakes() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + "/health"))
                        .DELETE()
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).contains("GET");
    }

    @Test
    void refusesWhatIsTooLargeCompressedOrMultipart() throws Exception {
        HttpRequest.Builder large = request("/api/alerts/event/acme").header("X-API-KEY", "good");
        byte[] body = new byte[LIMIT + 1];
        assertThat(client.send(
                                large.POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(413);
        assertThat(client.send(
                                large.POST(HttpRequest.BodyPublishers.ofByteArray(new byte[LIMIT]))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(202);
        String path = "/api/alerts/event/acme";
        assertThat(post(path, "X-API-KEY", "good", "Content-Encoding", "gzip").statusCode())
                .isEqualTo(415);
        assertThat(post(path, "X-API-KEY", "good", "Content-Type", "multipart/form-data; boundary=x")
                        .statusCode())
                .isEqualTo(415);
        String chunked = raw("POST /api/alerts/event/acme HTTP/1.1\r\nHost: x\r\nX-API-KEY: good\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + "2710\r\n" + "a".repeat(LIMIT) + "\r\n1\r\na\r\n");
        assertThat(chunked).startsWith("HTTP/1.1 413");
    }

    @Test
    void cutsConnectionsBeyondTheCapAndServesTheOthers() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        int served = 0;
        for (int i = 0; i < CONNECTIONS * 2; i++) {
            Socket socket = new Socket("127.0.0.1", door.port());
            sockets.add(socket);
            socket.setSoTimeout(4_000);
            try {
                socket.getOutputStream()
                        .write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                served += socket.getInputStream().read() == 'H' ? 1 : 0;
            } catch (SocketException cut) {
                // one too many
            }
        }
        assertThat(served).isEqualTo(CONNECTIONS);
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void refusesAnAbsoluteTarget() throws Exception {
        assertThat(raw("GET http://victim/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(raw("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 202");
    }

    @Test
    void tellsSendersToComeBackWhenNoWorkerIsFree() throws Exception {
        // Eight at the desk, two places to wait: of eleven that never end at least one is refused at once.
        CompletableFuture<?>[] calls = new CompletableFuture<?>[11];
        CompletableFuture<HttpResponse<String>> refused = new CompletableFuture<>();
        for (int i = 0; i < calls.length; i++) {
            calls[i] = client.sendAsync(request("/slow").build(), HttpResponse.BodyHandlers.ofString())
                    .thenAccept(answer -> {
                        if (answer.statusCode() == 503) {
                            refused.complete(answer);
                        }
                    });
        }
        assertThat(refused.join().headers().firstValue("Retry-After")).isPresent();
        // Who sends alerts does not wait behind who reads (P7).
        assertThat(post("/api/alerts/event/acme", "X-API-KEY", "good").statusCode())
                .isEqualTo(202);
        release.countDown();
        CompletableFuture.allOf(calls).join();
    }

    @Test
    void answersWhatIsInFlightBeforeItStops() throws Exception {
        CompletableFuture<HttpResponse<String>> slow =
                client.sendAsync(request("/slow").build(), HttpResponse.BodyHandlers.ofString());
        entered.await();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(door::close);
        assertThat(closing.isDone()).isFalse();
        release.countDown();
        assertThat(slow.join().body()).isEqualTo("late");
        closing.join();
    }

    private String raw(String text) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", door.port())) {
            socket.setSoTimeout(4_000);
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            in.transferTo(answer);
            return answer.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
