package io.serai.egress;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * Around one HTTP exchange, from connect to the last byte of the answer: a limit on the whole time (a socket timeout
 * starts anew with every byte) and on the answer's size, as unpacked (faults 22, 23). The answer is in memory afterwards
 * and its connection is free.
 */
public final class ExchangeLimits implements ExecChainHandler, AutoCloseable {
    private static final long IDLE_SECONDS = 30;

    private final Duration timeout;
    private final int largest;
    private final Longer longer;
    private final Set<Cancellable> inFlight = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, run -> {
        Thread thread = new Thread(run, "outbound-limit");
        thread.setDaemon(true);
        return thread;
    });

    /** What happens to an answer that is longer than the limit. */
    public enum Longer {
        /** The rest is not read, and the beginning counts as the answer. */
        CUT,
        /** The exchange fails: half a document is none. */
        REFUSED
    }

    /** @param largest bytes of an answer */
    public ExchangeLimits(Duration timeout, int largest, Longer longer) {
        this.timeout = timeout;
        this.largest = largest;
        this.longer = longer;
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
    }

    /** @throws IOException an {@link InterruptedIOException} when the time is over, {@link AnswerTooLong} */
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
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
            return read(chain.proceed(request, scope));
        } catch (IOException e) {
            throw late.get() ? new InterruptedIOException("the request took longer than " + timeout) : e;
        } finally {
            cut.cancel(false);
            inFlight.remove(running);
        }
    }

    private ClassicHttpResponse read(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return response;
        }
        // Closed here: a connection whose answer was read to its end is kept, one that has more to say is cut. The
        // stream is
        // not closed before: that would read the rest.
        try (response) {
            InputStream content = entity.getContent();
            byte[] bytes = content.readNBytes(largest);
            if (longer == Longer.REFUSED && bytes.length == largest && content.read() >= 0) {
                throw new AnswerTooLong(largest);
            }
            response.setEntity(new ByteArrayEntity(bytes, null));
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
