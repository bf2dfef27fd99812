package io.serai;

import io.serai.deliver.Deliverer;
import io.serai.deliver.LaneState;
import io.serai.observe.Health;
import io.serai.record.Ledger;
import io.serai.record.Pulse;
import io.serai.reload.Reloader;
import io.serai.route.Pipeline;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;

/** What each part of a running server says when it is asked how it is. */
record ServerHealth(
        BooleanSupplier stopping,
        Pulse pulse,
        Ledger ledger,
        Pipeline pipeline,
        Deliverer deliverer,
        Reloader reloader,
        Generations generations) {

    /** @param health to which the parts are added */
    Health addTo(Health health) {
        return health.with("running", this::running)
                .with("ledger", this::store)
                .with("queue", this::queue)
                .with("routing", this::routing)
                .with("destinations", this::destinations)
                .with("configuration", this::configuration)
                .with("routes", this::routes);
    }

    private Health.Part running() {
        boolean stops = stopping.getAsBoolean();
        return new Health.Part(!stops, stops ? "stopping" : "running");
    }

    private Health.Part store() {
        return pulse.beats() ? new Health.Part(true, "answers") : new Health.Part(false, "cannot be read and written");
    }

    private Health.Part queue() {
        return new Health.Part(
                ledger.queued() < ledger.capacity(), ledger.queued() + " of " + ledger.capacity() + " waiting");
    }

    private Health.Part routing() {
        return new Health.Part(pipeline.running(), pipeline.running() ? "runs" : "has ended; restart Serai");
    }

    /** Healthy all the same: a restart by whoever watches health would not bring the credentials back. */
    private Health.Part destinations() {
        List<LaneState> lanes = deliverer.states();
        long paused = lanes.stream().filter(each -> each.pause() != null).count();
        return new Health.Part(true, paused + " of " + lanes.size() + " paused by a refusal");
    }

    /** Healthy all the same: what ran before runs on, and a restart would find the bad edit. */
    private Health.Part configuration() {
        return ServerStatus.configuration(
                reloader.state(), generations.current().tables());
    }

    private Health.Part routes() {
        CamelContext context = generations.current().context();
        long stopped = context.getRoutes().stream()
                .filter(route -> !context.getRouteController()
                        .getRouteStatus(route.getRouteId())
                        .isStarted())
                .count();
        return new Health.Part(stopped == 0, stopped + " of " + context.getRoutesSize() + " not started");
    }
}
