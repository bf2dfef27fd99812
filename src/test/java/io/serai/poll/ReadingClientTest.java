package io.serai.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.egress.EgressPolicy;
import io.serai.egress.GuardedHttp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults 22 and 23 from a system that is polled or asked: it can keep nobody waiting, and fill no memory. */
class ReadingClientTest {
    private static final int LARGEST = 1 << 20;
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private final CamelContext context = new DefaultCamelContext();
    private ServerSocket server;
    private ProducerTemplate producer;

    /** What the system says to a request, until it is cut. */
    private interface Speech {
        void to(OutputStream out) throws IOException, InterruptedException;
    }

    @BeforeEach
    void open() throws Exception {
        server = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        GuardedHttp.bind(context, EgressPolicy.of(Map.of()));
        context.start();
        producer = context.createProducerTemplate();
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        context.stop();
    }

    private Exchange read(Duration longest, Speech speech) {
        context.getRegistry().bind("readingClient", new ReadingClient(longest, LARGEST));
        Thread thread = new Thread(() -> {
            try (Socket socket = server.accept()) {
                socket.getInputStream().read(new byte[4096]);
                speech.to(socket.getOutputStream());
                socket.getInputStream().read(new byte[4096]);
            } catch (IOException | InterruptedException e) {
                // cut, as it should be
            }
        });
        thread.setDaemon(true);
        thread.start();
        return producer.send(
                "http://127.0.0.1:" + server.getLocalPort()
                        + "/?bridgeEndpoint=true&responseTimeout=30000&httpClientConfigurer=#bean:readingClient",
                exchange -> exchange.getMessage().setBody(null));
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static String failure(Exchange exchange) {
        assertThat(exchange.getException()).isNotNull();
        return ReadFailure.of(exchange.getException()).sentence();
    }

    @Test
    void anAnswerOfTheLargestSizeIsRead() {
        Exchange exchange = read(Duration.ofSeconds(30), out -> {
            say(out, OK + "Content-Length: " + LARGEST + "\r\n\r\n");
            out.write(new byte[LARGEST]);
        });
        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody(byte[].class)).hasSize(LARGEST);
    }

    @Test
    void aLargerOneIsRefusedUnread() {
        Exchange exchange = read(Duration.ofSeconds(30), out -> {
            say(out, OK + "Content-Length: 100000000\r\n\r\n");
            while (true) {
                out.write(new byte[1 << 16]);
            }
        });
        assertThat(failure(exchange)).isEqualTo("the answer is longer than 1 MB");
    }

    @Test
    void aBombIsRefusedBeforeItIsWhole() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream packer = new GZIPOutputStream(bomb)) {
            for (int i = 0; i < 64; i++) {
                packer.write(new byte[1 << 20]);
            }
        }
        Exchange exchange = read(Duration.ofSeconds(30), out -> {
            say(out, OK + "Content-Encoding: gzip\r\nContent-Length: " + bomb.size() + "\r\n\r\n");
            out.write(bomb.toByteArray());
        });
        assertThat(failure(exchange)).isEqualTo("the answer is longer than 1 MB");
    }

    @ParameterizedTest
    @ValueSource(strings = {OK + "X-Slow: ", OK + "Content-Length: 100000\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n"})
    void anAnswerThatTricklesIsCutAtTheTimeLimit(String start) {
        Exchange exchange = read(Duration.ofMillis(400), out -> {
            while (true) {
                say(out, start.contains("100 ") ? start : "x");
                Thread.sleep(20);
            }
        });
        assertThat(failure(exchange)).isEqualTo("the system does not answer (InterruptedIOException)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "X-Again: 1\r\n"})
    void aHeadWithoutEndIsCutBeforeTheTimeLimit(String more) {
        Exchange exchange = read(Duration.ofMinutes(5), out -> {
            say(out, OK + "X-Long: ");
            while (true) {
                say(out, more.repeat(1000));
            }
        });
        assertThat(failure(exchange)).isEqualTo("the system does not answer (MessageConstraintException)");
    }

    @Test
    void aRedirectIsNotFollowed() {
        Exchange exchange = read(
                Duration.ofSeconds(30),
                out -> say(out, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"));
        assertThat(failure(exchange)).isEqualTo("the system answers HTTP 302");
    }
}
