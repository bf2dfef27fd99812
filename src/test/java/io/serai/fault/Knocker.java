package io.serai.fault;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/** Sends many bodies at once and holds every answer to what no answer may ever show. */
final class Knocker {
    /** What would tell a stranger how the hub is built, or what went wrong within (guide, section 4). */
    private static final Pattern LEAK =
            Pattern.compile("at [a-z.]+\\(|Exception|org\\.apache|io\\.(vertx|netty|serai)|/home/|SELECT |jdbc:");

    private static final int AT_ONCE = 16;
    private static final Duration HANG = Duration.ofSeconds(60);
    private static final int SHOWN = 20;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final List<String> faults = new ArrayList<>();
    private final ConcurrentMap<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
    private long slowestNanos;

    /** Whether a status is what the request should have been answered with. */
    interface Expected {
        boolean met(int status);
    }

    /** Sends when there is a place; the answer is judged when it comes. */
    void send(String what, URI uri, byte[] body, Expected expected, String... headers) throws InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(HANG).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        places.acquire();
        long started = System.nanoTime();
        client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).whenComplete((answer, failure) -> {
            judge(what, expected, answer, failure, System.nanoTime() - started);
            places.release();
        });
    }

    private synchronized void judge(
            String what, Expected expected, HttpResponse<String> answer, Throwable failure, long nanos) {
        slowestNanos = Math.max(slowestNanos, nanos);
        if (failure != null) {
            faults.add(what + ": " + failure);
            return;
        }
        int status = answer.statusCode();
        statuses.computeIfAbsent(status, first -> new LongAdder()).increment();
        if (!expected.met(status)) {
            faults.add(what + ": " + status + " " + answer.body());
        }
        if (LEAK.matcher(answer.body()).find()) {
            faults.add(what + " leaks: " + answer.body());
        }
    }

    /** Waits for all answers. Prints counts and the slowest. */
    List<String> verdict(String what) throws InterruptedException {
        places.acquire(AT_ONCE);
        places.release(AT_ONCE);
        System.out.printf(
                "%s: answers %s, slowest %d ms, faults %d%n",
                what, answers(), Duration.ofNanos(slowestNanos).toMillis(), faults.size());
        return List.copyOf(faults.subList(0, Math.min(SHOWN, faults.size())));
    }

    Map<Integer, Long> answers() {
        Map<Integer, Long> answers = new TreeMap<>();
        statuses.forEach((status, count) -> answers.put(status, count.sum()));
        return answers;
    }

    /** How many requests were answered with one of the statuses. */
    long answered(int... wanted) {
        long sum = 0;
        for (int status : wanted) {
            sum += answers().getOrDefault(status, 0L);
        }
        return sum;
    }
}
