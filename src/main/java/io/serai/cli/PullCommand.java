package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code serai pull PROVIDER}: a poll now, by the running server (D6). */
@Command(name = "pull", description = "Has the running server poll a provider now.", mixinStandardHelpOptions = true)
final class PullCommand implements Callable<Integer> {
    @Mixin
    private Target target;

    @Mixin
    private ProviderInstance instance;

    @Option(
            names = "--since",
            paramLabel = "RANGE",
            description = "hour, 2hours, 6hours, day, week or month; what is new when left out")
    private String since;

    @Override
    public Integer call() {
        ObjectNode body = instance.body();
        if (since != null) {
            body.put("since", since);
        }
        return target.onServer(server -> server.post(instance.path("/pull"), body), this::print);
    }

    private void print(ObjectNode data) {
        target.out()
                .println(data.path("seen").asText() + " seen, "
                        + data.path("recorded").asText() + " recorded" + counts(data.path("verdicts")));
        if (data.path("monitored").size() > 0) {
            target.out().println("watched there" + counts(data.path("monitored")));
        }
        if (data.hasNonNull("problem")) {
            target.out()
                    .println("not everything was read: "
                            + Visible.of(data.path("problem").asText()));
        }
    }

    private static String counts(JsonNode counts) {
        Map<String, String> words = new TreeMap<>();
        counts.properties()
                .forEach(each ->
                        words.put(Visible.of(each.getKey()), each.getValue().asText()));
        return words.isEmpty()
                ? ""
                : words.entrySet().stream()
                        .map(each -> each.getValue() + " " + each.getKey())
                        .collect(Collectors.joining(", ", ": ", ""));
    }
}
