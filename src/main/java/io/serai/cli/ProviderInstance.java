package io.serai.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which provider's instance is meant. */
final class ProviderInstance {
    @Parameters(paramLabel = "PROVIDER")
    private String provider;

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "Which of several instances of the provider.")
    private String instance;

    String path(String what) {
        return "/api/providers/" + Segment.of(provider) + what;
    }

    String integration(String what) {
        return "/api/integrations/" + Segment.of(provider) + "/" + Segment.of(instance) + what;
    }

    ObjectNode body() {
        return StrictJson.mapper().createObjectNode().put("instance", instance);
    }
}
