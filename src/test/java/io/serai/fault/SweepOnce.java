package io.serai.fault;

import io.serai.record.LedgerOptions;
import io.serai.record.Retention;
import io.serai.record.RetentionLimits;
import io.serai.record.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** A process that applies the product's retention once, as if everything were too old to be kept, and ends. */
final class SweepOnce {
    private SweepOnce() {}

    /**
     * Prints how many rows were deleted.
     *
     * @param words data folder, JDBC URL or nothing, user, password, and the file that arms {@link CrashAgent}: opening the
     *              ledger commits too, and is not the sweep
     */
    public static void main(String[] words) throws Exception {
        LedgerOptions options =
                new LedgerOptions(Path.of(words[0]), words[1], words[2], words[3], "sweeper", 4096, 256);
        try (Store store = Store.open(options)) {
            Files.createFile(Path.of(words[4]));
            System.out.println(new Retention(store, Clock.systemUTC()).sweep(new RetentionLimits(Duration.ZERO, 0)));
        }
    }
}
