package io.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The routes' idempotent repository, on both stores. */
class LedgerKeysTest {
    private final SetClock clock = new SetClock(Instant.parse("2031-01-01T00:00:00Z"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aKeyIsNewOnceUntilItEndsOrIsRemoved(Dialect dialect) {
        try (Store store = FreshStore.open(dialect, folder)) {
            LedgerKeys keys = new LedgerKeys(store, Duration.ofDays(7), clock);

            assertThat(keys.contains("a")).isFalse();
            assertThat(keys.add("a")).isTrue();
            assertThat(keys.add("a")).isFalse();
            assertThat(keys.contains("a")).isTrue();
            assertThat(keys.add("b")).isTrue();

            clock.forward(Duration.ofDays(7));
            assertThat(keys.contains("a")).isFalse();
            assertThat(keys.add("a")).isTrue();

            assertThat(keys.remove("a")).isTrue();
            assertThat(keys.remove("a")).isFalse();
            assertThat(keys.add("a")).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void ofManyThatAddOneKeyExactlyOneIsTheFirst(Dialect dialect) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Store store = FreshStore.open(dialect, folder)) {
            LedgerKeys keys = new LedgerKeys(store, Duration.ofDays(7), clock);
            for (int round = 0; round < 20; round++) {
                String key = "round " + round;
                List<Future<Boolean>> adding = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    adding.add(threads.submit(() -> keys.add(key)));
                }
                int first = 0;
                for (Future<Boolean> each : adding) {
                    first += each.get() ? 1 : 0;
                }
                assertThat(first).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
