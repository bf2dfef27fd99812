package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code serai quarantine}: what was accepted and could not be mapped (K19). */
@Command(
        name = "quarantine",
        description =
                "Lists what could not be mapped, with the field and the reason. After mending the mapping: serai replay --receipt ID.",
        mixinStandardHelpOptions = true)
final class QuarantineCommand implements Callable<Integer> {
    @Mixin
    private Target target;

    @Mixin
    private Page page;

    @Option(names = "--provider", paramLabel = "NAME")
    private String provider;

    @Override
    public Integer call() {
        return target.list("/api/quarantine", page.with("provider", provider), QuarantineCommand::table);
    }

    private static Table table(ObjectNode data) {
        Table table = new Table("RECEIPT", "RECEIVED", "PROVIDER", "FIELD", "REASON");
        for (JsonNode receipt : data.path("quarantine")) {
            for (JsonNode alert : receipt.path("alerts")) {
                table.row(
                        receipt.path("receipt"),
                        Table.time(receipt.path("received_at")),
                        receipt.path("provider"),
                        alert.path("field"),
                        alert.path("reason"));
            }
        }
        return table;
    }
}
