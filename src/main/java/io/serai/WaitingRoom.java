package io.serai;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.serai.door.Access;
import io.serai.door.Door;
import io.serai.door.DoorOptions;
import io.serai.door.DoorTable;
import io.serai.door.ErrorCode;
import io.serai.door.Principal;
import io.serai.door.RateLimit;
import io.serai.door.Refusal;
import io.serai.observe.Health;
import io.serai.observe.ManagementServer;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/**
 * What stands at both ports while the database is not there yet: health is unhealthy, and everything else is refused with
 * a 503 that says when to come back. Nothing is taken, so nobody need prove who he is.
 */
final class WaitingRoom implements AutoCloseable {
    private static final int RETRY_SECONDS = 5;

    private final Door door;
    private final ManagementServer management;

    /** @param clock for the health page */
    WaitingRoom(DoorOptions options, int managementPort, String version, Clock clock) {
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Health health = new Health(version, clock)
                .with("ledger", () -> new Health.Part(false, "does not answer; the start waits for it"));
        Principal anyone = new Principal("anyone", Set.of());
        door = new Door(options, (arrival, access) -> anyone, new RateLimit(0), metrics, clock);
        DoorTable.Endpoint refuse = arrival -> {
            throw new Refusal(ErrorCode.OVERLOADED, "The ledger does not answer yet.", List.of(), RETRY_SECONDS);
        };
        for (String method : List.of("GET", "POST")) {
            door.open(method, "/*", new Access.Open(), refuse);
        }
        HealthPages.open(door, health);
        management = new ManagementServer(managementPort, metrics, health);
    }

    /** To be listened at by whoever made this. */
    Door door() {
        return door;
    }

    @Override
    public void close() {
        door.close();
        management.close();
    }
}
