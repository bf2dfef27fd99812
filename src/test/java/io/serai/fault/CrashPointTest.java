package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fault 2: kill -9 at each point where what is known, what is written and what was sent differ. The process ends exactly
 * there; what is then on disk and at the target is as the table says, and after the next start nothing is lost (P1 to P4).
 */
class CrashPointTest {

    private static final String RECORD = "io.serai.record.";
    private static final String DELIVER = "io.serai.deliver.";

    /**
     * @param where    the method at whose begin or end the process ends
     * @param kept     whether the word is in the ledger then
     * @param sent     how often the target was sent the word by then
     * @param sentAtLast how often after the next start
     */
    private record Point(String name, String where, boolean kept, int sent, int sentAtLast) {}

    private static final Point READ = new Point("read, not queued", RECORD + "Ledger#record@enter", false, 0, 1);
    private static final Point WRITTEN = new Point("written, not committed", RECORD + "Tallies#add@exit", false, 0, 1);
    private static final Point COMMITTED =
            new Point("committed, not answered", RECORD + "LedgerCounters#committed@enter", true, 0, 1);
    private static final Point SETTLED =
            new Point("routed, not committed", RECORD + "Settling#settle@exit", true, 0, 1);
    private static final Point ROUTED = new Point("routed, not claimed", RECORD + "Inbox#settle@exit", true, 0, 1);
    private static final Point CLAIMED = new Point("claimed, not sent", DELIVER + "Sender#send@enter", true, 0, 1);
    private static final Point SENT = new Point("sent, not recorded", DELIVER + "Sender#send@exit", true, 1, 2);
    private static final Point RECORDING =
            new Point("outcome written, not committed", DELIVER + "OutboxSql#tally@exit", true, 1, 2);
    private static final Point RECORDED = new Point("outcome committed", DELIVER + "Outbox#delivered@exit", true, 1, 1);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void nothingIsLostWhereverItStops(Database.Kind kind) throws Exception {
        List<Point> points = Size.of(
                List.of(COMMITTED, SENT),
                List.of(READ, WRITTEN, COMMITTED, SETTLED, ROUTED, CLAIMED, SENT, RECORDING, RECORDED));
        try (Scene scene = new Scene(folder, kind, List.of("ops"), Map.of())) {
            int told = 0;
            scene.hub().start(armed(points.get(0)));
            for (int i = 0; i < points.size(); i++) {
                Point point = points.get(i);
                Sender.Word word = Words.firing(point.name());
                Files.createFile(arming(point));
                Sent sent = scene.sender().send(word);
                assertThat(scene.hub().awaitEnd())
                        .as(point.name() + " was reached")
                        .isEqualTo(CrashAgent.REACHED);
                assertThat(kept(scene, word))
                        .as(point.name() + ": in the ledger")
                        .isEqualTo(point.kept());
                assertThat(scene.told("ops")).as(point.name() + ": sent").hasSize(told + point.sent());

                scene.hub().start(i + 1 < points.size() ? armed(points.get(i + 1)) : "-showversion");
                if (!sent.accepted()) {
                    // What a sender does that was not answered.
                    assertThat(scene.sender().send(word).status()).isEqualTo(202);
                }
                scene.ledger().awaitQuiet(PATIENCE);
                told += point.sentAtLast();
                assertThat(scene.told("ops"))
                        .as(point.name() + ": sent in the end")
                        .hasSize(told);
            }
            Checker.Report report =
                    scene.check("crash points on " + kind, 0, scene.sender().ledger());
            assertThat(report.faults()).isEmpty();
            assertThat(report.counts().get("repeated")).isEqualTo(told - points.size());
            assertThat(report.counts().get("alerts")).isEqualTo(points.size());
        }
    }

    private String armed(Point point) throws IOException {
        return CrashAgent.option(folder, point.where(), arming(point));
    }

    private Path arming(Point point) {
        return folder.resolve("armed-" + point.name().replaceAll("\\W+", "-"));
    }

    private static boolean kept(Scene scene, Sender.Word word) throws SQLException {
        try (Connection connection = scene.database().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from alert_full where content like '%" + word.subject() + "%'")) {
            row.next();
            return row.getLong(1) > 0;
        }
    }
}
