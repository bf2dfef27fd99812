package io.serai.door;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers: those of endpoints, and those of the door itself to what it does not let in. */
final class Replies {
    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);
    private static final long LINGER_MILLIS = 2_000;

    private final Connections connections;
    private final DoorMetrics metrics;
    private volatile boolean leaving;

    Replies(Connections connections, DoorMetrics metrics) {
        this.connections = connections;
        this.metrics = metrics;
    }

    /** From now on each answer is the last one on its connection. */
    void leave() {
        leaving = true;
    }

    /** What the sender is told of a failure: a refusal as it is, of anything else nothing. */
    static Answer failed(Throwable failure, String id) {
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

    /** Writes an endpoint's answer; once Serai is leaving, the connection is closed after it. */
    Future<Void> write(HttpServerRequest request, Answer answer) {
        boolean last = leaving;
        return write(request, answer, last).onComplete(written -> {
            connections.ended(request);
            if (last) {
                request.connection().close();
            }
        });
    }

    /** @param unread true when the rest of the body is still coming: it is thrown away for a moment, then cut */
    void refuse(Vertx vertx, HttpServerRequest request, Refusal refusal, String id, boolean unread) {
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
        write(request, Answer.of(refusal, id), unread || leaving).onComplete(written -> connections.ended(request));
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
        // Shown by a browser, an answer loads nothing, runs nothing and stands in no other page.
        response.putHeader("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
        answer.headers().forEach(response::putHeader);
        if (close) {
            response.putHeader("connection", "close");
        }
        return response.end(Buffer.buffer(answer.body()));
    }
}
