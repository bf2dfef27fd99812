package io.serai.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code serai replay}: once more, what was given up or could not be mapped. */
@Command(
        name = "replay",
        description = {
            "Tries dead deliveries again: one, all of a destination, or all since a time.",
            "With --receipt: parses a receipt's body again, on the running server."
        },
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Target target;

    @Parameters(arity = "0..1", paramLabel = "DELIVERY")
    private String delivery;

    @Option(names = "--destination", paramLabel = "NAME")
    private String destination;

    @Option(names = "--since", paramLabel = "TIME", description = "2026-01-31T12:00:00Z, or how long ago: 2h")
    private String since;

    @Option(names = "--receipt", paramLabel = "ID")
    private String receipt;

    @Override
    public Integer call() {
        boolean several = destination != null || since != null;
        if ((delivery != null ? 1 : 0) + (several ? 1 : 0) + (receipt != null ? 1 : 0) != 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "Give one of DELIVERY, --destination and/or --since, or --receipt.");
        }
        ObjectNode body = StrictJson.mapper().createObjectNode();
        if (receipt != null) {
            return target.onServer(
                    server -> server.post("/api/receipts/" + Segment.of(receipt) + "/replay", body),
                    data -> target.out()
                            .println("receipt " + data.path("receipt").asText() + ": "
                                    + Verdicts.of(data.path("alerts"))));
        }
        put(body, "delivery", delivery);
        put(body, "destination", destination);
        put(body, "since", since);
        return target.answer(false, operations -> operations.post("/api/deliveries/replay", body), data -> target.out()
                .println(data.path("replayed").asText() + " to be tried again"));
    }

    private static void put(ObjectNode body, String name, String value) {
        if (value != null) {
            body.put(name, value);
        }
    }
}
