package io.serai.repeat;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats tasks on one thread of its own. One that fails is told in the log and repeated all the same: the JDK's executor
 * would end it in silence, and from then on no revoked key would die, no old row go and no edit be seen.
 */
public final class Repeating implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Repeating.class);

    private final String name;
    private final ScheduledExecutorService thread;

    /** @param name of the thread */
    public Repeating(String name) {
        this.name = name;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, name);
            made.setDaemon(true);
            return made;
        });
    }

    /** Runs the task again and again, with this pause before each time. */
    public void every(Duration pause, Runnable task) {
        every(pause, pause, task);
    }

    /** @param first the pause before the first time */
    public void every(Duration first, Duration pause, Runnable task) {
        thread.scheduleWithFixedDelay(new Guarded(task), first.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private final class Guarded implements Runnable {
        private final Runnable task;
        private String told = "";

        Guarded(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            try {
                task.run();
                told = "";
            } catch (RuntimeException | Error e) {
                String failure = e.toString();
                if (!failure.equals(told)) {
                    LOG.error("The thread {} failed at its work and repeats it: {}", name, failure, e);
                }
                told = failure;
            }
        }
    }

    /**
     * Begins nothing any more, and waits for what is at work.
     *
     * @return false when that has not ended within the time
     */
    public boolean finish(Duration patience) {
        thread.shutdown();
        try {
            return thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Begins nothing any more, and interrupts what is at work. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
