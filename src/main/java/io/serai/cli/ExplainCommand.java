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

/** {@code serai explain ID}: every decision about one alert, in the order in which it was made. */
@Command(
        name = "explain",
        description = "Tells who sent an alert, what each stage decided, who was told and who was not, and why.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private Target target;

    @Parameters(paramLabel = "ID", description = "The alert's number or fingerprint.")
    private String id;

    @Option(names = "--destination", paramLabel = "NAME", description = "Only what concerns this destination.")
    private String destination;

    @Override
    public Integer call() {
        Map<String, String> query = destination == null ? Map.of() : Map.of("destination", destination);
        return target.answer(
                false, operations -> operations.get("/api/alerts/" + Segment.of(id) + "/explain", query), this::print);
    }

    private void print(ObjectNode data) {
        PrintWriter out = target.out();
        JsonNode alert = data.path("alert");
        out.println("alert " + text(alert, "id") + ": " + text(alert, "title"));
        out.println("  " + text(alert, "status") + ", " + text(alert, "severity") + ", from " + text(alert, "provider")
                + ", received " + text(alert, "count") + " times, first " + Table.time(alert.path("first_received"))
                + ", last " + Table.time(alert.path("last_received")));
        JsonNode original = alert.path("original");
        out.println("  the sender's words: status " + text(original, "status") + ", severity "
                + text(original, "severity"));
        alert.path("notes").forEach(note -> out.println("  mapping: " + Visible.of(note.asText())));
        if (data.hasNonNull("incident")) {
            out.println(
                    "  incident " + text(data.path("incident"), "id") + ": " + text(data.path("incident"), "title"));
        }
        data.path("receipts").forEach(receipt -> printReceipt(out, receipt));
        data.path("changes").forEach(change -> printChange(out, change));
        if (data.path("destinations").isEmpty()) {
            return;
        }
        out.println();
        Table table = new Table("DESTINATION", "TOLD", "WHY");
        for (JsonNode each : data.path("destinations")) {
            table.row(each.path("name"), each.path("told").asBoolean() ? "yes" : "no", each.path("reason"));
        }
        table.print(out);
    }

    private static void printReceipt(PrintWriter out, JsonNode receipt) {
        out.println(Table.time(receipt.path("received_at")) + "  receipt " + text(receipt, "id") + " ("
                + text(receipt, "source") + (receipt.hasNonNull("remote") ? " from " + text(receipt, "remote") : "")
                + "), verified " + text(receipt, "verified") + ": " + Verdicts.of(receipt.path("alerts")));
    }

    private static void printChange(PrintWriter out, JsonNode change) {
        out.println(Table.time(change.path("at")) + "  change " + text(change, "version") + " (receipt "
                + text(change, "receipt") + "): " + text(change, "verdict"));
        for (JsonNode decision : change.path("decisions")) {
            out.println("  " + text(decision, "stage") + ": " + text(decision, "decision") + " ("
                    + text(decision, "reason") + ")");
        }
        for (JsonNode delivery : change.path("deliveries")) {
            out.println("  deliver: " + text(delivery, "destination") + " " + text(delivery, "state") + ", delivery "
                    + text(delivery, "id"));
            for (JsonNode each : delivery.path("tries")) {
                out.println("    " + Table.time(each.path("at")) + " attempt " + text(each, "number") + ": "
                        + text(each, "result")
                        + (each.hasNonNull("status_code") ? " " + text(each, "status_code") : "") + " "
                        + text(each, "message"));
            }
        }
    }

    private static String text(JsonNode node, String field) {
        return Visible.of(Table.text(node.path(field)));
    }
}
