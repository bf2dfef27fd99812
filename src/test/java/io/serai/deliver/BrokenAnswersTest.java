package io.serai.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults 21 to 23, byte by byte: what a target may say that no well-behaved server says. Seen through the webhook. */
class BrokenAnswersTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private final AtomicInteger asked = new AtomicInteger();
    private ServerSocket server;

    /** What the target says to a request, until it is cut. */
    private interface Speech {
        void to(OutputStream out) throws IOException, InterruptedException;
    }

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private static Speech say(String text) {
        return out -> {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        };
    }

    private static Speech endless(String start, String more, long pause) {
        return out -> {
            say(start).to(out);
            while (true) {
                say(more).to(out);
                Thread.sleep(pause);
            }
        };
    }

    private SendFailure failure(Map<String, String> settings, Speech speech) throws Exception {
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read(new byte[1 << 16]);
                    asked.incrementAndGet();
                    speech.to(socket.getOutputStream());
                } catch (IOException | InterruptedException e) {
                    // cut, as it should be, or the test is over
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return send(settings);
    }

    private SendFailure send(Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("url", "http://127.0.0.1:" + server.getLocalPort() + "/in");
        try (NotifierHarness harness = NotifierHarness.start("webhook", all)) {
            return catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + "\r\n",
                "HTTP/1.0 200\r\n\r\nfine"
            })
    void isDelivered(String answer) throws Exception {
        assertThat(failure(Map.of(), say(answer))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 2",
                "HTTP/1.1 abc\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2p1\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
                OK + "Content-Length: 100\r\n\r\n{\"ok\":",
                OK + "Content-Length: many\r\n\r\n{\"ok\":",
                OK + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"ok"
            })
    void mayHaveArrivedAndIsTriedAgain(String answer) throws Exception {
        SendFailure failure = failure(Map.of(), say(answer));

        assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
        assertThat(failure.statusCode()).isZero();
        assertThat(asked).as("the client repeats nothing itself").hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 303, 305, 307, 308})
    void isNotFollowed(int status) throws Exception {
        SendFailure failure = failure(
                Map.of(),
                say("HTTP/1.1 " + status
                        + " Elsewhere\r\nLocation: /there\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n"));

        assertThat(failure.kind()).isEqualTo(SendFailure.Kind.PERMANENT);
        assertThat(failure.getMessage()).isEqualTo("answered HTTP " + status);
        assertThat(asked).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 100 Continue~~, HTTP/1.1 100 Continue~~",
        "HTTP/1.1 200 OK~X-Slow:, x",
        "HTTP/1.1 200 OK~Content-Length: 100000~~, x",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~, 1~x~"
    })
    void isCutAtTheTimeLimit(String start, String more) throws Exception {
        SendFailure failure =
                failure(Map.of("timeout", "400ms"), endless(start.replace("~", "\r\n"), more.replace("~", "\r\n"), 20));

        assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
        assertThat(failure.getMessage()).startsWith("no answer in time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "X-Again: 1\r\n"})
    void aHeadWithoutEndIsCutLongBefore(String more) throws Exception {
        SendFailure failure = failure(Map.of("timeout", "50s"), endless(OK + "X-Long: ", more.repeat(1000), 0));

        assertThat(failure.getMessage()).isEqualTo("no connection, or a broken one (MessageConstraintException)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", OK, OK + "Content-Length: 10\r\n\r\n{"})
    void silenceIsCutAtTheTimeLimit(String start) throws Exception {
        SendFailure failure = failure(Map.of("timeout", "400ms"), out -> {
            say(start).to(out);
            Thread.sleep(60_000);
        });

        assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
        assertThat(failure.getMessage()).startsWith("no answer in time");
    }

    /** A host that drops what comes: here one whose queue of connections is full. */
    @Test
    void aConnectionThatIsNeverMadeIsGivenUpAtItsOwnLimit() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try {
            while (waiting.size() < 20) {
                Socket socket = new Socket();
                waiting.add(socket);
                try {
                    socket.connect(new InetSocketAddress("127.0.0.1", server.getLocalPort()), 200);
                } catch (SocketTimeoutException e) {
                    break;
                }
            }
            SendFailure failure = send(Map.of("connect-timeout", "300ms", "timeout", "50s"));

            assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
            assertThat(failure.getMessage()).startsWith("no answer in time (ConnectTimeoutException)");
        } finally {
            for (Socket each : waiting) {
                each.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "7, 7",
        "' 7 ', 7",
        "0, 0",
        "'Fri, 21 Nov 2036 10:00:00 GMT', 3600",
        "315360000, 3600",
        "999999999999999999, 3600",
        "99999999999999999999999999, ",
        "-5, ",
        "soon, ",
        "1e3, ",
        "7;8, ",
        "'', ",
        "'Sat, 01 Jan 2000 00:00:00 GMT', ",
        "'7\r\nRetry-After: 9', "
    })
    void aWishIsHonouredClampedOrIgnored(String wish, Integer seconds) throws Exception {
        SendFailure failure =
                failure(Map.of(), say("HTTP/1.1 429 Slow\r\nRetry-After: " + wish + "\r\nContent-Length: 0\r\n\r\n"));

        assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
        assertThat(failure.retryAfter()).isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
    }
}
