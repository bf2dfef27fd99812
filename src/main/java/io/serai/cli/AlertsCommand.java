package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code serai alerts}: what is known, newest first. */
@Command(name = "alerts", description = "Lists alerts, newest first.", mixinStandardHelpOptions = true)
final class AlertsCommand implements Callable<Integer> {
    @Mixin
    private Target target;

    @Mixin
    private Page page;

    @Option(names = "--provider", paramLabel = "NAME")
    private String provider;

    @Option(
            names = "--status",
            paramLabel = "WORD",
            description = "firing, acknowledged, suppressed, pending or resolved")
    private String status;

    @Option(names = "--severity", paramLabel = "WORD", description = "critical, high, medium, low or info")
    private String severity;

    @Option(names = "--fingerprint", paramLabel = "HEX")
    private String fingerprint;

    @Option(names = "--incident", paramLabel = "ID")
    private String incident;

    @Override
    public Integer call() {
        return target.list(
                "/api/alerts",
                page.with(
                        "provider", provider,
                        "status", status,
                        "severity", severity,
                        "fingerprint", fingerprint,
                        "incident", incident),
                AlertsCommand::table);
    }

    private static Table table(ObjectNode data) {
        Table table = new Table("ID", "STATUS", "SEVERITY", "PROVIDER", "COUNT", "LAST RECEIVED", "SERVICE", "TITLE");
        for (JsonNode alert : data.path("alerts")) {
            table.row(
                    alert.path("id"),
                    alert.path("status"),
                    alert.path("severity"),
                    alert.path("provider"),
                    alert.path("count"),
                    Table.time(alert.path("last_received")),
                    alert.path("service"),
                    alert.path("title"));
        }
        return table;
    }
}
