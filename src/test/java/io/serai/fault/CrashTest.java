package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Faults 1, 4, 5: kill -9 at a random moment under 200 requests a second, again and again, and in every second round on
 * PostgreSQL of the database too, twice (P1, P2, P3, P4, P5).
 */
class CrashTest {

    private static final int PER_SECOND = 200;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void whatWasAcceptedIsKeptAndTold(Database.Kind kind) throws Exception {
        long seed = Size.seed();
        Random random = new Random(seed);
        // On PostgreSQL every second round kills the database as well.
        int rounds = Size.of(kind == Database.Kind.POSTGRESQL ? 2 : 1, 50);
        try (Scene scene = new Scene(folder, kind, List.of("ops", "desk"), Map.of())) {
            Talk talk = new Talk("crash", seed);
            for (int round = 0; round < rounds; round++) {
                scene.hub().start();
                Thread sending = new Thread(() -> sendUntilInterrupted(scene, talk), "sending");
                sending.start();
                TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(2500)); // the random moment
                if (kind == Database.Kind.POSTGRESQL && round % 2 == 1) {
                    scene.database().kill();
                    scene.hub().kill();
                    // Again as soon as it is up, with what the first kill left behind.
                    scene.database().startAgain();
                    scene.database().kill();
                    scene.database().startAgain();
                } else {
                    scene.hub().kill();
                }
                sending.interrupt();
                sending.join();
            }
            scene.hub().start();
            Checker.Report report = scene.check(
                    "crash on " + kind + ", " + rounds + " rounds",
                    seed,
                    scene.sender().ledger());
            assertThat(report.faults()).isEmpty();
            assertThat(report.counts().get("accepted")).as("accepted").isGreaterThan(rounds * 10L);
            assertThat(report.counts().get("unknown") + report.counts().get("unreachable"))
                    .as("requests that met the dead hub")
                    .isPositive();
        }
    }

    private static void sendUntilInterrupted(Scene scene, Talk talk) {
        try {
            scene.sender().send(talk, PER_SECOND);
        } catch (InterruptedException e) {
            // the hub is dead: this round is over
        }
    }
}
