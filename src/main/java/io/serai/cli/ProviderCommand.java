package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai provider}: one provider, and what its own system can be asked. */
@Command(
        name = "provider",
        description = "Checks one provider's credential, reports how it does, asks its system.",
        mixinStandardHelpOptions = true,
        subcommands = {
            ProviderCommand.Check.class,
            ProviderCommand.Health.class,
            ProviderCommand.Alerts.class,
            SetupCommand.class,
            ProviderCommand.Topology.class
        })
final class ProviderCommand {

    /** Per scope yes or the reason (K4); exit 1 when a mandatory one is missing. */
    @Command(
            name = "check",
            description = "Has the running server find out which scopes the configured credential has.",
            mixinStandardHelpOptions = true)
    static final class Check implements Callable<Integer> {
        @Mixin
        private Target target;

        @Mixin
        private ProviderInstance instance;

        private boolean ok;

        @Override
        public Integer call() {
            int code = target.onServer(
                    server -> {
                        ObjectNode found = server.post(instance.path("/check"), instance.body());
                        ok = found.path("ok").asBoolean();
                        return found;
                    },
                    data -> table(data).print(target.out()));
            return ok ? code : Exit.FAILED;
        }

        private static Table table(ObjectNode data) {
            Table table = new Table("SCOPE", "GRANTED", "MANDATORY", "REASON", "NEEDED FOR");
            for (JsonNode scope : data.path("scopes")) {
                table.row(
                        scope.path("name"),
                        scope.path("granted").asBoolean() ? "yes" : "no",
                        scope.path("mandatory").asBoolean() ? "yes" : "no",
                        scope.path("reason"),
                        scope.path("description"));
            }
            return table;
        }
    }

    /** Coverage, what repeats, what cannot be mapped (K21). */
    @Command(
            name = "health",
            description = "Reports how good what a provider sends is.",
            mixinStandardHelpOptions = true)
    static final class Health implements Callable<Integer> {
        @Mixin
        private Target target;

        @Parameters(paramLabel = "PROVIDER")
        private String provider;

        @Override
        public Integer call() {
            return target.answer(
                    false,
                    operations -> operations.get("/api/providers/" + Segment.of(provider) + "/health", Map.of()),
                    this::print);
        }

        private void print(ObjectNode data) {
            target.out()
                    .println(Visible.of(data.path("name").asText()) + ": "
                            + data.path("state").asText() + ", "
                            + data.path("quarantined_percent").asText() + " % of "
                            + data.path("recent_receipts").asText() + " recent receipts in quarantine");
            data.path("instances").forEach(this::problems);
            target.out()
                    .println("of the newest " + data.path("alerts_looked_at").asText()
                            + " alerts, in percent: "
                            + data.path("assumed_percent").asText()
                            + " with something assumed");
            Table coverage = new Table("FIELD", "FILLED %");
            data.path("coverage_percent").properties().forEach(each -> coverage.row(each.getKey(), each.getValue()));
            coverage.print(target.out());
            if (!data.path("most_repeated").isEmpty()) {
                Table repeated = new Table("ALERT", "COUNT", "CHANGES", "TITLE");
                data.path("most_repeated")
                        .forEach(each -> repeated.row(
                                each.path("alert"), each.path("count"), each.path("changes"), each.path("title")));
                repeated.print(target.out());
            }
        }

        private void problems(JsonNode instance) {
            for (String what : List.of("poll", "topology")) {
                JsonNode last = instance.path(what);
                if (last.hasNonNull("problem")) {
                    target.out()
                            .println(what + " of instance "
                                    + Visible.of(instance.path("instance").asText()) + " failed at "
                                    + last.path("at").asText() + ": "
                                    + Visible.of(last.path("problem").asText()));
                }
            }
        }
    }

    /** A look at what the system has now; nothing is recorded (O8). */
    @Command(
            name = "alerts",
            description = "Has the running server ask a provider's system for its alerts; nothing is recorded.",
            mixinStandardHelpOptions = true)
    static final class Alerts implements Callable<Integer> {
        @Mixin
        private Target target;

        @Mixin
        private ProviderInstance instance;

        @Option(
                names = "--start",
                paramLabel = "TIME",
                description = "From when, as 2026-01-31T12:00:00Z or 2h; default a day.")
        private String start;

        @Option(names = "--end", paramLabel = "TIME", description = "Until when, default now.")
        private String end;

        @Option(
                names = "--severity",
                paramLabel = "WORDS",
                description = "Of critical,high,medium,low,info; default all.")
        private String severity;

        @Override
        public Integer call() {
            Map<String, String> query = new Page().with("start_time", start, "end_time", end, "severity", severity);
            return target.onServer(server -> server.get(instance.integration("/alerts"), query), data -> table(data)
                    .print(target.out()));
        }

        private static Table table(ObjectNode data) {
            Table table = new Table("STATUS", "SEVERITY", "STARTED", "SERVICE", "TITLE");
            for (JsonNode alert : data.path("alerts")) {
                table.row(
                        alert.path("status"),
                        alert.path("severity"),
                        Table.time(alert.path("starts_at")),
                        alert.path("service"),
                        alert.has("error") ? alert.path("error") : alert.path("title"));
            }
            return table;
        }
    }

    /** Which services there are and what they call, for the enrichment (K29). */
    @Command(
            name = "topology",
            description = "Has the running server read a system's services into the table topology.csv.",
            mixinStandardHelpOptions = true)
    static final class Topology implements Callable<Integer> {
        @Mixin
        private Target target;

        @Mixin
        private ProviderInstance instance;

        @Override
        public Integer call() {
            return target.onServer(
                    server -> server.post(instance.path("/topology"), instance.body()), data -> target.out()
                            .println(data.path("services").asText() + " services in "
                                    + data.path("systems").asText() + " systems are in "
                                    + data.path("table").asText()));
        }
    }
}
