package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fault 47, trap T13: crowds of connections that trickle a head, trickle a body, trickle the head of a second request, stay silent after a request or never
 * read an answer. Good senders are served all the while, every slow one is cut, and the process has as many files open
 * as before.
 */
class SlowConnectionsTest {
    private static final String ALERT =
            """
            {"title":"Disk full","severity":"high","status":"firing","id":"disk"}""";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    /**
     * One of the crowd.
     *
     * @param drip  what it sends again and again, a byte or nothing
     * @param reads false for one that lets its answers lie until all is over
     */
    private record Slow(SocketChannel channel, byte[] drip, boolean reads) {}

    @Test
    void goodSendersAreServedAndSlowOnesAreCut() throws Exception {
        int crowd = Size.of(200, 2_000);
        int rounds = Size.of(40, 600);
        Map<String, String> settings = Map.of("serai.door.read-timeout", "2s", "serai.door.idle-timeout", "3s");
        try (SeraiProcess hub = new SeraiProcess(folder, "node-1", settings)) {
            String key = hub.key("ingest:*");
            hub.start();
            assertThat(hub.post("/api/alerts/event/generic", key, ALERT)
                            .path("status")
                            .asText())
                    .isEqualTo("success");
            long files = hub.files();

            List<Slow> slow = new ArrayList<>();
            int cut = 0;
            int good = 0;
            int opened = 0;
            for (int round = 0; round < rounds; round++) {
                // Who is cut is replaced: the pressure stays for the whole of the test.
                while (slow.size() < crowd) {
                    slow.add(open(hub.uri("/").getPort(), key, opened++));
                }
                cut += drip(slow, round, false);
                for (int i = 0; i < 5; i++) {
                    good += hub.post("/api/alerts/event/generic", key, ALERT)
                                    .path("status")
                                    .asText()
                                    .equals("success")
                            ? 1
                            : 0;
                }
            }
            int[] more = {0};
            Awaitility.await("all slow ones to be cut").atMost(PATIENCE).until(() -> {
                more[0] += drip(slow, 0, true);
                return slow.isEmpty();
            });
            System.out.printf(
                    "slow connections: %d opened, %d cut; good requests %d of %d; files before %d%n",
                    opened, cut + more[0], good, rounds * 5, files);
            assertThat(good).isEqualTo(rounds * 5);
            assertThat(cut + more[0]).isEqualTo(opened);
            // The ledger may have opened a file of its own meanwhile, as its log begins anew.
            Awaitility.await("the files to be closed").atMost(PATIENCE).until(() -> hub.files() <= files + 8);
        }
    }

    private static Slow open(int port, String key, int number) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        String head = "POST /api/alerts/event/generic HTTP/1.1\r\nHost: hub.test\r\nX-API-KEY: " + key + "\r\n";
        String whole = head + "Content-Length: " + ALERT.length() + "\r\n\r\n" + ALERT;
        String begin =
                switch (number % 6) {
                    case 0 -> head + "X-Drip: ";
                    case 1 -> head + "Content-Length: 10000\r\n\r\n{";
                    case 2 -> whole;
                    case 3 -> "";
                    case 4 -> "GET /health HTTP/1.1\r\nHost: hub.test\r\n\r\nGET /health HTTP/1.1\r\nX-Drip: ";
                    default -> "GET /health HTTP/1.1\r\nHost: hub.test\r\n\r\n".repeat(50);
                };
        ByteBuffer bytes = ByteBuffer.wrap(begin.getBytes(StandardCharsets.ISO_8859_1));
        channel.configureBlocking(false);
        channel.write(bytes);
        byte[] drip = List.of(0, 1, 4).contains(number % 6) ? new byte[] {'x'} : new byte[0];
        return new Slow(channel, drip, number % 6 != 5);
    }

    /** A byte for each that drips; those that the hub has cut are taken out. */
    private static int drip(List<Slow> slow, int round, boolean last) throws IOException {
        int cut = 0;
        for (Iterator<Slow> each = slow.iterator(); each.hasNext(); ) {
            Slow one = each.next();
            if ((one.reads() || last) && over(one, round)) {
                one.channel().close();
                each.remove();
                cut++;
            }
        }
        return cut;
    }

    private static boolean over(Slow one, int round) {
        try {
            if (round % 4 == 0 && one.drip().length > 0) {
                one.channel().write(ByteBuffer.wrap(one.drip()));
            }
            return one.channel().read(ByteBuffer.allocate(1 << 16)) < 0;
        } catch (IOException reset) {
            return true;
        }
    }
}
