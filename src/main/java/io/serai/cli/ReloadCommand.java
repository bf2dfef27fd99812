package io.serai.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code serai reload}: takes the edited configuration over now. */
@Command(
        name = "reload",
        description =
                "Has a running server check its routes and settings as they lie on the disk, and take them if good.",
        mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {
    @Mixin
    private Target target;

    @Override
    public Integer call() {
        return target.onServer(
                server -> server.post("/api/reload", StrictJson.mapper().createObjectNode()), this::print);
    }

    private void print(ObjectNode data) {
        String edit = data.at("/configuration/edit").asText();
        target.out()
                .println(
                        data.path("result").asText().equals("taken")
                                ? "The edit " + edit + " is in force."
                                : "Nothing has changed: the edit " + edit + " is in force.");
        StatusCommand.configuration(data.path("configuration"), target.out());
    }
}
