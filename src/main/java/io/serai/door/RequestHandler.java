package io.serai.door;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one request whole, lets the authenticator decide, has the endpoint answer it, and writes that answer. Reading
 * happens on the event loop, everything else on a bounded pool: when that is full the sender is told to come back (P6).
 */
public final class RequestHandler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
    private static final int RETRY_SECONDS = 1;
    private static final int DESK = 8;
    private static final Duration LEAVING = Duration.ofSeconds(1);
    private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final DoorOptions options;
    private final Authenticator authenticator;
    private final RateLimit rateLimit;
    private final DoorMetrics metrics;
    private final Arrivals arrivals;
    private final ThreadPoolExecutor workers;
    /** For what reads the ledger: these threads wait for it, and senders must not wait for them (P7). */
    private final ThreadPoolExecutor desk;

    private final String idPrefix = Long.toString(System.currentTimeMillis(), 36);
    private final AtomicLong ids = new AtomicLong();
    private final Connections connections;
    private final Replies replies;
    private final Admission admission;
    private final Phaser inFlight = new Phaser(1);
    private volatile boolean draining;

    RequestHandler(
            DoorOptions options,
            DoorTable table,
            Authenticator authenticator,
            RateLimit rateLimit,
            DoorMetrics metrics,
            Clock clock) {
        this.options = options;
        this.authenticator = authenticator;
        this.rateLimit = rateLimit;
        this.metrics = metrics;
        this.arrivals = new Arrivals(clock);
        this.connections = new Connections(options, metrics);
        this.replies = new Replies(connections, metrics);
        this.admission = new Admission(table, options.maxBody());
        // They never wait for anything, so many more of them than processors only take turns.
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

    /** Answers what is not HTTP: Vert.x calls this for a head that it cannot parse. */
    void invalid(Vertx vertx, HttpServerRequest request) {
        connections.begun(request);
        replies.refuse(
                vertx, request, Arrivals.unreadable(request.decoderResult().cause()), nextId(), true);
    }

    /** All that are open, and how long each may stay silent. */
    Connections connections() {
        return connections;
    }

    void handle(Vertx vertx, HttpServerRequest request) {
        String id = nextId();
        connections.begun(request);
        request.exceptionHandler(failure -> {});
        DoorTable.Entry entry;
        try {
            entry = admission.admit(request);
        } catch (Refusal refusal) {
            replies.refuse(vertx, request, refusal, id, Admission.hasBody(request));
            return;
        }
        collect(vertx, request, id, entry);
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
                replies.refuse(vertx, request, admission.tooLarge(), id, true);
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
            replies.refuse(vertx, request, overloaded(), id, false);
            return;
        }
        long started = System.nanoTime();
        inFlight.register();
        try {
            pool(entry.access()).execute(() -> answer(request, id, entry, body, started));
        } catch (RejectedExecutionException full) {
            inFlight.arriveAndDeregister();
            replies.refuse(vertx, request, overloaded(), id, false);
        }
    }

    static Refusal overloaded() {
        return new Refusal(ErrorCode.OVERLOADED, "Too much is waiting here.", List.of(), RETRY_SECONDS);
    }

    private void answer(HttpServerRequest request, String id, DoorTable.Entry entry, Buffer body, long started) {
        try {
            Arrival arrival = arrivals.read(request, id, body.getBytes());
            Principal principal = authenticator.authenticate(arrival, entry.access());
            Standing standing = rateLimit.take(principal, entry.access());
            if (standing != null) {
                answer(request, id, entry, arrival.by(principal), started, standing);
                return;
            }
            entry.endpoint().answer(arrival.by(principal)).whenComplete((answer, failure) -> {
                Answer written = failure == null ? answer : Replies.failed(failure, id);
                finish(request, entry, written, started);
            });
        } catch (RuntimeException | Error e) {
            // Whatever comes up to here, its sender is answered and the worker goes on.
            finish(request, entry, Replies.failed(e, id), started);
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
                            request,
                            entry,
                            standing.on(failure == null ? answer : Replies.failed(failure, id)),
                            started));
        } catch (RuntimeException | Error e) {
            finish(request, entry, standing.on(Replies.failed(e, id)), started);
        }
    }

    private void finish(HttpServerRequest request, DoorTable.Entry entry, Answer answer, long started) {
        metrics.answered(entry.access(), answer.status(), System.nanoTime() - started);
        replies.write(request, answer).onComplete(written -> inFlight.arriveAndDeregister());
    }

    private String nextId() {
        return idPrefix + "-" + Long.toString(ids.incrementAndGet(), 36);
    }

    /** From now on each answer is the last one on its connection. */
    void leave() {
        replies.leave();
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
        connections.closeSilent();
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
