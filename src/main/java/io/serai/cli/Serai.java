package io.serai.cli;

import io.serai.api.ServerUnreachable;
import io.serai.config.ConfigurationError;
import io.serai.config.Redaction;
import io.serai.door.DoorUnavailable;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.golden.TestCommand;
import io.serai.json.StrictJson;
import io.serai.lint.LintCommand;
import io.serai.record.LedgerUnavailable;
import io.serai.scaffold.NewCommand;
import java.util.Arrays;
import java.util.List;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line: one class for each command, exit codes as in {@link Exit}. */
@Command(
        name = "serai",
        description = "The place that every monitoring system sends its alerts to.",
        mixinStandardHelpOptions = true,
        versionProvider = Serai.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong usage",
            "3:wrong configuration; one line says which setting and what to do",
            "4:server or ledger not reached",
            "5:not found",
            "6:the key was refused"
        },
        subcommands = {
            RunCommand.class,
            AlertsCommand.class,
            ExplainCommand.class,
            IncidentsCommand.class,
            ReceiptsCommand.class,
            QuarantineCommand.class,
            DeliveriesCommand.class,
            ReplayCommand.class,
            SendCommand.class,
            PullCommand.class,
            KeysCommand.class,
            AuditCommand.class,
            ProvidersCommand.class,
            ProviderCommand.class,
            NotifiersCommand.class,
            LintCommand.class,
            TestCommand.class,
            NewCommand.class,
            ImportCommand.class,
            StatusCommand.class,
            ReloadCommand.class
        })
public final class Serai {
    private Serai() {}

    public static void main(String[] arguments) {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        if (arguments.length == 0 || !arguments[0].equals("run")) {
            // A command's output is its answer; what the parts below it say is for the server's log.
            System.setProperty("serai.log.level", "ERROR");
        }
        System.exit(execute(arguments));
    }

    /** Runs one command and gives its exit code. */
    public static int execute(String... arguments) {
        return commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Serai());
        line.setDefaultValueProvider(option -> option.isOption()
                        && Arrays.asList(((CommandLine.Model.OptionSpec) option).names())
                                .contains("--routes")
                ? Configuration.home().resolve("routes").toString()
                : null);
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command, json(parsed)));
        return line;
    }

    private static boolean json(CommandLine.ParseResult parsed) {
        return parsed.originalArgs().contains("--json");
    }

    private static int failed(Exception failure, CommandLine command, boolean json) {
        Problem problem = Problem.of(failure).redacted();
        if (json) {
            var envelope = StrictJson.mapper().createObjectNode().put("status", "error");
            var error = envelope.putObject("error").put("code", problem.code()).put("message", problem.message());
            problem.details().forEach(each -> error.withArray("details")
                    .addObject()
                    .put("field", each.field())
                    .put("problem", each.problem()));
            command.getOut().println(Visible.json(envelope.toString()));
            command.getOut().flush();
        }
        command.getErr().println("serai: " + Visible.of(problem.message()));
        problem.details().forEach(each -> command.getErr()
                .println("  " + Visible.of(each.field()) + ": " + Visible.of(each.problem())));
        command.getErr().flush();
        return problem.exit();
    }

    /** A failure as the operator sees it. */
    private record Problem(int exit, String code, String message, List<Refusal.Detail> details) {
        static Problem of(Exception failure) {
            if (failure instanceof ConfigurationError) {
                return new Problem(Exit.CONFIGURATION, "CONFIGURATION", failure.getMessage(), List.of());
            }
            if (failure instanceof DoorUnavailable) {
                return new Problem(
                        Exit.CONFIGURATION,
                        "CONFIGURATION",
                        "serai.port: " + failure.getMessage() + ". Stop what uses it, or choose another port.",
                        List.of());
            }
            if (failure instanceof LedgerUnavailable || failure instanceof ServerUnreachable) {
                return new Problem(Exit.UNREACHABLE, "UNREACHABLE", failure.getMessage(), List.of());
            }
            if (failure instanceof Refusal refusal) {
                return new Problem(
                        exit(refusal.code()), refusal.code().name(), refusal.getMessage(), refusal.details());
            }
            return new Problem(
                    Exit.FAILED,
                    ErrorCode.INTERNAL_ERROR.name(),
                    "It failed with " + failure.getClass().getSimpleName() + place(failure),
                    List.of());
        }

        /** The last outlet: whatever was quoted on the way, no secret leaves here (P10). */
        Problem redacted() {
            List<Refusal.Detail> hidden = details.stream()
                    .map(each -> new Refusal.Detail(each.field(), Redaction.redact(each.problem())))
                    .toList();
            return new Problem(exit, code, Redaction.redact(message), hidden);
        }

        private static String place(Exception failure) {
            return failure.getStackTrace().length == 0 ? "." : " at " + failure.getStackTrace()[0] + ".";
        }

        private static int exit(ErrorCode code) {
            return switch (code) {
                case NOT_FOUND -> Exit.NOT_FOUND;
                case AUTHENTICATION_FAILED, PERMISSION_DENIED -> Exit.REFUSED;
                case VALIDATION_ERROR -> Exit.USAGE;
                case OVERLOADED -> Exit.UNREACHABLE;
                default -> Exit.FAILED;
            };
        }
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Serai.class.getPackage().getImplementationVersion();
            return new String[] {"serai " + (version == null ? "(not packaged)" : version)};
        }
    }
}
