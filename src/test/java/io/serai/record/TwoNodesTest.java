package io.serai.record;

import static io.serai.record.FreshStore.number;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes on one PostgreSQL that hear of the same alerts at the same time. */
class TwoNodesTest {
    private static final int ALERTS = 400;
    private static final int ROUNDS = 5;

    @TempDir
    Path folder;

    @Test
    void everyFingerprintIsNewOnceAndEveryWordIsCounted() {
        LedgerOptions first = FreshStore.options(Dialect.POSTGRESQL, folder);
        LedgerOptions second =
                new LedgerOptions(folder, first.url(), first.user(), first.password(), "node-2", 4096, 64);
        try (Store storeA = Store.open(first);
                Store storeB = Store.open(second);
                Ledger a = new Ledger(storeA, first);
                Ledger b = new Ledger(storeB, second)) {
            List<CompletableFuture<Recorded>> answers = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                List<Item> items = new ArrayList<>();
                for (int i = 0; i < ALERTS; i++) {
                    items.add(Words.firing("disk " + i));
                }
                Collections.shuffle(items, new Random(round));
                for (int from = 0; from < ALERTS; from += 10) {
                    List<Item> some = items.subList(from, from + 10);
                    answers.add(a.record(Words.push(), some));
                    answers.add(b.record(Words.push(), some));
                }
            }
            long fresh = answers.stream()
                    .flatMap(answer -> answer.join().results().stream())
                    .filter(result -> result.verdict() == Verdict.NEW)
                    .count();
            assertThat(fresh).isEqualTo(ALERTS);
            assertThat(number(storeA, "select count(*) from alert")).isEqualTo(ALERTS);
            assertThat(number(storeA, "select min(count) from alert")).isEqualTo(2L * ROUNDS);
            assertThat(number(storeA, "select max(count) from alert")).isEqualTo(2L * ROUNDS);
            assertThat(number(storeA, "select sum(value) from tally where name = 'verdict.new'"))
                    .isEqualTo(ALERTS);
            assertThat(number(storeA, "select count(distinct node) from tally")).isEqualTo(2);
        }
    }
}
