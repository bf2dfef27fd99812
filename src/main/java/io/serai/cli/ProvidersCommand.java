package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code serai providers}: who can send or be polled. */
@Command(
        name = "providers",
        description = "Lists the providers and where they send to.",
        mixinStandardHelpOptions = true)
final class ProvidersCommand implements Callable<Integer> {
    @Mixin
    private Target target;

    @Override
    public Integer call() {
        return target.show(operations -> operations.get("/api/providers", Map.of()), ProvidersCommand::table);
    }

    private static Table table(ObjectNode data) {
        Table table = new Table("NAME", "KIND", "AUTH", "PATH", "TITLE");
        for (JsonNode each : data.path("providers")) {
            table.row(each.path("name"), each.path("kind"), each.path("auth"), each.path("path"), each.path("title"));
        }
        return table;
    }
}
