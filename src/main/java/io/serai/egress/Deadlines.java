package io.serai.egress;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes sockets when their time is over: a timeout of reading starts anew with every byte that trickles in. */
final class Deadlines {
    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);
    private static final long IDLE_SECONDS = 30;
    private static final ScheduledThreadPoolExecutor TIMER = new ScheduledThreadPoolExecutor(1, run -> {
        Thread thread = new Thread(run, "outbound-deadline");
        thread.setDaemon(true);
        return thread;
    });

    static {
        TIMER.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        TIMER.allowCoreThreadTimeOut(true);
    }

    private Deadlines() {}

    static void cut(Socket socket, Duration after) {
        TIMER.schedule(() -> close(socket), after.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("A connection was not closed: {}", e.toString());
        }
    }
}
