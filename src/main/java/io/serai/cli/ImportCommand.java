package io.serai.cli;

import io.serai.dynatrace.ConfigImport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code serai import dynatrace config.json}: settings of the Python webhook as lines of a properties file (D2). */
@Command(
        name = "import",
        description = "Prints another tool's configuration as lines for application.properties.",
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "TOOL", description = "dynatrace: the config.json of Custom-Webhook-Python")
    private String tool;

    @Parameters(index = "1", paramLabel = "FILE")
    private Path file;

    @Override
    public Integer call() {
        if (!tool.equals("dynatrace")) {
            throw new CommandLine.ParameterException(spec.commandLine(), "TOOL can only be dynatrace.");
        }
        spec.commandLine().getOut().print(ConfigImport.toProperties(file));
        spec.commandLine().getOut().flush();
        return Exit.OK;
    }
}
