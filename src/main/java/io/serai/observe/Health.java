package io.serai.observe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Whether Serai does its work, asked part by part each time: the store, the queue before it, the routes (S6: a health
 * page that always says yes is worse than none).
 */
public final class Health {
    private final Map<String, Supplier<Part>> parts = new LinkedHashMap<>();
    private final String version;
    private final Clock clock;

    /** @param detail one phrase for an operator, without names of hosts or files */
    public record Part(boolean healthy, String detail) {}

    /** All parts at one moment; healthy when each of them is. */
    public record Report(boolean healthy, String json) {}

    public Health(String version, Clock clock) {
        this.version = version;
        this.clock = clock;
    }

    /** That the process runs and answers: true whatever else is wrong, as a restart would not mend that (fault 72). */
    public static String alive() {
        return "{\"status\":\"healthy\"}";
    }

    /** Adds a part. Its check must answer within milliseconds and not throw. */
    public Health with(String name, Supplier<Part> check) {
        parts.put(name, check);
        return this;
    }

    public Report report() {
        ObjectNode report = StrictJson.mapper().createObjectNode();
        ObjectNode checks = StrictJson.mapper().createObjectNode();
        boolean healthy = true;
        for (Map.Entry<String, Supplier<Part>> part : parts.entrySet()) {
            Part state = part.getValue().get();
            healthy &= state.healthy();
            checks.putObject(part.getKey())
                    .put("status", state.healthy() ? "healthy" : "unhealthy")
                    .put("detail", state.detail());
        }
        report.put("status", healthy ? "healthy" : "unhealthy")
                .put("version", version)
                .put("timestamp", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        report.set("checks", checks);
        return new Report(healthy, report.toString());
    }
}
