package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fault 11: the disk under the ledger is full. Refused is what cannot be kept, and it goes on when there is space (P2, P6). */
class FullDiskTest {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    private Path disk;

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", disk.toString());
    }

    @ParameterizedTest
    @EnumSource(Database.Kind.class)
    void whatCannotBeKeptIsRefusedAndItGoesOnWhenThereIsSpace(Database.Kind kind) throws Exception {
        boolean sqlite = kind == Database.Kind.SQLITE;
        disk = Files.createDirectories(Database.files(kind, SeraiProcess.data(folder)));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + (sqlite ? "64m" : "160m"), "tmpfs", disk.toString()),
                "a small file system cannot be mounted: needs root on Linux");
        long seed = Size.seed();
        try (Scene scene = new Scene(folder, kind, List.of("ops"), Map.of())) {
            scene.hub().start();
            Path ballast = fill();
            Thread sending = new Thread(() -> sendUntilInterrupted(scene, new Talk("full", seed)), "sending");
            sending.start();
            Awaitility.await("refusals").atMost(PATIENCE).until(() -> refused(scene) > Size.of(20, 2_000));
            Awaitility.await("unhealthy")
                    .atMost(PATIENCE)
                    .until(() -> scene.hub().health() == 503);

            Files.delete(ballast);
            if (scene.database().startIfItEnded()) {
                System.out.println("full disk: the database had ended and was started again");
            }
            long accepted = accepted(scene);
            Awaitility.await("words taken again").atMost(PATIENCE).until(() -> accepted(scene) > accepted + 50);
            Awaitility.await("healthy").atMost(PATIENCE).until(() -> scene.hub().healthy());
            sending.interrupt();
            sending.join();
            Checker.Report report =
                    scene.check("full disk", seed, scene.sender().ledger());
            assertThat(report.faults()).isEmpty();
            assertThat(scene.sender().ledger().stream().map(Sent::status).distinct())
                    .as("accepted, or refused in words")
                    .isSubsetOf(202, 429, 503);
            if (sqlite) {
                assertThat(integrity(scene)).isEqualTo("ok");
            }
        }
    }

    private Path fill() throws IOException {
        Path ballast = disk.resolve("ballast");
        try (OutputStream out = Files.newOutputStream(ballast)) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            return ballast;
        }
    }

    private static String integrity(Scene scene) throws Exception {
        try (Connection connection = scene.database().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("pragma integrity_check")) {
            row.next();
            return row.getString(1);
        }
    }

    private static long refused(Scene scene) {
        return scene.sender().ledger().stream()
                .filter(sent -> sent.status() == 503)
                .count();
    }

    private static long accepted(Scene scene) {
        return scene.sender().ledger().stream().filter(Sent::accepted).count();
    }

    private static void sendUntilInterrupted(Scene scene, Talk talk) {
        try {
            scene.sender().send(talk, 100);
        } catch (InterruptedException e) {
            // enough
        }
    }

    private static boolean run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such command here
        }
    }
}
