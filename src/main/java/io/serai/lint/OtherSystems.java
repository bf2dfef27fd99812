package io.serai.lint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What comes from and goes to other systems by anything but HTTP: many components of this version read unprefixed headers
 * such as To, ProjectKey or kafka.OVERRIDE_TOPIC, and let a sender's through (camel guide 4.1). And what begins by the
 * clock.
 */
final class OtherSystems implements Rule {
    /** Ours, or without headers, or {@link HttpProducers}' affair. */
    private static final Set<String> INSIDE = Set.of(
            Schemes.OWN_BEAN,
            "direct",
            "kamelet",
            "bean",
            "log",
            "platform-http",
            "quartz",
            "timer",
            "scheduler",
            "cron",
            "seda",
            "mock",
            "sql",
            "jdbc",
            "http",
            "https",
            "vertx-http",
            "netty-http");

    private static final Set<String> CLOCKS = Set.of("quartz", "timer", "scheduler", "cron");
    private static final Set<String> SCHEDULES =
            Set.of("routes/core/alert-schedule.camel.yaml", "routes/core/alert-topology.camel.yaml");

    @Override
    public void check(Tree tree, Consumer<Finding> findings) {
        for (YamlFile file : tree.all()) {
            boolean wiped = Element.of(file).stream().anyMatch(OtherSystems::wipes);
            for (Endpoint endpoint : Endpoint.of(file)) {
                if (CLOCKS.contains(endpoint.scheme()) && !SCHEDULES.contains(file.name())) {
                    findings.accept(endpoint.finding(
                            "schedule",
                            "a clock of its own strikes on every node at once",
                            "Poll by the setting poll of a provider: one node does it"));
                }
                if ("kafka".equals(endpoint.scheme()) && endpoint.consumer()) {
                    kafka(endpoint, findings);
                }
                boolean outside =
                        Schemes.of(tree, endpoint).stream().anyMatch(each -> !INSIDE.contains(each) && !each.isEmpty());
                if (outside && (endpoint.consumer() ? !wipesFirst(endpoint) : !wiped)) {
                    findings.accept(endpoint.finding(
                            "headers",
                            endpoint.consumer()
                                    ? "headers of the other side would steer what follows"
                                    : "headers that somebody sent would steer where and what is sent",
                            endpoint.consumer()
                                    ? "Begin with removeHeaders, pattern \"*\""
                                    : "Write removeHeaders, pattern \"*\", before it"));
                }
            }
        }
    }

    private static boolean wipes(Element element) {
        return "removeHeaders".equals(element.name()) && "*".equals(element.text("pattern"));
    }

    private static boolean wipesFirst(Endpoint endpoint) {
        JsonNode first = endpoint.file().tree().at(endpoint.pointer()).at("/steps/0/removeHeaders");
        return "*".equals(first.path("pattern").asText());
    }

    /** The defaults pass over a record that failed, and begin at the end (trap T22). */
    private static void kafka(Endpoint endpoint, Consumer<Finding> findings) {
        for (List<String> each : List.of(
                List.of("autoOffsetReset", "earliest", "a new group begins at the end: what waits is lost"),
                List.of("autoCommitEnable", "false", "a record counts as done before it is recorded"),
                List.of("breakOnFirstError", "true", "a record that failed is passed over"))) {
            if (!endpoint.set(each.get(0), each.get(1))) {
                findings.accept(endpoint.finding("kafka", each.get(2), "Set " + each.get(0) + ": " + each.get(1)));
            }
        }
    }
}
