package io.serai.reload;

import static java.lang.Thread.State.TERMINATED;
import static java.lang.Thread.State.TIMED_WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an edit that is being taken over when Serai stops. */
class ReloaderTest {
    @TempDir
    Path folder;

    /** The next start deletes and makes the copies anew: nobody may be at them any more. */
    @Test
    void aStopWaitsForTheEditThatIsBeingTakenOver() throws Exception {
        Path settings = Files.writeString(folder.resolve("application.properties"), "serai.port=8080\n");
        Path routes = Path.of("routes");
        List<String> order = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Reloader reloader = new Reloader(
                routes,
                settings,
                folder.resolve("routes-in-use"),
                (snapshot, changed) -> taking(order, begun, go, changed),
                Clock.systemUTC());
        reloader.first();
        reloader.tell(new Silent());
        reloader.watch(Duration.ofMillis(10));
        Files.writeString(settings, "serai.port=8081\n");
        begun.await();
        Thread stop = new Thread(() -> {
            reloader.close();
            order.add("closed");
        });
        stop.start();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> Set.of(TIMED_WAITING, TERMINATED).contains(stop.getState()));
        go.countDown();
        stop.join();
        await().atMost(Duration.ofMinutes(1)).until(() -> order.size() == 3);
        assertThat(order).containsExactly("taking [application.properties]", "taken", "closed");
        assertThat(reloader.reload()).isEqualTo(Reloader.Result.UNCHANGED);
        // JUnit would warn of each link that leads out of its folder.
        Snapshot.delete(folder.resolve("routes-in-use"));
    }

    private static List<String> taking(
            List<String> order, CountDownLatch begun, CountDownLatch go, Set<String> changed) {
        order.add("taking " + changed);
        begun.countDown();
        try {
            go.await();
        } catch (InterruptedException e) {
            order.add("cut");
        }
        order.add("taken");
        return List.of();
    }

    private static final class Silent implements ReloadListener {
        @Override
        public void inForce(ReloadState state) {}

        @Override
        public void refused(ReloadState state) {}
    }
}
