package io.serai.record;

import static io.serai.record.FreshStore.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQLite's write-ahead log is moved into the database beside the commits, and begins anew. */
class CheckpointsTest {
    private static final int RECEIPTS = 15_000;

    @TempDir
    Path folder;

    @Test
    void theLogIsMovedWhileReceiptsComeInAndThenUsedFromItsBeginning() {
        LedgerOptions options = FreshStore.options(Dialect.SQLITE, folder);
        try (Store store = Store.open(options);
                Ledger ledger = new Ledger(store, options)) {
            fill(ledger, 0, RECEIPTS);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> number(store, "select page_count - 1 from pragma_page_count()") * 4096
                            <= folder.resolve("serai.db").toFile().length());
            long before = folder.resolve("serai.db-wal").toFile().length();
            fill(ledger, RECEIPTS, RECEIPTS + 1000);
            assertThat(folder.resolve("serai.db-wal").toFile().length())
                    .as("the log was written from its beginning, not further on")
                    .isEqualTo(before);
            assertThat(number(store, "select count(*) from receipt")).isEqualTo(RECEIPTS + 1000);
        }
        try (Store again = Store.open(options)) {
            assertThat(number(again, "select count(*) from alert")).isEqualTo(RECEIPTS + 1000);
            assertThat(FreshStore.text(again, "select integrity_check from pragma_integrity_check()"))
                    .isEqualTo("ok");
        }
    }

    private static void fill(Ledger ledger, int from, int to) {
        for (int start = from; start < to; start += 1000) {
            List<CompletableFuture<Recorded>> waiting = new ArrayList<>();
            IntStream.range(start, Math.min(to, start + 1000))
                    .forEach(i -> waiting.add(ledger.record(Words.push(), List.of(Words.firing("disk-" + i)))));
            waiting.forEach(CompletableFuture::join);
        }
    }
}
