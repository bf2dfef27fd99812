package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.Hub;
import io.serai.config.ConfigurationError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fault 71: what a machine may lack. The start is refused in one line, or the hub works with what there is. */
class PoorMachineTest {
    private static final List<String> FEW_FILES = List.of("sh", "-c", "ulimit -n 400; exec \"$@\"", "sh");
    private static final int CONNECTIONS = 50;

    @TempDir
    Path folder;

    private String refused(String key, String value) {
        ConfigurationError error =
                catchThrowableOfType(ConfigurationError.class, () -> new Hub(folder, Map.of(key, value)).close());
        assertThat(error).as(key).isNotNull();
        return error.getMessage();
    }

    @Test
    void aPortThatIsTakenStopsTheStart() throws Exception {
        Set<String> before = threads();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            assertThat(refused("serai.port", port)).startsWith("serai.port: ").doesNotContain("\n");
            assertThat(refused("serai.management-port", port))
                    .startsWith("serai.management-port: ")
                    .doesNotContain("\n");
        }
        Awaitility.await("the threads of the starts that were refused to end")
                .untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
        try (Hub hub = new Hub(folder, Map.of())) {
            assertThat(hub.get("/health", "Accept", "*/*").statusCode())
                    .as("nothing is left of the starts that were refused")
                    .isEqualTo(200);
        }
    }

    /** Names of those that are alive, but for a client's, which ends when it is collected, and the waiting's own. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(each -> !each.startsWith("HttpClient-") && !each.startsWith("awaitility"))
                .collect(Collectors.toSet());
    }

    @Test
    void aDataFolderThatCannotBeMadeStopsTheStart() throws Exception {
        Path file = Files.writeString(folder.resolve("no-folder"), "");
        assertThat(refused("serai.data", file.toString()))
                .startsWith("serai.data: ")
                .doesNotContain("\n");
    }

    /**
     * Connections up to {@code serai.door.connections}, which leaves files to the rest: while 600 are tried, in bursts, what was
     * taken is delivered over connections of our own. Cut only after they were accepted they took all files once, and a class
     * that could not be read then ended routing.
     */
    @Test
    void whoOpensConnectionsTakesNoFileFromTheRest() throws Exception {
        Map<String, String> limit = Map.of("serai.door.connections", String.valueOf(CONNECTIONS));
        try (Scene scene = new Scene(folder, Database.Kind.SQLITE, List.of("ops"), limit)) {
            scene.hub().start(FEW_FILES);
            long before = scene.hub().files();
            // Over a connection that is kept and used again below.
            assertThat(scene.sender().send(Words.firing("before")).status()).isEqualTo(202);
            List<Socket> silent = new ArrayList<>();
            try {
                for (int burst = 0; burst < 12; burst++) {
                    silent.addAll(silent(scene, 50));
                    assertThat(scene.hub().files())
                            .as("files after burst " + burst)
                            .isLessThan(before + 2 * CONNECTIONS);
                }
                assertThat(scene.sender().send(Words.firing("meanwhile")).status())
                        .isEqualTo(202);
                Awaitility.await("the target to be told")
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> scene.told("ops").size() == 2);
            } finally {
                close(silent);
            }
            Sender newcomer = new Sender(scene.hub()::ingest, scene.key());
            Awaitility.await("room for a new connection")
                    .until(() -> newcomer.send(Words.firing("after")).accepted());
        }
    }

    /** More connections than files, and a heap of 128 MB: whoever comes when there is room again is served. */
    @Test
    void fewFilesAndLittleMemoryEndNothing() throws Exception {
        try (Scene scene = new Scene(folder, Database.Kind.SQLITE, List.of("ops"), Map.of())) {
            scene.hub().start(FEW_FILES, "-Xmx128m");
            close(silent(scene, 600));
            Awaitility.await("room").until(() -> scene.hub().healthy());
            String path = "/api/alerts/event/generic";
            String small = code(scene.hub().post(path, scene.key(), "{\"x\":\"y\"}"));
            String large = "{\"x\":\"" + "y".repeat(900_000) + "\"}";
            for (int i = 0; i < 40; i++) {
                assertThat(code(scene.hub().post(path, scene.key(), large)))
                        .as("large body " + i)
                        .isEqualTo(small);
            }
            Awaitility.await("room for a new connection").until(() -> {
                int status = scene.sender().send(Words.firing("after")).status();
                // Without an answer it is sent again; an answer is never a refusal, and nobody who has ended listens
                // again.
                assertThat(status).isIn(202, 0);
                return status == 202;
            });
            Awaitility.await().until(() -> scene.told("ops").size() == 1);
            assertThat(scene.hub().stop()).isIn(0, 143);
        }
    }

    private static String code(JsonNode answer) {
        return answer.at("/error/code").asText();
    }

    private static List<Socket> silent(Scene scene, int connections) throws IOException {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            silent.add(new Socket("127.0.0.1", scene.hub().port()));
        }
        return silent;
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket each : sockets) {
            each.close();
        }
    }
}
