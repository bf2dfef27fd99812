package io.serai.record;

import static io.serai.record.FreshStore.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receipts on SQLite are synced beside the next transaction; everything else is synced in its own commit. */
class LogSyncTest {
    private static final int FULL = 2;

    @TempDir
    Path folder;

    private LedgerOptions options;

    @BeforeEach
    void options() {
        options = FreshStore.options(Dialect.SQLITE, folder);
    }

    @Test
    void everyoneIsToldOnceInTheOrderOfTheCommits() {
        try (Store store = Store.open(options)) {
            List<Integer> told = new ArrayList<>();
            IntStream.range(0, 100).forEach(i -> store.logSync().then(() -> told.add(i), failure -> told.add(-1)));
            store.logSync().drain();
            assertThat(told)
                    .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
        }
    }

    @Test
    void whatIsWrittenAfterReceiptsIsSyncedByItsOwnCommit() throws SQLException {
        try (Store store = Store.open(options);
                Ledger ledger = new Ledger(store, options)) {
            ledger.record(Words.push(), List.of(Words.firing("one"))).join();
            assertThat(synchronous(store)).isEqualTo(FULL);
        }
    }

    @Test
    void alsoAfterReceiptsThatCouldNotBeWritten() throws SQLException {
        try (Store store = Store.open(options)) {
            assertThatThrownBy(() -> store.transactionBeforeSync(connection -> {
                        throw new SQLException("no");
                    }))
                    .hasMessage("no");
            assertThat(synchronous(store)).isEqualTo(FULL);
        }
    }

    @Test
    void whoStopsTheLedgerWaitsForTheLastSync() {
        List<CompletableFuture<Recorded>> waiting = new ArrayList<>();
        try (Store store = Store.open(options)) {
            try (Ledger ledger = new Ledger(store, options)) {
                IntStream.range(0, 500)
                        .forEach(i -> waiting.add(ledger.record(Words.push(), List.of(Words.firing("last-" + i)))));
            }
            assertThat(waiting)
                    .allMatch(CompletableFuture::isDone)
                    .noneMatch(CompletableFuture::isCompletedExceptionally);
            assertThat(number(store, "select count(*) from receipt")).isEqualTo(500);
        }
    }

    private static int synchronous(Store store) throws SQLException {
        try (Connection connection = store.writer().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("pragma synchronous")) {
            row.next();
            return row.getInt(1);
        }
    }
}
