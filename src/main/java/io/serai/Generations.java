package io.serai;

import io.serai.config.ConfigurationError;
import io.serai.reload.InUse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** The generation that runs now, and each one before it until its last use is over. */
final class Generations implements Current, AutoCloseable {
    private final BooleanSupplier stopping;
    private final Set<Generation> before = new HashSet<>();
    private volatile Generation current;

    /** @param stopping true once nothing new may begin */
    Generations(BooleanSupplier stopping) {
        this.stopping = stopping;
    }

    /** Null until the first one is there. */
    Generation current() {
        return current;
    }

    void first(Generation generation) {
        current = generation;
    }

    /**
     * Lets everybody who asks from now on have the next one.
     *
     * @return the one before, which goes on until it is {@linkplain #retire retired}
     * @throws ConfigurationError when Serai is stopping; the next one is closed then
     */
    Generation replaceBy(Generation next) {
        synchronized (before) {
            if (stopping.getAsBoolean()) {
                next.close();
                throw new ConfigurationError("serai.routes", "Serai is stopping", "Start it again");
            }
            Generation replaced = current;
            before.add(replaced);
            current = next;
            return replaced;
        }
    }

    /** Ends one after its last use, which may be over already. */
    void retire(Generation replaced) {
        replaced.use().retire(() -> end(replaced));
    }

    private void end(Generation generation) {
        Thread thread = new Thread(
                () -> {
                    generation.close();
                    synchronized (before) {
                        before.remove(generation);
                    }
                },
                "end-of-routes");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public <R> R with(Function<Generation, R> work) {
        Generation now = InUse.begin(() -> current, Generation::use);
        try {
            return work.apply(now);
        } finally {
            now.use().end();
        }
    }

    /** Ends all that are left. */
    @Override
    public void close() {
        List<Generation> left;
        synchronized (before) {
            left = new ArrayList<>(before);
            left.add(current);
        }
        left.forEach(Generation::close);
    }
}
