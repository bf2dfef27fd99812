package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code serai status}: how the running server is, and which configuration it runs with. */
@Command(
        name = "status",
        description = "Shows a running server's health and which edit of its configuration is in force or refused.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private Target target;

    @Override
    public Integer call() {
        return target.onServer(server -> server.get("/api/status", Map.of()), data -> print(data, target.out()));
    }

    private static void print(ObjectNode data, PrintWriter out) {
        out.println("Serai " + Visible.of(data.path("version").asText()) + " on "
                + Visible.of(data.path("node").asText()) + " is "
                + data.at("/health/status").asText());
        Table parts = new Table("PART", "STATUS", "DETAIL");
        data.at("/health/checks")
                .properties()
                .forEach(each -> parts.row(
                        each.getKey(),
                        each.getValue().path("status"),
                        each.getValue().path("detail")));
        parts.print(out);
        configuration(data.path("configuration"), out);
    }

    /** What is refused, finding by finding, and what waits for a restart. */
    static void configuration(JsonNode configuration, PrintWriter out) {
        for (JsonNode each : configuration.at("/refused/findings")) {
            String line =
                    each.path("line").asInt() > 0 ? ":" + each.path("line").asInt() : "";
            out.println(Visible.of("refused: " + each.path("file").asText() + line + ": "
                    + each.path("rule").asText() + ": " + each.path("reason").asText() + ". "
                    + each.path("remedy").asText() + "."));
        }
        for (JsonNode each : configuration.path("tables_refused")) {
            out.println(Visible.of("refused: table " + each.path("table").asText() + ": "
                    + each.path("reason").asText()));
        }
        configuration
                .path("needs_restart")
                .forEach(each -> out.println("needs a restart: " + Visible.of(each.asText())));
    }
}
