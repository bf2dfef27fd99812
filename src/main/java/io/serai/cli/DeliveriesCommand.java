package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai deliveries [ID]}: who was told, who is still being tried, who could not be. */
@Command(
        name = "deliveries",
        description = "Lists deliveries, newest first; with ID shows one with its attempts.",
        mixinStandardHelpOptions = true)
final class DeliveriesCommand implements Callable<Integer> {
    @Mixin
    private Target target;

    @Mixin
    private Page page;

    @Parameters(arity = "0..1", paramLabel = "ID")
    private String id;

    @Option(names = "--dead", description = "Only those that were given up: the same as --state dead.")
    private boolean dead;

    @Option(names = "--state", paramLabel = "WORD", description = "pending, retrying, delivered, dead or superseded")
    private String state;

    @Option(names = "--destination", paramLabel = "NAME")
    private String destination;

    @Option(names = "--alert", paramLabel = "ID")
    private String alert;

    @Override
    public Integer call() {
        if (id != null) {
            return target.answer(
                    false, operations -> operations.get("/api/deliveries/" + Segment.of(id), Map.of()), this::printOne);
        }
        return target.list(
                "/api/deliveries",
                page.with("state", dead ? "dead" : state, "destination", destination, "alert", alert),
                DeliveriesCommand::table);
    }

    private static Table table(ObjectNode data) {
        Table table =
                new Table("ID", "ALERT", "DESTINATION", "STATE", "ATTEMPTS", "CREATED", "DUE OR ENDED", "OUTCOME");
        for (JsonNode delivery : data.path("deliveries")) {
            table.row(
                    delivery.path("id"),
                    delivery.path("alert"),
                    delivery.path("destination"),
                    delivery.path("state"),
                    delivery.path("attempts"),
                    Table.time(delivery.path("created_at")),
                    Table.time(delivery.hasNonNull("ended_at") ? delivery.path("ended_at") : delivery.path("due_at")),
                    delivery.path("outcome").path("message"));
        }
        return table;
    }

    private void printOne(ObjectNode delivery) {
        target.out()
                .println("delivery " + delivery.path("id").asText() + " of alert "
                        + delivery.path("alert").asText() + " to "
                        + Visible.of(delivery.path("destination").asText()) + ": "
                        + delivery.path("state").asText() + ", because "
                        + Visible.of(delivery.path("reason").asText()));
        Table table = new Table("ATTEMPT", "AT", "TOOK", "RESULT", "STATUS", "MESSAGE");
        for (JsonNode each : delivery.path("tries")) {
            table.row(
                    each.path("number"),
                    Table.time(each.path("at")),
                    each.path("took_ms").asText() + " ms",
                    each.path("result"),
                    each.path("status_code"),
                    each.path("message"));
        }
        table.print(target.out());
    }
}
