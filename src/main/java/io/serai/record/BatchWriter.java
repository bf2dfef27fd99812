package io.serai.record;

import java.sql.SQLException;
import java.util.function.Consumer;

/** Writes batches in the manner of one store. Used by one thread. */
interface BatchWriter {
    /** Redelivered keys are remembered for this long. */
    long DELIVERY_KEY_MILLIS = 7L * 24 * 60 * 60 * 1000;

    /** Decides and writes the whole batch in one transaction, which is committed when this returns. */
    void write(Batch batch) throws SQLException;

    /**
     * Calls one of both for what was just committed, perhaps on another thread.
     *
     * @param durable it will be there after a power cut
     * @param lost    that is not known
     */
    default void whenDurable(Runnable durable, Consumer<SQLException> lost) {
        durable.run();
    }

    /**
     * So many receipts are worth a moment's wait in a burst: what a transaction costs by itself is then shared by more.
     * 0 where the wait for the disk inside the transaction fills the next batch anyway.
     */
    default int worthGathering() {
        return 0;
    }

    /** True when somebody has waited for that for longer than this. */
    default boolean stuck(long nanos) {
        return false;
    }

    /** Tells all who wait for it that nothing is known. */
    default void abandon() {}

    /** Returns when all who wait for it were told. Nothing is written afterwards. */
    default void drain() {}
}
