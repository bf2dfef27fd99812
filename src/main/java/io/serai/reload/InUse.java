package io.serai.reload;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Counts who uses something that may be replaced by a newer one. Replaced, it is let go after its last use and never
 * before; from then on nobody can begin to use it. No lock: a request begins and ends a use.
 */
public final class InUse {
    private final AtomicInteger users = new AtomicInteger(1);
    private volatile Runnable unused = () -> {};

    /** @return false when it has been let go: ask for the newer one */
    public boolean begin() {
        for (int now = users.get(); now > 0; now = users.get()) {
            if (users.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Begins to use what is served now.
     *
     * @param served asked anew when it was replaced meanwhile
     * @return what was begun; whoever asked ends its use
     */
    public static <T> T begin(Supplier<T> served, Function<T, InUse> use) {
        T now = served.get();
        while (!use.apply(now).begin()) {
            now = served.get();
        }
        return now;
    }

    /** Ends a use; exactly once for each {@link #begin} that gave true. */
    public void end() {
        if (users.decrementAndGet() == 0) {
            unused.run();
        }
    }

    /** How many use it now. */
    public int users() {
        return users.get();
    }

    /**
     * There is a newer one.
     *
     * @param whenUnused runs once, on the thread of whoever used it last, or on this one; must be quick
     */
    public void retire(Runnable whenUnused) {
        unused = whenUnused;
        end();
    }
}
