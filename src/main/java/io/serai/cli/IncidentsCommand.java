package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code serai incidents}: alerts that belong together. */
@Command(
        name = "incidents",
        description = "Lists incidents, newest first. Their alerts: serai alerts --incident ID.",
        mixinStandardHelpOptions = true)
final class IncidentsCommand implements Callable<Integer> {
    @Mixin
    private Target target;

    @Mixin
    private Page page;

    @Option(names = "--open", description = "Only those that are not over.")
    private boolean open;

    @Override
    public Integer call() {
        return target.list("/api/incidents", page.with("open", open ? true : null), IncidentsCommand::table);
    }

    private static Table table(ObjectNode data) {
        Table table = new Table("ID", "STATUS", "SEVERITY", "ALERTS", "OPENED", "LAST", "TITLE");
        for (JsonNode incident : data.path("incidents")) {
            table.row(
                    incident.path("id"),
                    incident.path("status"),
                    incident.path("severity"),
                    incident.path("alerts"),
                    Table.time(incident.path("opened_at")),
                    Table.time(incident.path("last_at")),
                    incident.path("title"));
        }
        return table;
    }
}
