package io.serai.record;

import static io.serai.record.FreshStore.number;
import static io.serai.record.FreshStore.run;
import static io.serai.record.Words.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing is acknowledged that is not committed, and one bad receipt harms no other (P2, P6, P7). */
class LedgerFailureTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aStoreThatFailsRefusesAndIsUsedAgainWhenItWorks(Dialect dialect) {
        LedgerOptions options = FreshStore.options(dialect, folder);
        try (Store store = Store.open(options);
                Ledger ledger = new Ledger(store, options)) {
            ledger.record(Words.push(), List.of(Words.firing("disk"))).join();
            run(store, "alter table receipt rename to elsewhere");
            assertThatThrownBy(() -> ledger.record(Words.push(), List.of(Words.firing("cpu")))
                            .join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(LedgerUnavailable.class);
            assertThat(number(store, "select count(*) from alert")).isEqualTo(1);
            assertThat(ledger.counters().refused()).isEqualTo(1);

            run(store, "alter table elsewhere rename to receipt");
            Recorded recorded =
                    ledger.record(Words.push(), List.of(Words.firing("cpu"))).join();
            assertThat(recorded.results().get(0).verdict()).isEqualTo(Verdict.NEW);
        }
    }

    /** Fault 11: as a full disk does it, which takes a small file system to show; {@code FullDiskTest} has one. */
    @Test
    void aStoreThatRolledBackByItselfIsUsedAgain() {
        LedgerOptions options = FreshStore.options(Dialect.SQLITE, folder);
        try (Store store = Store.open(options);
                Ledger ledger = new Ledger(store, options)) {
            run(store, "create trigger full before insert on receipt begin select raise(rollback, 'full'); end");
            assertThatThrownBy(() -> ledger.record(Words.push(), List.of(Words.firing("disk")))
                            .join())
                    .hasCauseInstanceOf(LedgerUnavailable.class);
            run(store, "drop trigger full");
            ledger.record(Words.push(), List.of(Words.firing("cpu"))).join();
            assertThat(number(store, "select count(*) from receipt")).isEqualTo(1);
            assertThat(number(store, "select count(*) from alert")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aReceiptThatCannotBeStoredFailsAlone(Dialect dialect) {
        LedgerOptions options = FreshStore.options(dialect, folder);
        try (Store store = Store.open(options);
                Ledger ledger = new Ledger(store, options)) {
            Receipt nobody = new Receipt(
                    null,
                    "default",
                    Source.PUSH,
                    NOON,
                    null,
                    null,
                    null,
                    null,
                    Map.of(),
                    new byte[0],
                    null,
                    null,
                    false);
            List<CompletableFuture<Recorded>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                answers.add(ledger.record(i == 150 ? nobody : Words.push(), List.of(Words.firing("disk " + i))));
            }
            assertThat(catchThrowable(() -> answers.get(150).join())).hasCauseInstanceOf(LedgerUnavailable.class);
            answers.remove(150);
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.join().results()).hasSize(1));
            assertThat(number(store, "select count(*) from alert")).isEqualTo(199);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aFullQueueRefusesAndWhatWasTakenIsWrittenLater(Dialect dialect) throws Exception {
        LedgerOptions usual = FreshStore.options(dialect, folder);
        LedgerOptions options = new LedgerOptions(folder, usual.url(), usual.user(), usual.password(), "node-1", 4, 2);
        try (Store store = Store.open(options);
                Ledger ledger = new Ledger(store, options)) {
            List<CompletableFuture<Recorded>> taken = new ArrayList<>();
            store.transaction(connection -> {
                if (dialect == Dialect.POSTGRESQL) {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("lock table receipt in exclusive mode");
                    }
                }
                assertThatThrownBy(() -> {
                            while (true) {
                                taken.add(ledger.record(Words.push(), List.of(Words.firing("disk " + taken.size()))));
                            }
                        })
                        .isInstanceOf(Overloaded.class)
                        .satisfies(refused -> assertThat(((Overloaded) refused).retryAfterSeconds())
                                .isPositive());
                return null;
            });
            taken.forEach(CompletableFuture::join);
            assertThat(taken).hasSizeBetween(4, 6);
            assertThat(number(store, "select count(*) from receipt")).isEqualTo(taken.size());
        }
    }

    @Test
    void aStartThatFailsSaysInOneLineWhatToDoAndNoSecret() throws Exception {
        Path file = Files.createFile(folder.resolve("a file"));
        assertThatThrownBy(() -> Store.open(LedgerOptions.embedded(file, "node-1")))
                .isInstanceOf(LedgerUnavailable.class)
                .hasMessageContaining("serai.data")
                .hasMessageNotContaining("\n");
        LedgerOptions nowhere = new LedgerOptions(
                folder, "jdbc:postgresql://127.0.0.1:1/none?password=geheim", "me", "hidden-word", "node-1", 10, 10);
        assertThatThrownBy(() -> Store.open(nowhere))
                .isInstanceOf(LedgerUnavailable.class)
                .hasMessageContaining("serai.ledger.url")
                .hasMessageNotContaining("geheim")
                .hasMessageNotContaining("hidden-word");
        assertThat(nowhere.toString()).doesNotContain("geheim").doesNotContain("hidden-word");
        LedgerOptions other = new LedgerOptions(folder, "jdbc:h2:mem:x", "", "", "node-1", 10, 10);
        assertThatThrownBy(() -> Store.open(other)).hasMessageContaining("jdbc:postgresql://");
    }

    @Test
    void aHostThatHasNoAddressStopsTheStartAndOneThatRefusesIsWaitedFor() throws Exception {
        // Longer than a name may be: no server is asked for it.
        assertThat(opening("jdbc:postgresql://" + "x".repeat(64) + ".example:5432/serai"))
                .hasMessageContaining("its host has no address. Correct serai.ledger.url.")
                .satisfies(failure -> assertThat(failure.passing()).isFalse());
        int free;
        try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = port.getLocalPort();
        }
        assertThat(opening("jdbc:postgresql://127.0.0.1:" + free + "/serai"))
                .hasMessageContaining("does not answer")
                .satisfies(failure -> assertThat(failure.passing()).isTrue());
    }

    private LedgerUnavailable opening(String url) {
        return catchThrowableOfType(
                LedgerUnavailable.class, () -> Store.open(new LedgerOptions(folder, url, "serai", "", "node-1", 4, 2)));
    }
}
