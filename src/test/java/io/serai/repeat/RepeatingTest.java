package io.serai.repeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RepeatingTest {
    private static final Duration OFTEN = Duration.ofMillis(1);

    @Test
    void aTaskThatFailsIsRepeated() {
        AtomicInteger times = new AtomicInteger();
        try (Repeating repeating = new Repeating("often")) {
            repeating.every(OFTEN, () -> {
                switch (times.incrementAndGet()) {
                    case 1 -> throw new IllegalStateException("first");
                    case 2 -> throw new NoClassDefFoundError("no file may be opened");
                    default -> {}
                }
            });
            await().atMost(Duration.ofMinutes(1)).until(() -> times.get() > 3);
        }
    }

    @Test
    void whatIsAtWorkEndsBeforeFinishReturns() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        Repeating repeating = new Repeating("once");
        repeating.every(OFTEN, () -> {
            begun.countDown();
            try {
                go.await();
                ended.incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        begun.await();
        assertThat(repeating.finish(OFTEN)).as("while it works").isFalse();
        go.countDown();
        assertThat(repeating.finish(Duration.ofMinutes(1))).isTrue();
        assertThat(ended).hasValue(1);
    }
}
