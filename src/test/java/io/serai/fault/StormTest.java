package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fault 32: one alert said over and over is one open alert with the right count, told once. */
class StormTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void theSameBodyIsOneAlertToldOnce(Database.Kind kind) throws Exception {
        int times = Size.of(2_000, 100_000);
        try (Scene scene = new Scene(folder, kind, List.of("ops"), Map.of())) {
            scene.hub().start();
            scene.sender().send(Collections.nCopies(times, Words.firing("storm")), 0);
            List<Sent> sent = scene.sender().ledger();
            Checker.Report report = scene.check("storm on " + kind, 0, sent);
            assertThat(report.faults()).isEmpty();
            long accepted = sent.stream().filter(Sent::accepted).count();
            assertThat(sent)
                    .as("each is accepted, or refused in words")
                    .hasSize(times)
                    .allMatch(s -> s.status() > 0);
            assertThat(accepted).as("accepted").isPositive();
            assertThat(scene.ledger().read().alerts().values())
                    .singleElement()
                    .isEqualTo(new Books.Row(accepted, 1, "firing"));
            assertThat(scene.told("ops")).hasSize(1);
        }
    }
}
