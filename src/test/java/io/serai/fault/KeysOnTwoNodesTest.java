package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults 34, 61, 62: two nodes on one PostgreSQL know the same keys, hold the same limits and write one audit. */
class KeysOnTwoNodesTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String LIST = "/api/destinations";

    @TempDir
    Path folder;

    @Test
    void bothNodesKnowTheKeysAndHoldTheLimits() throws Exception {
        try (Database database = Database.start(Database.Kind.POSTGRESQL, folder);
                SeraiProcess one = new SeraiProcess(folder.resolve("1"), "node-1", database.settings());
                SeraiProcess two = new SeraiProcess(folder.resolve("2"), "node-2", database.settings())) {
            one.start();
            two.start();
            String admin = one.key("admin");

            JsonNode made =
                    one.post("/api/keys", admin, "{\"scopes\":[\"read\"]}").path("data");
            String key = made.path("key").asText();
            assertThat(ask(two, key).statusCode())
                    .as("at once on the other node")
                    .isEqualTo(200);
            String id = made.path("id").asText();
            JsonNode next = one.post("/api/keys/" + id + "/rotate", admin, "{\"overlap\":\"1h\"}")
                    .path("data");
            for (SeraiProcess node : List.of(one, two)) {
                assertThat(ask(node, key).statusCode()).as("within the overlap").isEqualTo(200);
                assertThat(ask(node, next.path("key").asText()).statusCode()).isEqualTo(200);
            }
            long revoked = System.nanoTime();
            one.post("/api/keys/" + id + "/revoke", admin, "{}");
            assertThat(ask(one, key).statusCode()).isEqualTo(401);
            Awaitility.await("the other node to know")
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> ask(two, key).statusCode() == 401);
            long took = (System.nanoTime() - revoked) / 1_000_000;

            String anna = one.post("/api/keys", admin, "{\"scopes\":[\"read\"],\"user\":\"anna\"}")
                    .at("/data/key")
                    .asText();
            List<HttpResponse<String>> answers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                answers.add(ask(one, anna));
            }
            assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
            assertThat(answers)
                    .extracting(answer ->
                            answer.headers().firstValue("X-RateLimit-Remaining").orElse("none"))
                    .containsExactly("9", "8", "7", "6", "5", "4", "3", "2", "1", "0");
            assertThat(refusedBy(one, anna)).isEqualTo(0);
            // What the other node lets in before it was told is the stated error.
            int late = refusedBy(two, anna);
            one.stop();
            one.start();
            assertThat(refusedBy(one, anna)).as("after a restart").isEqualTo(0);

            JsonNode verdict = two.get("/api/audit/verify", admin).path("data");
            assertThat(verdict.path("intact").asBoolean()).isTrue();
            assertThat(two.get("/api/audit?action=key.revoke", admin)
                            .at("/data/audit/0/node")
                            .asText())
                    .isEqualTo("node-1");
            System.out.println("two nodes: a revoked key was dead on the other one after " + took
                    + " ms, which let " + late + " requests in beyond the limit; audit of "
                    + verdict.path("entries") + " entries intact");
            assertThat(late).isLessThanOrEqualTo(10);
        }
    }

    /** Asks until it is refused as the document has it, and gives how many were let in before. */
    private static int refusedBy(SeraiProcess node, String key) throws Exception {
        for (int letIn = 0; letIn <= 50; letIn++) {
            HttpResponse<String> answer = ask(node, key);
            if (answer.statusCode() != 200) {
                assertThat(answer.statusCode()).isEqualTo(429);
                assertThat(answer.body()).contains("\"RATE_LIMITED\"", "\"retry_after\"");
                assertThat(answer.headers().map())
                        .containsKeys(
                                "x-ratelimit-limit",
                                "x-ratelimit-remaining",
                                "x-ratelimit-reset",
                                "x-ratelimit-retry-after",
                                "retry-after");
                return letIn;
            }
        }
        throw new AssertionError("never refused");
    }

    private static HttpResponse<String> ask(SeraiProcess node, String key) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(node.uri(LIST)).header("X-API-KEY", key).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
