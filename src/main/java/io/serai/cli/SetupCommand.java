package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code serai provider setup}: makes that system post to Serai, by its API (K13). */
@Command(
        name = "setup",
        description = "Has the running server make a provider's system post to Serai, or undo that.",
        mixinStandardHelpOptions = true)
final class SetupCommand implements Callable<Integer> {
    @Mixin
    private Target target;

    @Mixin
    private ProviderInstance instance;

    /** Where it shall post to, or that it shall not any more. */
    static final class What {
        @Option(
                names = "--public-url",
                required = true,
                paramLabel = "URL",
                description = "Serai's address as that system can reach it.")
        private String url;

        @Option(names = "--remove", required = true, description = "Take away what was made, and end its key.")
        private boolean remove;
    }

    @ArgGroup(multiplicity = "1")
    private What what;

    @Option(names = "--name", paramLabel = "NAME", description = "What it is called over there, default serai.")
    private String name;

    @Override
    public Integer call() {
        ObjectNode body = instance.body();
        if (what.remove) {
            body.put("remove", true);
        } else {
            body.put("url", what.url);
        }
        if (name != null) {
            body.put("name", name);
        }
        return target.onServer(server -> server.post(instance.path("/setup"), body), this::print);
    }

    private void print(ObjectNode data) {
        if (data.path("done").isEmpty()) {
            target.out().println("There was nothing to remove.");
        }
        for (JsonNode each : data.path("done")) {
            target.out()
                    .println(each.path("did").asText() + " "
                            + each.path("thing").asText() + " "
                            + Visible.of(each.path("id").asText()));
        }
        if (data.has("key")) {
            target.out()
                    .println("It posts to " + Visible.of(data.path("url").asText()) + " with the key "
                            + data.path("key").asText() + ", which may do nothing else.");
        }
    }
}
