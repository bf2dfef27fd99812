package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai receipts [ID]}: what was accepted, and what became of it. */
@Command(
        name = "receipts",
        description = "Lists accepted requests and polls, newest first; with ID tells what became of one.",
        mixinStandardHelpOptions = true)
final class ReceiptsCommand implements Callable<Integer> {
    @Mixin
    private Target target;

    @Mixin
    private Page page;

    @Parameters(arity = "0..1", paramLabel = "ID")
    private String id;

    @Option(names = "--provider", paramLabel = "NAME")
    private String provider;

    @Option(names = "--body", description = "With ID: show the body as it was sent.")
    private boolean body;

    @Override
    public Integer call() {
        if (id == null) {
            return target.list("/api/receipts", page.with("provider", provider), ReceiptsCommand::table);
        }
        Map<String, String> query = body ? Map.of("body", "true") : Map.of();
        return target.answer(
                false, operations -> operations.get("/api/receipts/" + Segment.of(id), query), this::printOne);
    }

    private static Table table(ObjectNode data) {
        Table table = new Table("ID", "RECEIVED", "PROVIDER", "SOURCE", "FROM", "VERIFIED", "VERDICTS");
        for (JsonNode receipt : data.path("receipts")) {
            table.row(
                    receipt.path("id"),
                    Table.time(receipt.path("received_at")),
                    receipt.path("provider"),
                    receipt.path("source"),
                    receipt.path("remote"),
                    receipt.path("verified"),
                    Verdicts.of(receipt.path("alerts")));
        }
        return table;
    }

    private void printOne(ObjectNode receipt) {
        PrintWriter out = target.out();
        out.println("receipt " + receipt.path("id").asText() + ": "
                + Visible.of(receipt.path("provider").asText())
                + ", " + receipt.path("source").asText() + ", " + Table.time(receipt.path("received_at")) + ", from "
                + Visible.of(receipt.path("remote").asText("-")) + ", verified "
                + Visible.of(receipt.path("verified").asText()));
        out.println("routing: " + receipt.path("routing").path("state").asText()
                + (receipt.path("routing").hasNonNull("last_error")
                        ? ", "
                                + Visible.of(receipt.path("routing")
                                        .path("last_error")
                                        .asText())
                        : ""));
        if (!receipt.path("children").isEmpty()) {
            out.println("replayed or completed by receipt " + Table.text(receipt.path("children")));
        }
        Table alerts = new Table("ALERT", "VERDICT", "STATUS", "SEVERITY", "TITLE OR REASON");
        for (JsonNode alert : receipt.path("alerts")) {
            alerts.row(
                    alert.path("alert"),
                    alert.path("verdict"),
                    alert.path("status"),
                    alert.path("severity"),
                    alert.hasNonNull("reason")
                            ? alert.path("field").asText() + ": "
                                    + alert.path("reason").asText()
                            : alert.path("title"));
        }
        alerts.print(out);
        for (JsonNode change : receipt.path("changes")) {
            for (JsonNode delivery : change.path("deliveries")) {
                out.println("delivery " + delivery.path("id").asText() + " of alert "
                        + change.path("alert").asText() + " to "
                        + Visible.of(delivery.path("destination").asText()) + ": "
                        + delivery.path("state").asText());
            }
        }
        if (body) {
            out.println(Visible.of(
                    receipt.path("body").asText(receipt.path("body_base64").asText())));
        }
    }
}
