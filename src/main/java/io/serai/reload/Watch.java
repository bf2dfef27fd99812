package io.serai.reload;

import io.serai.repeat.Repeating;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the operator's files now and then, and says when somebody has changed them and has done with writing. */
final class Watch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    /** No file may change for so long, or for one interval, or somebody is still writing. */
    private static final Duration QUIET = Duration.ofMillis(400);

    /** A configuration that is being taken over when Serai stops gets so long to come to its end. */
    private static final Duration LAST = Duration.ofSeconds(30);

    private final Supplier<Map<Path, Sources.Look>> files;
    private final Edits edits;
    private final Repeating thread = new Repeating("reload");
    private Duration quiet = QUIET;
    private volatile boolean closed;

    /** Whom to tell what was seen. */
    interface Edits {
        /** @return whether these differ from what was looked at last */
        boolean differ(Map<Path, Sources.Look> files);

        /** Somebody has begun to write. */
        void begun();

        /** Nobody writes any more. */
        void settled();

        /** Nothing has changed. */
        void idle();
    }

    Watch(Supplier<Map<Path, Sources.Look>> files, Edits edits) {
        this.files = files;
        this.edits = edits;
    }

    void start(Duration interval) {
        quiet = interval.compareTo(QUIET) < 0 ? interval : QUIET;
        thread.every(interval, this::look);
    }

    private void look() {
        try {
            Map<Path, Sources.Look> now = files.get();
            if (edits.differ(now)) {
                edits.begun();
                settle(now);
                edits.settled();
            } else {
                edits.idle();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the files stay as they are. */
    private void settle(Map<Path, Sources.Look> first) throws InterruptedException {
        Map<Path, Sources.Look> before = first;
        while (!closed) {
            TimeUnit.MILLISECONDS.sleep(quiet.toMillis());
            Map<Path, Sources.Look> now = files.get();
            if (now.equals(before)) {
                return;
            }
            before = now;
        }
    }

    /** Looks no more, and waits for the look that is under way: after this nothing is read, copied or taken over. */
    @Override
    public void close() {
        closed = true;
        if (!thread.finish(LAST)) {
            LOG.warn("A configuration was still being taken over when Serai stopped.");
        }
    }
}
