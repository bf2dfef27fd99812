package io.serai.poll;

import io.serai.record.LedgerUnavailable;
import io.serai.record.PollCursor;
import io.serai.record.PollCursors;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often the polls of an instance have failed in a row, on all nodes and through their restarts: one that fails now and
 * then is made up for by the next, one that goes on failing leaves us blind to a whole system.
 */
final class PollOutcomes {
    /** In a row; then operators are told. */
    static final long TOLD = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);
    private static final String FAILED = "poll-failed/";

    private final PollCursors cursors;
    private final Clock clock;
    private volatile ReadingListener listener = new Silent();

    PollOutcomes(PollCursors cursors, Clock clock) {
        this.cursors = cursors;
        this.clock = clock;
    }

    void tell(ReadingListener whom) {
        listener = whom;
    }

    /** @param problem null when all was read */
    void ended(String provider, String instance, String problem) {
        String name = FAILED + provider + "/" + instance;
        try {
            long before = cursors.read(name)
                    .map(cursor -> Long.parseLong(cursor.value()))
                    .orElse(0L);
            long now = problem == null ? 0 : before + 1;
            if (now != before) {
                cursors.write(new PollCursor(name, String.valueOf(now)), clock.instant());
            }
            if (problem == null) {
                listener.read(provider, instance, before >= TOLD);
            } else {
                listener.failed(provider, instance, problem, now == TOLD);
            }
        } catch (LedgerUnavailable e) {
            LOG.warn("how the poll of {}/{} ended is not kept: {}", provider, instance, e.getMessage());
        }
    }

    /** Until there is somebody to tell. */
    private static final class Silent implements ReadingListener {
        @Override
        public void read(String provider, String instance, boolean again) {
            // Nobody listens.
        }

        @Override
        public void failed(String provider, String instance, String problem, boolean tell) {
            // Nobody listens.
        }
    }
}
