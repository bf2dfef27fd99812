package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code serai send PROVIDER FILE}: a body into the running server, as that provider would send it. */
@Command(
        name = "send",
        description = "Sends a file's bytes to the running server as a provider would.",
        mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Target target;

    @Parameters(index = "0", paramLabel = "PROVIDER", description = "A provider's name; - to have the body recognised.")
    private String provider;

    @Parameters(index = "1", paramLabel = "FILE", description = "The body; - for standard input.")
    private String file;

    @Option(names = "--instance", paramLabel = "NAME", description = "Which of several instances of the provider.")
    private String instance;

    @Option(
            names = "--content-type",
            paramLabel = "TYPE",
            description = "That of the body; by the file's name when not given: .form, .txt, otherwise JSON.")
    private String contentType;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME=VALUE",
            description = "A request header that the sender sets.")
    private Map<String, String> headers = Map.of();

    @Override
    public Integer call() {
        byte[] body = read();
        String path = "/api/alerts/event" + (provider.equals("-") ? "" : "/" + Segment.of(provider))
                + (instance == null ? "" : "?provider_id=" + Segment.of(instance));
        return target.onServer(
                server -> {
                    JsonNode data =
                            server.deliver(path, body, contentType(), headers).path("data");
                    return data instanceof ObjectNode object
                            ? object
                            : StrictJson.mapper().createObjectNode();
                },
                data -> {
                    target.out().println("receipt " + data.path("receipt").asText());
                    Table table = new Table("FINGERPRINT", "VERDICT", "REASON");
                    for (JsonNode alert : data.path("alerts")) {
                        table.row(alert.path("fingerprint"), alert.path("verdict"), alert.path("reason"));
                    }
                    table.print(target.out());
                });
    }

    private String contentType() {
        if (contentType != null) {
            return contentType;
        }
        return file.endsWith(".form")
                ? "application/x-www-form-urlencoded"
                : file.endsWith(".txt") ? "text/plain" : "application/json";
    }

    private byte[] read() {
        try {
            return file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "The file " + file + " cannot be read.");
        }
    }
}
