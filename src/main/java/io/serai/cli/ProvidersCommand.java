package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
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
        return target.list("/api/providers", Map.of(), ProvidersCommand::table);
    }

    private static Table table(ObjectNode data) {
        Table table = new Table("NAME", "STATE", "CAN", "LAST HEARD", "OPEN", "QUARANTINED", "LAST POLL", "TITLE");
        for (JsonNode each : data.path("providers")) {
            table.row(
                    each.path("name"),
                    each.path("state"),
                    each.path("capabilities"),
                    latest(each, "last_heard"),
                    sum(each, "open_alerts"),
                    sum(each, "recent_quarantined"),
                    poll(each),
                    each.path("title"));
        }
        return table;
    }

    private static String latest(JsonNode provider, String field) {
        String latest = "";
        for (JsonNode instance : provider.path("instances")) {
            String time = Table.time(instance.path(field));
            latest = time.compareTo(latest) > 0 ? time : latest;
        }
        return latest;
    }

    private static long sum(JsonNode provider, String field) {
        long sum = 0;
        for (JsonNode instance : provider.path("instances")) {
            sum += instance.path(field).asLong();
        }
        return sum;
    }

    /** The problem of the last poll or reading of the topology, else when the last poll was complete. */
    private static String poll(JsonNode provider) {
        for (JsonNode instance : provider.path("instances")) {
            for (String what : List.of("poll", "topology")) {
                String problem = Table.text(instance.path(what).path("problem"));
                if (!problem.isEmpty()) {
                    return problem;
                }
            }
        }
        return latest(provider, "last_complete_poll");
    }
}
