package io.serai;

import io.serai.door.Access;
import io.serai.door.Answer;
import io.serai.door.Door;
import io.serai.observe.Health;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The two pages at the door that need no key: that the process runs, and whether Serai does its work. */
final class HealthPages {
    private HealthPages() {}

    static void open(Door door, Health health) {
        door.open("GET", "/health/live", new Access.Open(), arrival -> page(200, Health.alive()));
        door.open("GET", "/health", new Access.Open(), arrival -> {
            Health.Report report = health.report();
            return page(report.healthy() ? 200 : 503, report.json());
        });
    }

    private static CompletionStage<Answer> page(int status, String json) {
        return CompletableFuture.completedFuture(Answer.json(status, json.getBytes(StandardCharsets.UTF_8)));
    }
}
