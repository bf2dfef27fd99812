package io.serai.lint;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Steps that keep messages in memory, where they are lost with the process though their sender was told that they are safe
 * (camel guide 3.1, rows 26 and 32), and steps that hide that something failed.
 */
final class InMemory implements Rule {
    private static final Map<String, String> STEPS = Map.of(
            "aggregate", "what is collected is lost when the process ends",
            "resequence", "what waits for its turn is lost when the process ends",
            "wireTap", "the copy is lost when the process ends, and its failure is seen by nobody",
            "threads", "what waits for a thread is lost when the process ends");
    private static final Set<String> QUEUES = Set.of("seda", "vm", "disruptor", "disruptor-vm", "stub");

    @Override
    public void check(Tree tree, Consumer<Finding> findings) {
        for (YamlFile file : tree.all()) {
            for (Element element : Element.of(file)) {
                String step = STEPS.get(element.name());
                if (step != null && element.value().isObject() && step(element)) {
                    findings.accept(element.finding(
                            "memory",
                            element.name() + " is forbidden: " + step,
                            "Let the ledger keep it: incidents group, deliveries wait"));
                }
                if (Set.of("multicast", "split").contains(element.name())
                        && element.value().isObject()
                        && step(element)
                        && !element.text("stopOnException").equals("true")) {
                    findings.accept(element.finding(
                            "swallowed",
                            element.name() + " goes on when a part fails, and nobody learns of it",
                            "Set stopOnException: true"));
                }
            }
            for (Endpoint endpoint : Endpoint.of(file)) {
                if (QUEUES.contains(endpoint.scheme())) {
                    findings.accept(endpoint.finding(
                            "memory",
                            endpoint.scheme() + ": keeps messages in memory: they are lost when the process ends",
                            "Use direct:"));
                }
            }
        }
    }

    /** A step stands in a list of steps; the same word may be a name of something else. */
    private static boolean step(Element element) {
        return element.pointer().matches(".*/steps/[0-9]+/[A-Za-z]+");
    }
}
