package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code serai notifiers}: what kinds of places can be told, and which destinations are configured. */
@Command(
        name = "notifiers",
        description = "Lists the notifiers and the destinations that are configured with each.",
        mixinStandardHelpOptions = true)
final class NotifiersCommand implements Callable<Integer> {
    @Mixin
    private Target target;

    @Override
    public Integer call() {
        return target.list("/api/notifiers", Map.of(), NotifiersCommand::table);
    }

    private static Table table(ObjectNode data) {
        Table table = new Table("NAME", "STATE", "DESTINATIONS", "DEAD", "SETTINGS", "TITLE");
        for (JsonNode each : data.path("notifiers")) {
            long dead = 0;
            for (JsonNode destination : each.path("deliveries")) {
                dead += destination.path("dead").asLong();
            }
            table.row(
                    each.path("name"),
                    each.path("state"),
                    each.path("destinations"),
                    dead,
                    each.path("settings"),
                    each.path("title"));
        }
        return table;
    }
}
