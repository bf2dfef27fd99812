package io.serai.scaffold;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.config.ConfigurationError;
import io.serai.json.StrictJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code serai new provider|notifier NAME}: a folder that passes lint and its samples at once, to be corrected. */
@Command(
        name = "new",
        description = "Writes the folder of a new provider or notifier.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the folder was written", "1:it was not, and why", "2:wrong usage"})
public final class NewCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--routes",
            paramLabel = "DIR",
            defaultValue = "routes",
            scope = ScopeType.INHERIT,
            description = "Routes folder, default ${DEFAULT-VALUE}.")
    private Path routes;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print one JSON document.")
    private boolean json;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what: new provider NAME, or new notifier NAME.");
    }

    @Command(name = "provider", description = "Writes routes/providers/NAME.", mixinStandardHelpOptions = true)
    int provider(
            @Parameters(paramLabel = "NAME", description = "Lower-case letters, digits and hyphens.") String name,
            @Option(
                            names = "--from",
                            paramLabel = "FILE",
                            description = "One body as the system sends it while an alert is open.")
                    Path sample) {
        return write(() -> {
            if (sample != null && !Files.isReadable(sample)) {
                throw new Draft.Refused("The file " + sample + " cannot be read.");
            }
            return new ProviderDraft(routes, name).write(sample == null ? null : Files.readAllBytes(sample));
        });
    }

    @Command(name = "notifier", description = "Writes routes/notifiers/NAME.", mixinStandardHelpOptions = true)
    int notifier(
            @Parameters(paramLabel = "NAME", description = "Lower-case letters, digits and hyphens.") String name) {
        return write(() -> new NotifierDraft(routes, name).write());
    }

    private int write(Callable<Draft> writer) {
        PrintWriter err = spec.commandLine().getErr();
        if (!Files.isDirectory(routes)) {
            err.println("There is no folder " + routes + ". Run this in the checkout, or give --routes DIR.");
            return 2;
        }
        try {
            Draft draft = writer.call();
            ProviderDocs.refresh(routes);
            print(draft);
            return 0;
        } catch (Draft.Refused | ConfigurationError e) {
            err.println(e.getMessage());
        } catch (IOException e) {
            err.println("The folder cannot be written: " + e.getMessage());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return 1;
    }

    private void print(Draft draft) {
        PrintWriter out = spec.commandLine().getOut();
        String name = draft.folder().name();
        if (json) {
            ObjectNode document = StrictJson.mapper().createObjectNode().put("status", "success");
            ObjectNode data = document.putObject("data")
                    .put("folder", draft.folder().path().toString());
            draft.files().forEach(data.putArray("files")::add);
            draft.missing().forEach(data.putArray("missing")::add);
            out.println(document);
        } else {
            out.println("Wrote " + draft.folder().path() + ":");
            draft.files().forEach(file -> out.println("  " + file));
            if (!draft.missing().isEmpty()) {
                out.println("Nothing in the sample looked like " + String.join(", ", draft.missing()) + ": "
                        + (draft.missing().contains("source_id") ? "without an identity, alerts run into one. " : "")
                        + "Look for it.");
            }
            out.println("Now correct " + draft.folder().descriptor().getFileName() + " and " + name + ".jq, then:");
            out.println("  ./serai test " + name + " --update   and read what it writes into expected/");
            out.println("  ./serai lint");
        }
        out.flush();
    }
}
