package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fault 70: a backup is taken under load, and another hub goes on from it (P1). */
class BackupTest {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final long seed = Size.seed();

    @ParameterizedTest
    @EnumSource(Database.Kind.class)
    void aBackupHoldsWhatWasAcceptedBeforeAndWhatWasBeingSentIsToldByWhoGoesOnFromIt(
            Database.Kind kind, @TempDir Path folder) throws Exception {
        // What the first hub had claimed when the backup was taken is the other one's when the lease is over.
        Map<String, String> settings = Map.of(
                "serai.destination.ops.timeout", "2s",
                "serai.destination.ops.breaker.timeout", "5s",
                "serai.destination.slow.timeout", "3s",
                "serai.destination.slow.breaker.timeout", "4s");
        try (Scene scene = new Scene(folder, kind, List.of("ops", "slow"), settings)) {
            scene.hub().start();
            scene.stub().set("/slow", Answer.of(Answer.Kind.HANG));
            Thread sending = new Thread(() -> sendUntilInterrupted(scene), "sending");
            sending.start();
            try (SeraiProcess restored = goOn(scene, sending)) {
                assertThat(restored.healthy()).isTrue();
            }
        }
    }

    private SeraiProcess goOn(Scene scene, Thread sending) throws Exception {
        Awaitility.await("some words, and one that is being sent")
                .atMost(PATIENCE)
                .until(() -> scene.sender().ledger().size() > 50
                        && !underWay(scene.database()).isEmpty());
        List<Sent> before = scene.sender().ledger();
        Path copied = SeraiProcess.data(scene.folder("restored"));
        Database backup = Backup.restored(scene.database(), copied);
        Set<String> underWay = underWay(backup);
        scene.stub().set("/slow", Answer.OK);
        Awaitility.await("more words")
                .atMost(PATIENCE)
                .until(() -> scene.sender().ledger().size() > before.size() + Size.of(50, 5_000));
        sending.interrupt();
        sending.join();
        assertThat(scene.check("backup", seed, scene.sender().ledger()).faults())
                .isEmpty();
        int told = scene.told("slow").size();
        SeraiProcess restored = scene.another("restored", backup.settings());
        restored.start();
        LedgerReader reader = new LedgerReader(backup);
        reader.awaitQuiet(PATIENCE);
        Books books = reader.read();
        assertThat(before.stream().filter(Sent::accepted).map(Sent::receipt))
                .as("accepted before the backup began")
                .isSubsetOf(books.receipts());
        assertThat(underWay)
                .as("being sent when the backup was taken, told again under the same key by who goes on from it")
                .isNotEmpty()
                .isSubsetOf(scene.told("slow").stream()
                        .skip(told)
                        .map(StubLine::key)
                        .collect(Collectors.toSet()));
        assertThat(books.duties()).allMatch(duty -> duty.state().equals("delivered"));
        System.out.printf(
                "restored: %d receipts, %d deliveries were being sent%n",
                books.receipts().size(), underWay.size());
        return restored;
    }

    /** Keys of what a hub has claimed for the slow destination. */
    private static Set<String> underWay(Database ledger) throws SQLException {
        Set<String> keys = new HashSet<>();
        try (Connection connection = ledger.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select idempotency_key from delivery where destination = 'slow' and lease_owner is not null")) {
            while (rows.next()) {
                keys.add(rows.getString(1));
            }
        }
        return keys;
    }

    private void sendUntilInterrupted(Scene scene) {
        try {
            scene.sender()
                    .send(
                            () -> IntStream.iterate(0, i -> i + 1)
                                    .mapToObj(i -> Words.firing("backup-" + i))
                                    .iterator(),
                            Size.of(100, 200));
        } catch (InterruptedException e) {
            // enough
        }
    }
}
