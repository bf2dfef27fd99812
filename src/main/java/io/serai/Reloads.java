package io.serai;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.serai.enrich.CsvTables;
import io.serai.reload.ReloadListener;
import io.serai.reload.ReloadState;
import io.serai.reload.Reloader;
import java.util.function.Supplier;

/** Says how edits of the configuration end: as metrics, and as an alert to the operators. */
final class Reloads implements ReloadListener {
    private final OperatorEvents events;
    private final Counter taken;
    private final Counter refused;
    private int generation;

    Reloads(MeterRegistry metrics, OperatorEvents events, Reloader reloader, Supplier<CsvTables> tables) {
        this.events = events;
        generation = reloader.state().generation();
        taken = counter(metrics, "taken");
        refused = counter(metrics, "refused");
        Gauge.builder(
                        "serai.configuration.refused",
                        reloader,
                        each -> each.state().refused() == null ? 0 : 1)
                .description("1 while what lies on the disk is refused and what ran before runs on")
                .register(metrics);
        Gauge.builder("serai.configuration.generation", reloader, each -> each.state()
                        .generation())
                .description("How many configurations this process has run, the first included")
                .register(metrics);
        Gauge.builder("serai.configuration.tables.refused", tables, each -> each.get()
                        .faults()
                        .size())
                .description("Lookup tables of which the version before is in use")
                .register(metrics);
    }

    private static Counter counter(MeterRegistry metrics, String result) {
        return Counter.builder("serai.configuration.edits")
                .description("Edits of routes, mappings and settings, by how they ended")
                .tag("result", result)
                .register(metrics);
    }

    @Override
    public void refused(ReloadState state) {
        refused.increment();
        events.refused(state.refused());
    }

    @Override
    public void inForce(ReloadState state) {
        if (state.generation() > generation) {
            generation = state.generation();
            taken.increment();
        }
        events.inForce();
    }
}
