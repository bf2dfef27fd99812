package io.serai.door;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.Charset;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one request whole, lets the authenticator decide, has the endpoint answer it, and writes that answer. Reading
 * happens on the event loop, everything else on a bounded pool: when that is full the sender is told to come back (P6).
 */
public final class RequestHandler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,12}");
    private static final String USUAL_TYPE = "application/json";
    private static final String CHARSET = "charset=";
    private static final int RETRY_SECONDS = 1;
    private static final int DESK = 8;
    private static final long LINGER_MILLIS = 2_000;
    private static final Duration LEAVING = Duration.ofSeconds(1);
    private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final DoorOptions options;
    private final DoorTable table;
    private final Authenticator authenticator;
    private final RateLimit rateLimit;
    private final DoorMetrics metrics;
    private final Clock clock;
    private final ThreadPoolExecutor workers;
    /** For what reads the ledger: these threads wait for it, and senders must not wait for them (P7). */
    private final ThreadPoolExecutor desk;

    private final String idPrefix = Long.toString(System.currentTimeMillis(), 36);
    private final AtomicLong ids = new AtomicLong();
    private final ConcurrentMap<HttpConnection, Patience> patience = new ConcurrentHashMap<>();
    private final Phaser inFlight = new Phaser(1);
    private volatile boolean leaving;
    private volatile boolean draining;

    RequestHandler(
            DoorOptions options,
            DoorTable table,
            Authenticator authenticator,
            RateLimit rateLimit,
            DoorMetrics metrics,
            Clock clock) {
        this.options = options;
        this.table = table;
        this.authenticator = authenticator;
        this.rateLimit = rateLimit;
        this.metrics = metrics;
        this.clock = clock;
        // They never wait for anything, so more of them than processors only take turns.
        int count =
                options.workers() > 0 ? options.workers() : Runtime.getRuntime().availableProcessors() + 1;
        this.workers = pool("door-", count);
        this.desk = pool("desk-", DESK);
    }

    private ThreadPoolExecutor pool(Access access) {
        return access instanceof Access.Ingest || access instanceof Access.IngestAny ? workers : desk;
    }

    private ThreadPoolExecutor pool(String name, int count) {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                count,
                count,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(options.queue()),
                task -> new Thread(task, name + number.incrementAndGet()));
    }

    /** How long a connection may still take to send a whole request head. */
    private static final class Patience {
        private final AtomicInteger unanswered = new AtomicInteger();
        private volatile long ends;

        Patience(long ends) {
            this.ends = ends;
        }
    }

    /** A connection more than there may be is cut at once. */
    void connected(HttpConnection connection) {
        metrics.connectionOpened();
        patience.put(
                connection,
                new Patience(System.nanoTime() + options.readTimeout().toNanos()));
        connection.exceptionHandler(failure -> {});
        connection.closeHandler(closed -> {
            metrics.connectionClosed();
            patience.remove(connection);
        });
        if (metrics.connections() > options.connections()) {
            connection.close();
        }
    }

    /**
     * Cuts every connection that has not sent one whole request head in time, the first or a later one, however busily it
     * trickles: an idle timeout alone begins anew with each byte (T13).
     */
    void sweep() {
        long now = System.nanoTime();
        patience.forEach((connection, each) -> {
            if (each.unanswered.get() == 0 && now - each.ends > 0) {
                connection.close();
            }
        });
    }

    private void begun(HttpServerRequest request) {
        Patience each = patience.get(request.connection());
        if (each != null) {
            each.unanswered.incrementAndGet();
        }
    }

    private void ended(HttpServerRequest request) {
        Patience each = patience.get(request.connection());
        if (each != null) {
            each.ends = System.nanoTime()
                    + options.idleTimeout().toNanos()
                    + options.readTimeout().toNanos();
            each.unanswered.decrementAndGet();
        }
    }

    /** Answers what is not HTTP: Vert.x calls this for a head that it cannot parse. */
    void invalid(Vertx vertx, HttpServerRequest request) {
        begun(request);
        refuse(vertx, request, invalid(request.decoderResult().cause()), nextId(), true);
    }

    private static Refusal invalid(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new Refusal(ErrorCode.TARGET_TOO_LONG, "The request target is too long.");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new Refusal(ErrorCode.HEAD_TOO_LARGE, "The header fields are too large.");
        }
        return new Refusal(ErrorCode.VALIDATION_ERROR, "This is not a valid HTTP request.");
    }

    void handle(Vertx vertx, HttpServerRequest request) {
        String id = nextId();
        begun(request);
        request.exceptionHandler(failure -> {});
        DoorTable.Entry entry;
        try {
            entry = admit(request);
        } catch (Refusal refusal) {
            refuse(vertx, request, refusal, id, hasBody(request));
            return;
        }
        collect(vertx, request, id, entry);
    }

    private DoorTable.Entry admit(HttpServerRequest request) {
        if (!request.uri().startsWith("/")) {
            // An absolute target would decide where a producer sends to (T1).
            throw new Refusal(ErrorCode.VALIDATION_ERROR, "The request target must start with a slash.");
        }
        DoorTable.Entry entry = table.find(request.method().name(), request.path());
        MultiMap headers = request.headers();
        String encoding = headers.get("content-encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new Refusal(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Compressed bodies are not taken.");
        }
        String type = headers.get("content-type");
        if (type != null && !type.equals(USUAL_TYPE)) {
            checkType(type.toLowerCase(Locale.ROOT));
        }
        String length = headers.get("content-length");
        if (length != null && (!LENGTH.matcher(length).matches() || Long.parseLong(length) > options.maxBody())) {
            throw tooLarge();
        }
        return entry;
    }

    private static void checkType(String type) {
        if (type.startsWith("multipart/")) {
            throw new Refusal(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Multipart bodies are not taken.");
        }
        int at = type.indexOf(CHARSET);
        if (at >= 0) {
            int end = type.indexOf(';', at);
            String charset = type.substring(at + CHARSET.length(), end < 0 ? type.length() : end)
                    .replace('"', ' ')
                    .trim();
            if (!known(charset)) {
                throw new Refusal(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The charset of the content type is not known.");
            }
        }
    }

    private static boolean known(String charset) {
        try {
            return Charset.isSupported(charset);
        } catch (IllegalArgumentException illegal) {
            return false;
        }
    }

    private static boolean hasBody(HttpServerRequest request) {
        return request.headers().contains("content-length") || request.headers().contains("transfer-encoding");
    }

    private Refusal tooLarge() {
        return new Refusal(ErrorCode.TOO_LARGE, "The body is larger than " + options.maxBody() + " bytes.");
    }

    private void collect(Vertx vertx, HttpServerRequest request, String id, DoorTable.Entry entry) {
        Buffer body = Buffer.buffer();
        long timer = vertx.setTimer(
                options.readTimeout().toMillis(), fired -> request.connection().close());
        request.handler(part -> {
            if (request.response().ended()) {
                return;
            }
            if (body.length() + part.length() > options.maxBody()) {
                vertx.cancelTimer(timer);
                refuse(vertx, request, tooLarge(), id, true);
                return;
            }
            body.appendBuffer(part);
        });
        request.endHandler(end -> {
            vertx.cancelTimer(timer);
            if (!request.response().ended()) {
                submit(vertx, request, id, entry, body);
            }
        });
        request.response().closeHandler(closed -> vertx.cancelTimer(timer));
        if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
            request.response().writeContinue();
        }
    }

    private void submit(Vertx vertx, HttpServerRequest request, String id, DoorTable.Entry entry, Buffer body) {
        if (draining) {
            refuse(vertx, request, overloaded(), id, false);
            return;
        }
        long started = System.nanoTime();
        inFlight.register();
        try {
            pool(entry.access()).execute(() -> answer(request, id, entry, body, started));
        } catch (RejectedExecutionException full) {
            inFlight.arriveAndDeregister();
            refuse(vertx, request, overloaded(), id, false);
        }
    }

    static Refusal overloaded() {
        return new Refusal(ErrorCode.OVERLOADED, "Too much is waiting here.", List.of(), RETRY_SECONDS);
    }

    private void answer(HttpServerRequest request, String id, DoorTable.Entry entry, Buffer body, long started) {
        try {
            Arrival arrival = arrival(request, id, body.getBytes());
            Principal principal = authenticator.authenticate(arrival, entry.access());
            Standing standing = rateLimit.take(principal, entry.access());
            if (standing != null) {
                answer(request, id, entry, arrival.by(principal), started, standing);
                return;
            }
            entry.endpoint().answer(arrival.by(principal)).whenComplete((answer, failure) -> {
                Answer written = failure == null ? answer : failed(failure, id);
                finish(request, entry, written, started);
            });
        } catch (RuntimeException | Error e) {
            // Whatever comes up to here, its sender is answered and the worker goes on.
            finish(request, entry, failed(e, id), started);
        }
    }

    /** A person's request: every answer says where its sender stands (S11). */
    private void answer(
            HttpServerRequest request,
            String id,
            DoorTable.Entry entry,
            Arrival arrival,
            long started,
            Standing standing) {
        try {
            standing.check();
            entry.endpoint()
                    .answer(arrival)
                    .whenComplete((answer, failure) -> finish(
                            request, entry, standing.on(failure == null ? answer : failed(failure, id)), started));
        } catch (RuntimeException | Error e) {
            finish(request, entry, standing.on(failed(e, id)), started);
        }
    }

    private void finish(HttpServerRequest request, DoorTable.Entry entry, Answer answer, long started) {
        metrics.answered(entry.access(), answer.status(), System.nanoTime() - started);
        boolean last = leaving;
        write(request, answer, last).onComplete(written -> {
            ended(request);
            if (last) {
                request.connection().close();
            }
            inFlight.arriveAndDeregister();
        });
    }

    private Answer failed(Throwable failure, String id) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Refusal refusal) {
            return Answer.of(refusal, id);
        }
        // Where it happened is enough to find it; a message may carry what a sender wrote.
        StackTraceElement[] frames = cause.getStackTrace();
        LOG.error(
                "request failed request_id={} failure={} at={}",
                id,
                cause.getClass().getName(),
                frames.length == 0 ? "unknown" : frames[0]);
        return Answer.of(new Refusal(ErrorCode.INTERNAL_ERROR, "The request could not be handled."), id);
    }

    private Arrival arrival(HttpServerRequest request, String id, byte[] body) {
        return new Arrival(
                id,
                Instant.ofEpochMilli(clock.millis()),
                request.method().name(),
                request.path(),
                values(query(request), false),
                values(request.headers(), true),
                body,
                request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress(),
                null);
    }

    private static MultiMap query(HttpServerRequest request) {
        try {
            return request.query() == null ? null : request.params();
        } catch (IllegalArgumentException broken) {
            throw new Refusal(ErrorCode.VALIDATION_ERROR, "The query is not percent-encoded.");
        }
    }

    private static Map<String, List<String>> values(MultiMap map, boolean lower) {
        if (map == null || map.isEmpty()) {
            return Map.of();
        }
        Map<String, List<String>> values = new HashMap<>();
        for (Map.Entry<String, String> entry : map.entries()) {
            String name = lower ? entry.getKey().toLowerCase(Locale.ROOT) : entry.getKey();
            values.computeIfAbsent(name, first -> new ArrayList<>(1)).add(entry.getValue());
        }
        return values;
    }

    /** @param unread true when the rest of the body is still coming: it is thrown away for a moment, then cut */
    private void refuse(Vertx vertx, HttpServerRequest request, Refusal refusal, String id, boolean unread) {
        metrics.answered(new Access.Open(), refusal.code().status(), 0);
        if (unread) {
            // Closing with bytes unread resets the connection, and the sender never sees why.
            long timer =
                    vertx.setTimer(LINGER_MILLIS, fired -> request.connection().close());
            request.handler(part -> {});
            request.endHandler(end -> {
                vertx.cancelTimer(timer);
                request.connection().close();
            });
        }
        write(request, Answer.of(refusal, id), unread || leaving).onComplete(written -> ended(request));
    }

    private static Future<Void> write(HttpServerRequest request, Answer answer, boolean close) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return Future.succeededFuture();
        }
        response.setStatusCode(answer.status());
        response.putHeader("content-type", answer.contentType());
        response.putHeader("x-content-type-options", "nosniff");
        response.putHeader("cache-control", "no-store");
        answer.headers().forEach(response::putHeader);
        if (close) {
            response.putHeader("connection", "close");
        }
        return response.end(Buffer.buffer(answer.body()));
    }

    private String nextId() {
        return idPrefix + "-" + Long.toString(ids.incrementAndGet(), 36);
    }

    /** From now on each answer is the last one on its connection. */
    void leave() {
        leaving = true;
    }

    /**
     * Waits a moment for senders to leave, each of whom is told to with the next answer, closes the connections of those who
     * say nothing, refuses what comes after that, and waits until what is in flight is answered (P8).
     */
    void drain(Duration limit) {
        long end = System.nanoTime() + LEAVING.toNanos();
        while (metrics.connections() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(GLANCE_NANOS);
        }
        draining = true;
        patience.forEach((connection, each) -> {
            if (each.unanswered.get() == 0) {
                connection.close();
            }
        });
        try {
            inFlight.awaitAdvanceInterruptibly(inFlight.arrive(), limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("stopping with {} requests unanswered", inFlight.getUnarrivedParties());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Requests that wait for a worker. */
    public int waiting() {
        return workers.getQueue().size();
    }

    /** The pool on which answers are rendered, so that the ledger's writer never does. */
    public ThreadPoolExecutor workers() {
        return workers;
    }

    @Override
    public void close() {
        workers.shutdown();
        desk.shutdown();
    }
}
