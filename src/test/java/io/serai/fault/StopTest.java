package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults 63, 64: SIGTERM under load and with a target that hangs, twice, and during the start. Every request on a connection
 * that was made is answered, nothing is lost and nothing is told twice (P8).
 */
class StopTest {

    @TempDir
    Path folder;

    @Test
    void stoppingDrains() throws Exception {
        long seed = Size.seed();
        try (Scene scene = new Scene(folder, Database.Kind.SQLITE, List.of("ops", "stuck"), Map.of())) {
            scene.stub().set("/stuck", Answer.of(Answer.Kind.HANG));
            scene.hub().start();
            Thread sending = new Thread(() -> sendUntilInterrupted(scene, new Talk("stop", seed)), "sending");
            sending.start();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(4))
                    .until(() -> scene.told("ops").size() > Size.of(50, 500)
                            && !scene.told("stuck").isEmpty());
            scene.hub().terminate();
            // Impatience changes nothing: the second one is as good as the first.
            scene.hub().signal("TERM");
            int code = scene.hub().stop();
            sending.interrupt();
            sending.join();
            assertThat(code).as("exit code").isIn(0, 143);

            scene.stub().set("/stuck", Answer.OK);
            Random random = new Random(seed);
            for (int i = 0; i < Size.of(1, 10); i++) {
                scene.hub().launch();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(3_000)); // somewhere in the start
                scene.hub().signal(i % 2 == 0 || Signal.ignored(Signal.INT) ? "TERM" : "INT");
                assertThat(scene.hub().awaitEnd()).as("exit code in the start").isIn(0, 130, 143);
            }
            scene.hub().start();
            List<Sent> sent = scene.sender().ledger();
            Checker.Report report = scene.check("stop", seed, sent);
            assertThat(report.faults()).isEmpty();
            assertThat(report.counts().get("repeated")).as("told twice").isZero();
            assertThat(sent.stream().map(Sent::status).distinct())
                    .as("accepted, refused in words, or not connected")
                    .isSubsetOf(202, 429, 503, -1);
        }
    }

    private static void sendUntilInterrupted(Scene scene, Talk talk) {
        try {
            scene.sender().send(talk, 200);
        } catch (InterruptedException e) {
            // stopped
        }
    }
}
