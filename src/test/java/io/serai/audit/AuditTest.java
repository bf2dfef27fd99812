package io.serai.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.record.Dialect;
import io.serai.record.FreshStore;
import io.serai.record.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fault 62: the audit tells who, what and when, cannot be changed by what writes it, and shows when somebody else did. */
class AuditTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path folder;

    private static Audit filled(Store store, int entries) {
        Audit audit = new Audit(store, "node-1", CLOCK);
        for (int i = 1; i <= entries; i++) {
            audit.append(AuditEntry.done("k" + i % 2, "key.create", "key " + i, null, Audit.hash("state " + i)));
        }
        return audit;
    }

    /** Takes away what keeps the rows as they are, as somebody with all rights on the database can. */
    private static void disarm(Store store) {
        String on = store.dialect() == Dialect.POSTGRESQL ? " on audit" : "";
        FreshStore.run(store, "drop trigger audit_is_not_changed" + on);
        if (store.dialect() == Dialect.SQLITE) {
            FreshStore.run(store, "drop trigger audit_is_not_deleted");
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void entriesFollowEachOtherAndAreListedNewestFirst(Dialect dialect) {
        try (Store store = FreshStore.open(dialect, folder)) {
            Audit audit = filled(store, 5);
            Audit.Verdict verdict = audit.verify(null);
            assertThat(verdict.problem()).isNull();
            assertThat(verdict.entries()).isEqualTo(5);
            List<AuditRow> rows = audit.list(null, null, null, 10);
            assertThat(rows).extracting(AuditRow::seq).containsExactly(5L, 4L, 3L, 2L, 1L);
            assertThat(rows.get(4).previous()).isEqualTo("0".repeat(64));
            assertThat(rows.get(0).previous()).isEqualTo(rows.get(1).hash());
            assertThat(verdict.head()).isEqualTo("5:" + rows.get(0).hash());
            assertThat(audit.list(4L, "k1", "key.", 10))
                    .extracting(AuditRow::seq)
                    .containsExactly(3L, 1L);
            assertThat(audit.list(null, null, "key", 10)).isEmpty();
            assertThat(audit.lastState("key.create", "key 3")).contains(Audit.hash("state 3"));
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void theDatabaseRefusesToChangeOrDeleteARow(Dialect dialect) {
        try (Store store = FreshStore.open(dialect, folder)) {
            Audit audit = filled(store, 3);
            List<String> attempts = new ArrayList<>(
                    List.of("update audit set who = 'nobody' where seq = 2", "delete from audit where seq = 3"));
            if (dialect == Dialect.POSTGRESQL) {
                attempts.add("truncate audit");
            }
            for (String attempt : attempts) {
                assertThatThrownBy(() -> FreshStore.run(store, attempt))
                        .as(attempt)
                        .rootCause()
                        .hasMessageContaining("append-only");
            }
            assertThat(audit.verify(null).entries()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void whoeverGetsRoundThatIsSeen(Dialect dialect) {
        try (Store store = FreshStore.open(dialect, folder)) {
            Audit audit = filled(store, 5);
            String head = audit.verify(null).head();
            disarm(store);

            FreshStore.run(store, "update audit set who = 'k1' where seq = 2");
            assertThat(audit.verify(null)).isEqualTo(new Audit.Verdict(1, headOf(audit, 1), 2L, "it was changed"));
            FreshStore.run(store, "update audit set who = 'k0' where seq = 2");
            assertThat(audit.verify(null).problem()).isNull();

            FreshStore.run(store, "update audit set previous = '" + "0".repeat(64) + "' where seq = 3");
            assertThat(audit.verify(null).problem()).isEqualTo("it does not follow the row before it");

            FreshStore.run(store, "delete from audit where seq = 3");
            assertThat(audit.verify(null).brokenAt()).isEqualTo(4);
            assertThat(audit.verify(null).problem()).isEqualTo("the row before it is missing");

            FreshStore.run(store, "delete from audit where seq > 2");
            assertThat(audit.verify(null).problem())
                    .as("a cut end, without the head")
                    .isNull();
            assertThat(audit.verify(head).problem()).contains("its end was cut off");
            assertThat(audit.verify(audit.verify(null).head()).problem()).isNull();
        }
    }

    private static String headOf(Audit audit, long seq) {
        AuditRow row = audit.list(seq + 1, null, null, 1).get(0);
        return row.seq() + ":" + row.hash();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void fourThatWriteAtOnceMakeOneChain(Dialect dialect) {
        try (Store store = FreshStore.open(dialect, folder)) {
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                writers.add(CompletableFuture.runAsync(() -> filled(store, 25)));
            }
            writers.forEach(CompletableFuture::join);
            Audit.Verdict verdict = new Audit(store, "node-1", CLOCK).verify(null);
            assertThat(verdict.problem()).isNull();
            assertThat(verdict.entries()).isEqualTo(100);
        }
    }
}
