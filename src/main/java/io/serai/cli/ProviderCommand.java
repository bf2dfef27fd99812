package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
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
            ProviderCommand.Setup.class,
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
        private Instance instance;

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
        private Instance instance;

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

    /** Makes that system post to Serai, by its API (K13). */
    @Command(
            name = "setup",
            description = "Has the running server make a provider's system post to Serai, or undo that.",
            mixinStandardHelpOptions = true)
    static final class Setup implements Callable<Integer> {
        @Mixin
        private Target target;

        @Mixin
        private Instance instance;

        /** Where it shall post to, or that it shall not any more. */
        static final class What {
            @Option(
                    names = "--public-url",
                    required = true,
                    paramLabel = "URL",
                    description = "Serai's address as that system can reach it.")
            private String url;

            @Option(names = "--remove", required = true, description = "Take away what was made, and end its key.")
            private boolean remove;
        }

        @ArgGroup(multiplicity = "1")
        private What what;

        @Option(names = "--name", paramLabel = "NAME", description = "What it is called over there, default serai.")
        private String name;

        @Override
        public Integer call() {
            ObjectNode body = instance.body();
            if (what.remove) {
                body.put("remove", true);
            } else {
                body.put("url", what.url);
            }
            if (name != null) {
                body.put("name", name);
            }
            return target.onServer(server -> server.post(instance.path("/setup"), body), this::print);
        }

        private void print(ObjectNode data) {
            if (data.path("done").isEmpty()) {
                target.out().println("There was nothing to remove.");
            }
            for (JsonNode each : data.path("done")) {
                target.out()
                        .println(each.path("did").asText() + " "
                                + each.path("thing").asText() + " "
                                + Visible.of(each.path("id").asText()));
            }
            if (data.has("key")) {
                target.out()
                        .println("It posts to " + Visible.of(data.path("url").asText()) + " with the key "
                                + data.path("key").asText() + ", which may do nothing else.");
            }
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
        private Instance instance;

        @Override
        public Integer call() {
            return target.onServer(
                    server -> server.post(instance.path("/topology"), instance.body()), data -> target.out()
                            .println(data.path("services").asText() + " services in "
                                    + data.path("systems").asText() + " systems are in "
                                    + data.path("table").asText()));
        }
    }

    /** Which provider's instance is meant. */
    static final class Instance {
        @Parameters(paramLabel = "PROVIDER")
        private String provider;

        @Option(
                names = "--instance",
                paramLabel = "NAME",
                defaultValue = "default",
                description = "Which of several instances of the provider.")
        private String instance;

        String path(String what) {
            return "/api/providers/" + Segment.of(provider) + what;
        }

        String integration(String what) {
            return "/api/integrations/" + Segment.of(provider) + "/" + Segment.of(instance) + what;
        }

        ObjectNode body() {
            return StrictJson.mapper().createObjectNode().put("instance", instance);
        }
    }
}
