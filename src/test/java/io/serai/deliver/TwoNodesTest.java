package io.serai.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serai.record.DeliveryState;
import io.serai.record.Dialect;
import io.serai.record.FreshStore;
import io.serai.record.LedgerOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes on one PostgreSQL: P4 and P5 hold between them as well. */
class TwoNodesTest {
    @TempDir
    Path folder;

    @Test
    void eachDeliveryIsSentOnceAndInOrder() throws Exception {
        LedgerOptions options = FreshStore.options(Dialect.POSTGRESQL, folder);
        try (Target target = new Target()) {
            Map<String, String> settings = Map.of("ops.notifier", "webhook", "ops.url", target.url());
            try (Stage one = new Stage(options, "node-1", Clock.systemUTC(), () -> 0.5, settings);
                    Stage two = new Stage(options, "node-2", Clock.systemUTC(), () -> 0.5, settings)) {
                List<Long> alerts =
                        IntStream.range(0, 10).mapToObj(i -> one.rows.alert()).toList();
                for (int version = 1; version <= 10; version++) {
                    for (long alert : alerts) {
                        one.deliver(alert, version, "ops");
                    }
                }
                one.start();
                two.start();
                await().until(() -> one.deliveries.counts().get("ops").equals(Map.of(DeliveryState.DELIVERED, 100L)));

                assertThat(new HashSet<>(target.ids)).as("no key twice").hasSize(100);
                assertThat(target.ids).hasSize(100);
                for (long alert : alerts) {
                    assertThat(target.bodies.stream()
                                    .filter(body -> body.contains("\"id\":\"" + alert + "\""))
                                    .map(body -> body.replaceAll(".*\"title\":\"version (\\d+)\".*", "$1")))
                            .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
                }
            }
        }
    }
}
