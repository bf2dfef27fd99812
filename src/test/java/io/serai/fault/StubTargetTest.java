package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stub that misbehaves wrongly, or forgets, would make the fault tests say anything. */
class StubTargetTest {

    private static final String BODY =
            """
            {"type":"alert.new","data":{"alert":{"fingerprint":"00ff","status":"firing"},"version":3}}""";

    @TempDir
    Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private StubTarget stub;

    @BeforeEach
    void start() throws IOException {
        stub = new StubTarget(folder.resolve("stub.ndjson"));
    }

    @AfterEach
    void stop() throws IOException {
        stub.close();
    }

    @Test
    void writesDownWhatItGotBeforeItAnswers() throws Exception {
        assertThat(post("/ops").statusCode()).isEqualTo(200);
        assertThat(StubTarget.read(stub.file()))
                .isEqualTo(stub.lines())
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.path()).isEqualTo("/ops");
                    assertThat(line.key()).isEqualTo("key-1");
                    assertThat(line.hash()).isEqualTo(StubTarget.sha256(BODY.getBytes()));
                    assertThat(line.fingerprint()).isEqualTo("00ff");
                    assertThat(line.status()).isEqualTo("firing");
                    assertThat(line.version()).isEqualTo(3);
                    assertThat(line.accepted()).isTrue();
                });
    }

    @Test
    void answersPerPathAndFewTimesAsTold() throws Exception {
        stub.set("/sick", Answer.status(500));
        stub.next("/sick", List.of(Answer.status(429).retryAfter("7")));
        HttpResponse<String> first = post("/sick");
        assertThat(first.statusCode()).isEqualTo(429);
        assertThat(first.headers().firstValue("retry-after")).contains("7");
        assertThat(post("/sick").statusCode()).isEqualTo(500);
        assertThat(post("/well").statusCode()).isEqualTo(200);
        assertThat(stub.lines("/sick")).extracting(StubLine::accepted).containsExactly(false, false);
    }

    @Test
    void isToldFromAShell() throws Exception {
        client.send(
                HttpRequest.newBuilder(URI.create(stub.url("/_control?path=%2Fops&status=503&retry_after=2")))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        HttpResponse<String> answer = post("/ops");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("retry-after")).contains("2");
    }

    @Test
    void hangsUntilItIsToldOtherwise() {
        stub.set("/ops", Answer.of(Answer.Kind.HANG));
        assertThatThrownBy(() -> post("/ops")).isInstanceOf(HttpTimeoutException.class);
        assertThat(stub.lines("/ops"))
                .singleElement()
                .extracting(StubLine::accepted)
                .isEqualTo(false);
    }

    @Test
    void breaksAnswersAsTold() throws Exception {
        for (Answer.Kind kind : List.of(Answer.Kind.RESET, Answer.Kind.HALF, Answer.Kind.GARBAGE)) {
            stub.set("/ops", Answer.of(kind));
            assertThatThrownBy(() -> post("/ops")).as(kind.name()).isInstanceOf(IOException.class);
        }
        stub.set("/ops", Answer.of(Answer.Kind.REDIRECT));
        assertThat(post("/ops").statusCode()).isEqualTo(302);
        stub.set("/ops", Answer.of(Answer.Kind.LARGE));
        assertThat(post("/ops").body()).hasSize(64 << 20);
        assertThat(stub.lines("/ops")).hasSize(5);
    }

    private HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(stub.url(path)))
                        .timeout(Duration.ofSeconds(2))
                        .header("webhook-id", "key-1")
                        .POST(HttpRequest.BodyPublishers.ofString(BODY))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
