package io.serai;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.serai.poll.ReadingListener;
import java.util.concurrent.CompletableFuture;

/** Says how readings of one kind end, polls or topologies: as a metric, and as an alert to the operators. */
final class Readings implements ReadingListener {
    private final String kind;
    private final MeterRegistry metrics;
    /** Schedules strike before what runs can be told of. */
    private final CompletableFuture<OperatorEvents> events = new CompletableFuture<>();

    /** @param kind {@code poll} or {@code topology}: part of the metric's and the event's name */
    Readings(String kind, MeterRegistry metrics) {
        this.kind = kind;
        this.metrics = metrics;
    }

    /** From now on alerts can be made; those of before are. */
    void tell(OperatorEvents operators) {
        events.complete(operators);
    }

    @Override
    public void read(String provider, String instance, boolean again) {
        count(provider, instance, "read");
        if (again) {
            events.thenAccept(each -> each.read(kind, provider, instance));
        }
    }

    @Override
    public void failed(String provider, String instance, String problem, boolean tell) {
        count(provider, instance, "failed");
        if (tell) {
            events.thenAccept(each -> each.unread(kind, provider, instance, problem));
        }
    }

    private void count(String provider, String instance, String result) {
        Counter.builder("serai." + kind + ".readings")
                .description("Readings by schedule, by how they ended")
                .tag("provider", provider)
                .tag("instance", instance)
                .tag("result", result)
                .register(metrics)
                .increment();
    }
}
