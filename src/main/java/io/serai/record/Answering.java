package io.serai.record;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** Tells those who wait for a batch what became of it, away from the writer, which has the next one to write. */
final class Answering {
    private static final int ALONE = 4;

    private volatile Executor executor = Runnable::run;

    /** Where they are told from now on; without this where {@link #all} is called. */
    void on(Executor other) {
        executor = other;
    }

    /** In two halves: one task for each would wake a thread for each, and the whole in one would leave them idle. */
    void all(List<Entry> entries, Consumer<Entry> completion) {
        int half = entries.size() < ALONE ? entries.size() : entries.size() / 2;
        half(List.copyOf(entries.subList(0, half)), completion);
        if (half < entries.size()) {
            half(List.copyOf(entries.subList(half, entries.size())), completion);
        }
    }

    private void half(List<Entry> entries, Consumer<Entry> completion) {
        Runnable task = () -> entries.forEach(completion);
        try {
            executor.execute(task);
        } catch (RejectedExecutionException full) {
            task.run();
        }
    }
}
