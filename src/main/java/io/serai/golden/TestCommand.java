package io.serai.golden;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.config.ConfigurationError;
import io.serai.json.StrictJson;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code serai test [NAME]}: samples against what is expected. Needs neither a server nor a ledger. */
@Command(
        name = "test",
        description = "Runs the samples of a provider or notifier, or of all, through their mappings.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every sample gives what is expected", "1:some do not", "2:wrong usage"})
public final class TestCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "A provider or notifier; all when left out.")
    private String name;

    @Option(
            names = "--update",
            description = "Write what comes out into expected/. Read the difference before you commit it.")
    private boolean update;

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
        PrintWriter err = spec.commandLine().getErr();
        List<Folder> folders;
        if (!Files.isDirectory(routes)) {
            err.println("There is no folder " + routes + ". Run this in the checkout, or give --routes DIR.");
            return 2;
        }
        if (name == null) {
            folders = Folder.all(routes);
        } else {
            folders = Folder.find(routes, name).map(List::of).orElse(List.of());
            if (folders.isEmpty()) {
                err.println("There is no provider or notifier " + name + " in " + routes + ".");
                return 2;
            }
        }
        List<Result> results = new ArrayList<>();
        try (Golden golden = new Golden(routes, update)) {
            folders.forEach(folder -> results.addAll(golden.run(folder)));
        } catch (ConfigurationError e) {
            err.println(e.getMessage());
            return 1;
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            printJson(out, results);
        } else {
            print(out, folders, results);
        }
        out.flush();
        return results.stream().allMatch(Result::passed) ? 0 : 1;
    }

    private static void print(PrintWriter out, List<Folder> folders, List<Result> results) {
        for (Result result : results) {
            String at = result.folder().kind().parent() + "/" + result.folder().name() + "/samples/" + result.sample();
            if (result.updated()) {
                out.println("wrote   " + at.replace("/samples/", "/expected/"));
            }
            if (!result.passed()) {
                out.println("FAILED  " + at);
                result.problems().forEach(problem -> out.println("  " + problem));
            }
        }
        long failed = results.stream().filter(result -> !result.passed()).count();
        out.println(folders.size() + (folders.size() == 1 ? " folder, " : " folders, ") + results.size()
                + (results.size() == 1 ? " sample, " : " samples, ") + failed + " failed");
    }

    private static void printJson(PrintWriter out, List<Result> results) {
        ObjectNode document = StrictJson.mapper().createObjectNode();
        document.put("status", results.stream().allMatch(Result::passed) ? "success" : "failed");
        ArrayNode samples = document.putObject("data").putArray("samples");
        for (Result result : results) {
            ObjectNode sample = samples.addObject();
            sample.put("kind", result.folder().kind().word());
            sample.put("name", result.folder().name());
            sample.put("sample", result.sample());
            sample.put("passed", result.passed());
            sample.put("updated", result.updated());
            result.problems().forEach(sample.putArray("problems")::add);
        }
        out.println(document);
    }
}
