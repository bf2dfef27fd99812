package io.serai.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A monitoring system that keeps books: it sends at a bounded rate and writes down what it was answered, and where it was
 * answered nothing, that it does not know.
 */
final class Sender {

    /**
     * One word on one subject.
     *
     * @param subject what the alert is about
     * @param state   {@code firing} or {@code resolved}
     * @param body    the request
     */
    record Word(String subject, String state, String body) {}

    private static final JsonMapper JSON = new JsonMapper();
    private static final int IN_FLIGHT = 64;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Supplier<URI> target;
    private final String key;
    private final ConcurrentLinkedQueue<Sent> ledger = new ConcurrentLinkedQueue<>();
    private final AtomicLong ids = new AtomicLong();
    private final Semaphore room = new Semaphore(IN_FLIGHT);

    /** @param target asked before each request, because a server that was killed may come back on another port */
    Sender(Supplier<URI> target, String key) {
        this.target = target;
        this.key = key;
    }

    /** Sends one word and waits for the answer. */
    Sent send(Word word) {
        return post(word).join();
    }

    /**
     * Sends the words in order of starting, so many a second at most and 64 at once, and waits until each is answered or
     * given up, when it is interrupted too.
     *
     * @param perSecond 0 for as fast as the answers come
     */
    void send(Iterable<Word> words, int perSecond) throws InterruptedException {
        long gap = perSecond == 0 ? 0 : 1_000_000_000L / perSecond;
        long at = System.nanoTime();
        List<CompletableFuture<Sent>> open = new ArrayList<>();
        try {
            for (Word word : words) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                at += gap;
                for (long wait = at - System.nanoTime(); gap > 0 && wait > 0; wait = at - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                room.acquire();
                open.add(post(word).whenComplete((sent, failure) -> room.release()));
                open.removeIf(CompletableFuture::isDone);
            }
        } finally {
            CompletableFuture.allOf(open.toArray(CompletableFuture[]::new)).join();
        }
    }

    List<Sent> ledger() {
        return List.copyOf(ledger);
    }

    private CompletableFuture<Sent> post(Word word) {
        long id = ids.incrementAndGet();
        byte[] body = word.body().getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(target.get())
                .timeout(Duration.ofMinutes(2))
                .header("X-API-KEY", key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .handle((answer, failure) -> {
                    Sent sent = failure == null ? known(id, word, body, answer) : unanswered(id, word, body, failure);
                    ledger.add(sent);
                    return sent;
                });
    }

    private static Sent unanswered(long id, Word word, byte[] body, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        boolean connected = !(cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException);
        int status = connected ? 0 : -1;
        return new Sent(id, word.subject(), word.state(), StubTarget.sha256(body), status, "", List.of(), List.of());
    }

    private static Sent known(long id, Word word, byte[] body, HttpResponse<byte[]> answer) {
        List<String> fingerprints = new ArrayList<>();
        List<String> verdicts = new ArrayList<>();
        String receipt = "";
        if ((answer.statusCode() == 429 || answer.statusCode() == 503)
                && answer.headers().firstValue("retry-after").isEmpty()) {
            throw new IllegalStateException("a " + answer.statusCode() + " that does not say when to come back (P6)");
        }
        if (answer.statusCode() == 202) {
            try {
                JsonNode data = JSON.readTree(answer.body()).path("data");
                receipt = data.path("receipt").asText();
                for (JsonNode alert : data.path("alerts")) {
                    fingerprints.add(alert.path("fingerprint").asText(""));
                    verdicts.add(alert.path("verdict").asText(""));
                }
            } catch (IOException e) {
                throw new IllegalStateException("a 202 whose body is no JSON", e);
            }
        }
        return new Sent(
                id,
                word.subject(),
                word.state(),
                StubTarget.sha256(body),
                answer.statusCode(),
                receipt,
                fingerprints,
                verdicts);
    }
}
