package io.serai.deliver;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * Around one HTTP exchange: a limit on the whole time (a socket timeout starts anew with every byte) and on the answer's
 * size. Also appends the path of a single request, which has to stay below the destination's own address.
 */
final class OutboundLimits implements ExecChainHandler, AutoCloseable {
    /** A key or an id is to be read from an answer, not a document. */
    static final int ANSWER = 64 * 1024;
    /** Request header with the path, and query, to append; it never leaves. */
    static final String PATH = "Serai-Path";

    private final Duration timeout;
    private final Set<Cancellable> inFlight = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(run -> {
        Thread thread = new Thread(run, "outbound-limit");
        thread.setDaemon(true);
        return thread;
    });

    OutboundLimits(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        appendPath(request);
        Cancellable running = (Cancellable) scope.originalRequest;
        inFlight.add(running);
        AtomicBoolean late = new AtomicBoolean();
        ScheduledFuture<?> cut = timer.schedule(
                () -> {
                    late.set(true);
                    running.cancel();
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            return capped(chain.proceed(request, scope));
        } catch (IOException e) {
            throw late.get() ? new InterruptedIOException("the request took longer than " + timeout) : e;
        } finally {
            cut.cancel(false);
            inFlight.remove(running);
        }
    }

    private static void appendPath(ClassicHttpRequest request) {
        Header header = request.getFirstHeader(PATH);
        if (header == null) {
            return;
        }
        request.removeHeaders(PATH);
        String base = request.getPath();
        int query = base.indexOf('?');
        String stem = query < 0 ? base : base.substring(0, query);
        String tail = query < 0 ? "" : base.substring(query);
        String more = header.getValue();
        String joined = more.contains("?") ? tail.replace('?', '&') : tail;
        request.setPath((stem.endsWith("/") ? stem.substring(0, stem.length() - 1) : stem) + more + joined);
    }

    private static ClassicHttpResponse capped(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return response;
        }
        // Closed here: a connection whose answer was read to its end is kept, one that has more to say is cut.
        try (response) {
            response.setEntity(new ByteArrayEntity(entity.getContent().readNBytes(ANSWER), null));
        }
        return response;
    }

    /** Cuts what runs. */
    @Override
    public void close() {
        timer.shutdownNow();
        inFlight.forEach(Cancellable::cancel);
    }
}
