package io.serai.record;

import static io.serai.record.FreshStore.number;
import static io.serai.record.FreshStore.text;
import static io.serai.record.Words.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serai.alert.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Accepted is durable and counted once, on both stores (P1, P2; DESIGN 5). */
@ParameterizedClass
@EnumSource(Dialect.class)
class LedgerTest {
    @Parameter
    Dialect dialect;

    @TempDir
    Path folder;

    private Store store;
    private Ledger ledger;

    @BeforeEach
    void open() {
        LedgerOptions options = FreshStore.options(dialect, folder);
        store = Store.open(options);
        ledger = new Ledger(store, options);
    }

    @AfterEach
    void close() {
        ledger.close();
        store.close();
    }

    @Test
    void firstWordsAreNewAndKeptWhole() throws Exception {
        Recorded recorded = record(Words.push(), List.of(Words.firing("disk"), Words.resolved("cpu")));

        assertThat(recorded.results())
                .extracting(Recorded.Result::verdict)
                .containsExactly(Verdict.NEW, Verdict.LATE_RESOLVE);
        Recorded.Result disk = recorded.results().get(0);
        assertThat(disk.fingerprint()).isEqualTo(Words.fingerprint("disk"));
        assertThat(disk.version()).isEqualTo(1);
        assertThat(text(store, "select content from alert_full where id = " + disk.alert()))
                .isEqualTo(Words.firing("disk").content());
        assertThat(number(store, "select count(*) from alert where event_time is null"))
                .isEqualTo(2);
        assertThat(number(store, "select opened_version from alert where id = " + disk.alert()))
                .isEqualTo(1);
        assertThat(number(store, "select lane from inbox where receipt = " + recorded.receipt()))
                .isEqualTo(Lane.ROUTE.code());
        assertThat(text(store, "select headers from receipt")).isEqualTo("{\"user-agent\":\"a \\\"quoted\\\" agent\"}");

        JsonNode items = new ObjectMapper().readTree(text(store, "select items from receipt"));
        assertThat(items).hasSize(2);
        assertThat(items.get(0).path("alert").asLong()).isEqualTo(disk.alert());
        assertThat(items.get(0).path("fingerprint").asText())
                .isEqualTo(disk.fingerprint().toString());
        assertThat(items.get(0).path("verdict").asText()).isEqualTo("new");
        assertThat(items.get(0).path("content").path("title").asText()).isEqualTo("disk");
        assertThat(items.get(1).path("verdict").asText()).isEqualTo("late-resolve");
    }

    @Test
    void aRepetitionCountsAndRoutesNothing() {
        record(Words.at(NOON), List.of(Words.firing("disk")));
        Recorded again = record(Words.at(NOON.plusSeconds(60)), List.of(Words.firing("disk")));

        assertThat(verdict(again)).isEqualTo(Verdict.DUPLICATE);
        assertThat(number(store, "select count(*) from alert where event_time is null"))
                .isEqualTo(1);
        assertThat(again.results().get(0).version()).isEqualTo(1);
        assertThat(number(store, "select count from alert")).isEqualTo(2);
        assertThat(number(store, "select last_received - first_received from alert"))
                .isEqualTo(60_000);
        assertThat(number(store, "select count(*) from inbox")).isEqualTo(1);
        assertThat(text(store, "select items from receipt order by seq desc limit 1"))
                .doesNotContain("content");
    }

    @Test
    void aRepetitionWithNewDetailsRefreshesThem() {
        record(Words.push(), List.of(Words.firing("disk")));
        Item.Mapped refreshed = Words.word("disk", Status.FIRING, 1, null, "fuller than before");
        assertThat(verdict(record(Words.push(), List.of(refreshed)))).isEqualTo(Verdict.DUPLICATE);
        assertThat(text(store, "select content from alert_full")).isEqualTo(refreshed.content());
    }

    @Test
    void eachAlertOfARequestHasItsOwnContentWhateverTheCharactersBeforeIt() {
        List<String> names = List.of("disk", "Tür", "火事", "\uD83D\uDE80\uD83D\uDE80", "cpu");
        List<Item> items = new ArrayList<>();
        for (String name : names) {
            items.add(new Item.Unmapped(name, "not \uD83D\uDE80 " + name));
            items.add(Words.firing(name));
        }
        Recorded recorded = record(Words.push(), items);
        record(Words.push(), List.of(Words.resolved("cpu"), Words.firing("disk")));
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            long alert = recorded.results().get(2 * i + 1).alert();
            assertThat(text(store, "select content from alert_full where id = " + alert))
                    .isEqualTo((name.equals("cpu") ? Words.resolved(name) : Words.firing(name)).content());
        }
        assertThat(number(store, "select count(*) from alert where content <> ''"))
                .as("kept twice")
                .isZero();
    }

    @Test
    void wordsOfOneRequestAboutOneAlertAreDecidedInTheirOrder() {
        Recorded recorded = record(
                Words.push(),
                List.of(Words.firing("disk"), Words.firing("disk"), Words.resolved("disk"), Words.firing("disk")));

        assertThat(recorded.results())
                .extracting(Recorded.Result::verdict)
                .containsExactly(Verdict.NEW, Verdict.DUPLICATE, Verdict.RESOLVED, Verdict.REOPENED);
        assertThat(recorded.results()).extracting(Recorded.Result::version).containsExactly(1, 1, 2, 3);
        assertThat(number(store, "select count(*) from alert")).isEqualTo(1);
        assertThat(number(store, "select count from alert")).isEqualTo(4);
        assertThat(number(store, "select version from alert")).isEqualTo(3);
        assertThat(number(store, "select opened_version from alert")).isEqualTo(3);
    }

    @Test
    void aStaleWordIsKeptInTheReceiptAndChangesNothingButTheCount() {
        record(Words.at(NOON), List.of(Words.firing("disk")));
        record(Words.at(NOON.plusSeconds(10)), List.of(Words.resolved("disk")));
        Recorded late = record(Words.poll(NOON.plusSeconds(5), NOON.plusSeconds(20)), List.of(Words.firing("disk")));

        assertThat(verdict(late)).isEqualTo(Verdict.STALE);
        assertThat(number(store, "select status from alert")).isEqualTo(Status.RESOLVED.code());
        assertThat(number(store, "select count from alert")).isEqualTo(3);
        assertThat(text(store, "select content from alert_full"))
                .isEqualTo(Words.resolved("disk").content());
        assertThat(text(store, "select items from receipt order by seq desc limit 1"))
                .contains("firing");
    }

    @Test
    void theSameDeliveryOfAVendorChangesNothing() {
        Receipt delivery = Words.delivery("evt-1", NOON);
        Item broken = new Item.Unmapped("title", "The title is missing.");
        Recorded first = record(delivery, List.of(Words.firing("disk"), broken));
        record(Words.push(), List.of(Words.resolved("disk")));
        Recorded again = record(delivery, List.of(Words.firing("disk"), broken));

        assertThat(first.results())
                .extracting(Recorded.Result::verdict)
                .containsExactly(Verdict.NEW, Verdict.QUARANTINED);
        assertThat(again.results())
                .extracting(Recorded.Result::verdict)
                .containsExactly(Verdict.REDELIVERED, Verdict.REDELIVERED);
        assertThat(again.results().get(0).alert())
                .isEqualTo(first.results().get(0).alert());
        assertThat(number(store, "select count from alert")).isEqualTo(2);
        assertThat(number(store, "select status from alert")).isEqualTo(Status.RESOLVED.code());
        assertThat(number(store, "select count(*) from receipt")).isEqualTo(3);
    }

    @Test
    void aDeliveryIdIsForgottenAfterSevenDays() {
        record(Words.delivery("evt-1", NOON), List.of(Words.firing("disk")));
        Recorded later = record(Words.delivery("evt-1", NOON.plus(Duration.ofDays(7))), List.of(Words.firing("disk")));
        assertThat(verdict(later)).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void whatCannotBeMappedIsQuarantinedWithItsReason() throws Exception {
        Recorded recorded =
                record(Words.push(), List.of(new Item.Unmapped("labels.\"x\"", "Not a text."), Words.firing("disk")));

        assertThat(recorded.results().get(0))
                .isEqualTo(new Recorded.Result(null, Verdict.QUARANTINED, 0, 0, "labels.\"x\"", "Not a text."));
        assertThat(number(store, "select quarantined from receipt")).isEqualTo(1);
        JsonNode items = new ObjectMapper().readTree(text(store, "select items from receipt"));
        assertThat(items.get(0).path("field").asText()).isEqualTo("labels.\"x\"");
        assertThat(items.get(0).path("reason").asText()).isEqualTo("Not a text.");
    }

    @Test
    void aReceiptWithoutAlertsIsKept() {
        assertThat(record(Words.push(), List.of()).results()).isEmpty();
        assertThat(number(store, "select count(*) from receipt")).isEqualTo(1);
        assertThat(number(store, "select count(*) from inbox")).isZero();
    }

    @Test
    void aReceiptToBeFetchedWaitsInItsLaneEvenWhenNothingChanged() {
        record(Words.push(), List.of(Words.firing("disk")));
        Recorded recorded = record(Words.toFetch(), List.of(Words.firing("disk")));
        assertThat(verdict(recorded)).isEqualTo(Verdict.DUPLICATE);
        assertThat(number(store, "select lane from inbox where receipt = " + recorded.receipt()))
                .isEqualTo(Lane.FETCH.code());
    }

    @Test
    void aCursorIsCommittedWithWhatWasReadUpToIt() {
        PollCursors cursors = new PollCursors(store);
        assertThat(cursors.read("prometheus.default")).isEmpty();
        ledger.record(Words.poll(NOON, NOON), List.of(Words.firing("disk")), new PollCursor("prometheus.default", "17"))
                .join();
        ledger.record(Words.poll(NOON, NOON), List.of(), new PollCursor("prometheus.default", "18"))
                .join();
        assertThat(cursors.read("prometheus.default")).contains(new PollCursor("prometheus.default", "18"));
    }

    @Test
    void manyCallersShareATransactionAndEveryDuplicateIsCounted() throws Exception {
        int callers = 64;
        int words = 50;
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        for (int caller = 0; caller < callers; caller++) {
            threads.submit(() -> {
                for (int i = 0; i < words; i++) {
                    record(Words.push(), List.of(Words.firing("disk " + i)));
                }
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        long total = (long) callers * words;
        assertThat(number(store, "select count(*) from alert")).isEqualTo(words);
        assertThat(number(store, "select sum(count) from alert")).isEqualTo(total);
        assertThat(number(store, "select max(count) from alert")).isEqualTo(callers);
        assertThat(ledger.counters().verdicts(Verdict.NEW)).isEqualTo(words);
        assertThat(ledger.counters().verdicts(Verdict.DUPLICATE)).isEqualTo(total - words);
        assertThat(number(store, "select value from tally where name = 'verdict.new'"))
                .isEqualTo(words);
        assertThat(number(store, "select value from tally where name = 'in.alerts'"))
                .isEqualTo(total);
        assertThat(number(store, "select value from tally where name = 'in.receipts'"))
                .isEqualTo(total);
        assertThat(ledger.counters().batches()).isLessThan(total / 4);
    }

    @Test
    void closeWritesWhatWasTaken() {
        List<CompletableFuture<Recorded>> taken = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            taken.add(ledger.record(Words.push(), List.of(Words.firing("disk " + i))));
        }
        ledger.close();
        assertThat(taken).allSatisfy(future -> assertThat(future).isCompleted());
        assertThat(number(store, "select count(*) from alert")).isEqualTo(1000);
        assertThatThrownBy(() -> ledger.record(Words.push(), List.of())).isInstanceOf(Overloaded.class);
    }

    @Test
    void afterACrashEverythingAnsweredIsThereAndNothingElseWasAnswered() {
        List<CompletableFuture<Recorded>> taken = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            taken.add(ledger.record(Words.push(), List.of(Words.firing("disk " + i))));
        }
        ledger.abort();
        long answered = taken.stream()
                .filter(future -> !future.isCompletedExceptionally())
                .count();
        assertThat(taken).allSatisfy(future -> assertThat(future).isDone());
        assertThat(number(store, "select count(*) from receipt")).isEqualTo(answered);
        assertThat(number(store, "select count(*) from alert")).isEqualTo(answered);
    }

    private Recorded record(Receipt receipt, List<Item> items) {
        return ledger.record(receipt, items).join();
    }

    private static Verdict verdict(Recorded recorded) {
        return recorded.results().get(0).verdict();
    }
}
