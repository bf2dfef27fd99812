package io.serai.record;

import java.sql.SQLException;

/** Writes batches in the manner of one store. Used by one thread. */
interface BatchWriter {
    /** Redelivered keys are remembered for this long. */
    long DELIVERY_KEY_MILLIS = 7L * 24 * 60 * 60 * 1000;

    /** Decides and writes the whole batch in one transaction, which is committed when this returns. */
    void write(Batch batch) throws SQLException;
}
