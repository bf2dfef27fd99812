package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fault 2 while old rows are deleted: the process that sweeps ends at once where what is deleted and what is kept differ.
 * Nothing of an open alert is lost, no tally moves, and the next sweep does the rest.
 */
class SweepCrashTest {

    /**
     * @param where the method at whose begin or end the process ends
     * @param swept how many receipts are gone then
     */
    private record Point(String name, String where, int swept) {}

    /** Receipts that one transaction of the sweep deletes. */
    private static final int BATCH = 500;

    private static final List<Point> POINTS = List.of(
            new Point("deliveries and alerts deleted", "io.serai.record.Retention#receipts@enter", 0),
            new Point("contents taken over", "io.serai.record.ReceiptRemoval#takeOver@exit", 0),
            new Point("receipts deleted, not committed", "com.zaxxer.hikari.pool.ProxyConnection#commit@enter", 0),
            new Point("between two transactions", "io.serai.record.ReceiptRemoval#oldest@exit", BATCH));

    private static final int SUBJECTS = 40;
    private static final String OPEN = "select id, content from alert_full where status <> 5";
    private static final String TALLIES = "select name, sum(value) from tally group by name";
    private static final String LOST =
            """
            select count(*) from alert a where a.content = ''
                and not exists (select 1 from receipt r where r.seq = a.content_receipt)""";

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void aSweepThatIsKilledLosesNothingAndIsFinishedByTheNext(Database.Kind kind) throws Exception {
        int words = Size.of(3 * BATCH, 20 * BATCH);
        try (Scene scene = new Scene(folder, kind, List.of("ops"), Map.of())) {
            scene.hub().start();
            send(scene, words);
            assertThat(scene.check(
                                    "before the sweep on " + kind,
                                    0,
                                    scene.sender().ledger())
                            .faults())
                    .isEmpty();
            scene.hub().stop();
            Map<String, String> said = texts(scene, OPEN);
            Map<String, String> tallies = texts(scene, TALLIES);
            assertThat(said).hasSize(SUBJECTS / 2).allSatisfy((alert, content) -> assertThat(content)
                    .contains("has not moved"));

            int left = words;
            for (Point point : POINTS) {
                assertThat(sweep(scene, point)).as(point.name()).isEqualTo(CrashAgent.REACHED);
                left -= point.swept();
                assertThat(number(scene, LOST)).as(point.name() + ": lost").isZero();
                assertThat(texts(scene, OPEN)).as(point.name()).isEqualTo(said);
                assertThat(texts(scene, TALLIES)).as(point.name()).isEqualTo(tallies);
                assertThat(number(scene, "select count(*) from receipt"))
                        .as(point.name() + ": receipts")
                        .isEqualTo(left);
            }

            assertThat(sweep(scene, null)).isZero();
            for (String table : List.of("receipt", "attempt")) {
                assertThat(number(scene, "select count(*) from " + table))
                        .as(table)
                        .isZero();
            }
            for (String table : List.of("alert", "change", "delivery")) {
                assertThat(number(scene, "select count(*) from " + table))
                        .as(table + " of those that are open")
                        .isEqualTo(said.size());
            }
            assertThat(texts(scene, OPEN)).isEqualTo(said);
            assertThat(texts(scene, TALLIES)).isEqualTo(tallies);
            assertLives(scene);
        }
    }

    /** Half of the subjects stay open; each is spoken of again and again, so that one batch names what another one keeps. */
    private static void send(Scene scene, int words) throws InterruptedException {
        scene.sender()
                .send(
                        IntStream.range(0, words - SUBJECTS / 2)
                                .mapToObj(i -> Words.firing("q" + i % SUBJECTS))
                                .toList(),
                        0);
        scene.sender()
                .send(
                        IntStream.range(0, SUBJECTS / 2)
                                .mapToObj(i -> Words.resolved("q" + i))
                                .toList(),
                        0);
    }

    /** What was kept is enough to go on with: who was told that it fired is told the end. */
    private static void assertLives(Scene scene) throws Exception {
        scene.hub().start();
        assertThat(scene.hub().metrics().lines().filter(line -> line.startsWith("serai_conservation_balance")))
                .singleElement()
                .asString()
                .endsWith(" 0.0");
        int told = scene.told("ops").size();
        Sent end = scene.sender().send(Words.resolved("q" + (SUBJECTS - 1)));
        assertThat(end.verdicts()).containsExactly("resolved");
        Awaitility.await("the end to be told")
                .atMost(Duration.ofMinutes(1))
                .until(() -> scene.told("ops").size() == told + 1);
    }

    /**
     * Sweeps in a process of its own.
     *
     * @param point where it ends; null to let it finish
     * @return its exit code
     */
    private int sweep(Scene scene, Point point) throws IOException, InterruptedException {
        Path arming = folder.resolve(
                "sweep-" + (point == null ? "whole" : point.name().replaceAll("\\W+", "-")));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (point != null) {
            command.add(CrashAgent.option(folder, point.where(), arming));
        }
        Map<String, String> settings = scene.database().settings();
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                SweepOnce.class.getName(),
                SeraiProcess.data(folder).toString(),
                settings.getOrDefault("serai.ledger.url", ""),
                settings.getOrDefault("serai.ledger.user", ""),
                settings.getOrDefault("serai.ledger.password", ""),
                arming.toString()));
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static long number(Scene scene, String sql) throws SQLException {
        try (Connection connection = scene.database().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The first column's text with the second's. */
    private static Map<String, String> texts(Scene scene, String sql) throws SQLException {
        Map<String, String> texts = new TreeMap<>();
        try (Connection connection = scene.database().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.put(rows.getString(1), String.valueOf(rows.getString(2)));
            }
        }
        return texts;
    }
}
