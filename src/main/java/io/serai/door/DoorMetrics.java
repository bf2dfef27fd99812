package io.serai.door;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What the door counts: answers by kind of access and status, time from the last byte to the answer, connections. */
final class DoorMetrics {
    private final MeterRegistry registry;
    private final Timer time;
    private final AtomicInteger connections = new AtomicInteger();
    private final ConcurrentMap<String, Counter> answers = new ConcurrentHashMap<>();

    DoorMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.time = Timer.builder("serai.door.time")
                .description("From the last byte of a request to its answer")
                .register(registry);
        registry.gauge("serai.door.connections", connections);
    }

    void connectionOpened() {
        connections.incrementAndGet();
    }

    void connectionClosed() {
        connections.decrementAndGet();
    }

    int connections() {
        return connections.get();
    }

    void answered(Access access, int status, long nanos) {
        String kind = access.getClass().getSimpleName();
        answers.computeIfAbsent(kind + status, key -> Counter.builder("serai.door.answers")
                        .tag("access", kind)
                        .tag("status", String.valueOf(status))
                        .register(registry))
                .increment();
        if (nanos > 0) {
            time.record(nanos, TimeUnit.NANOSECONDS);
        }
    }
}
