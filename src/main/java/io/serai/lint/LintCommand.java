package io.serai.lint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serai lint}: what must be mended before the routes are used. */
@Command(
        name = "lint",
        description = "Checks routes, Kamelets, provider and notifier folders, and application.properties.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing found", "1:something must be mended", "2:wrong usage"})
public final class LintCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Option(
            names = "--routes",
            paramLabel = "DIR",
            defaultValue = "routes",
            description = "Routes folder, default ${DEFAULT-VALUE}.")
    private Path routes;

    @Override
    public Integer call() {
        if (!Files.isDirectory(routes)) {
            spec.commandLine()
                    .getErr()
                    .println("There is no folder " + routes + ". Run this in the checkout, or give --routes DIR.");
            return 2;
        }
        List<Finding> findings = Lint.check(routes);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(document(findings));
        } else {
            findings.forEach(out::println);
            out.println(findings.isEmpty() ? "Nothing found." : findings.size() + " to mend.");
        }
        out.flush();
        return findings.isEmpty() ? 0 : 1;
    }

    private static ObjectNode document(List<Finding> findings) {
        ObjectNode document = StrictJson.mapper().createObjectNode();
        document.put("status", findings.isEmpty() ? "success" : "failed");
        ArrayNode list = document.putObject("data").putArray("findings");
        for (Finding finding : findings) {
            list.addObject()
                    .put("file", finding.file())
                    .put("line", finding.line())
                    .put("rule", finding.rule())
                    .put("reason", finding.reason())
                    .put("remedy", finding.remedy());
        }
        return document;
    }
}
