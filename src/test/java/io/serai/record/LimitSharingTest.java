package io.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.door.PeopleLimits;
import io.serai.door.PeopleLimits.Use;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fault 34: the limits of people survive a restart, and two nodes hold them together. */
class LimitSharingTest {
    private static final Use THREE = new Use("team/storage", 1_777_896_000L, 3);

    @TempDir
    Path folder;

    private final SetClock clock = new SetClock(Instant.ofEpochSecond(THREE.slot()));

    private PeopleLimits limits() {
        return new PeopleLimits(10, 100, 20, clock);
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void whatANodeLetInIsKnownAfterItsRestart(Dialect dialect) {
        try (Store store = FreshStore.open(dialect, folder)) {
            PeopleLimits before = limits();
            before.before(List.of(THREE));
            new LimitSharing(store, "node-1", before, clock).share();
            clock.forward(Duration.ofSeconds(5));
            PeopleLimits after = limits();
            try (LimitSharing sharing = new LimitSharing(store, "node-1", after, clock).start()) {
                assertThat(after.news()).containsExactly(THREE);
                sharing.share();
            }
            assertThat(FreshStore.number(store, "select sum(used) from limit_use"))
                    .isEqualTo(3);
        }
    }

    @Test
    void whatTheOtherNodeLetInCountsHere() {
        try (Store store = FreshStore.open(Dialect.POSTGRESQL, folder)) {
            PeopleLimits[] nodes = {limits(), limits()};
            LimitSharing one = new LimitSharing(store, "node-1", nodes[0], clock);
            LimitSharing two = new LimitSharing(store, "node-2", nodes[1], clock);
            nodes[0].before(List.of(THREE));
            one.share();
            two.share();
            one.share();
            assertThat(nodes[1].news()).as("what others told is not told again").isEmpty();
            assertThat(FreshStore.number(store, "select count(*) from limit_use"))
                    .isEqualTo(1);
            nodes[1].before(List.of(new Use(THREE.name(), THREE.slot(), 2)));
            two.share();
            one.share();
            assertThat(FreshStore.number(store, "select sum(used) from limit_use"))
                    .isEqualTo(5);
            clock.forward(Duration.ofSeconds(400));
            one.share();
            two.share();
            assertThat(FreshStore.number(store, "select count(*) from limit_use"))
                    .isZero();
        }
    }
}
