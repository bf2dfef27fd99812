package io.serai.record;

import static io.serai.record.FreshStore.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQLite's write-ahead log is moved into the database beside the commits, and begins anew. */
class CheckpointsTest {
    private static final int RECEIPTS = 15_000;

    @TempDir
    Path folder;

    @Test
    void theLogIsMovedWhileReceiptsComeInAndThenUsedFromItsBeginning() throws IOException {
        int receipts;
        LedgerOptions options = FreshStore.options(Dialect.SQLITE, folder);
        try (Store store = Store.open(options);
                Ledger ledger = new Ledger(store, options)) {
            int begun = begun();
            fill(ledger, 0, RECEIPTS);
            AtomicInteger more = new AtomicInteger(RECEIPTS);
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                fill(ledger, more.get(), more.incrementAndGet());
                return begun() > begun;
            });
            assertThat(number(store, "select count(*) from receipt")).isEqualTo(more.get());
            receipts = more.get();
        }
        try (Store again = Store.open(options)) {
            assertThat(number(again, "select count(*) from alert")).isEqualTo(receipts);
            assertThat(FreshStore.text(again, "select integrity_check from pragma_integrity_check()"))
                    .isEqualTo("ok");
        }
    }

    /** How often the log began anew: the header's checkpoint sequence number. */
    private int begun() throws IOException {
        byte[] header = new byte[16];
        try (InputStream log = Files.newInputStream(folder.resolve("serai.db-wal"))) {
            return log.readNBytes(header, 0, 16) < 16
                    ? 0
                    : ByteBuffer.wrap(header).getInt(12);
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
