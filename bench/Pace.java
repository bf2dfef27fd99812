import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Sends alerts at a steady rate, each unlike the ones before, whether the last one is answered or not. */
final class Pace implements AutoCloseable {

    private static final String BODY = "{\"version\":\"4\",\"status\":\"firing\",\"alerts\":[{\"status\":\"firing\",\"labels\":"
            + "{\"alertname\":\"Slow\",\"severity\":\"critical\",\"service\":\"checkout\",\"instance\":\"%d\"},"
            + "\"annotations\":{},\"startsAt\":\"2026-01-01T00:00:00Z\"}]}";

    private final ScheduledExecutorService clock = new ScheduledThreadPoolExecutor(1);
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong unsent = new AtomicLong();
    private final URI url;
    private final String key;

    /** @param rate a second; 0 sends nothing */
    Pace(String url, String key, int rate) {
        this.url = URI.create(url);
        this.key = key;
        if (rate > 0) {
            clock.scheduleAtFixedRate(this::send, 0, TimeUnit.SECONDS.toNanos(1) / rate, TimeUnit.NANOSECONDS);
        }
    }

    private void send() {
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("X-API-KEY", key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(BODY.formatted(sent.incrementAndGet())))
                .build();
        client.sendAsync(request, HttpResponse.BodyHandlers.discarding()).whenComplete((answer, failure) -> {
            if (failure != null || answer.statusCode() / 100 != 2) {
                unsent.incrementAndGet();
            }
        });
    }

    /** How many were not answered 2xx so far. */
    long unsent() {
        return unsent.get();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
