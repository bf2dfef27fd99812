package io.serai.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.config.ConfigurationError;
import io.serai.config.Values;
import io.serai.deliver.OutboundClient;
import io.serai.deliver.SendFailure;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.camel.Body;

/**
 * The program that a destination calls, once for each message (D18). The message is one argument, byte for
 * byte in UTF-8. Every return code counts: the document's own code kept only the last one (D19).
 */
public final class ExecCommand {
    private final String key;
    private OutboundClient outbound;
    private String executableSetting = "executable";
    private String argumentsSetting = "arguments";
    private String directorySetting = "directory";
    private String timeoutSetting = "call-timeout";
    private String outputLimitSetting = "output-limit";
    private String retryExitCodesSetting = "retry-exit-codes";
    private Path executable;
    private List<String> arguments;
    private Path directory;
    private Duration timeout;
    private int outputLimit;
    private ExitCodes retry;

    /** @param destination whose command this is; configuration errors name its settings */
    public ExecCommand(String destination) {
        this.key = "serai.destination." + destination + ".";
    }

    /** What holds the destination's settings. */
    public void setOutbound(OutboundClient outbound) {
        this.outbound = outbound;
    }

    /** Name of the setting with the program's absolute path. */
    public void setExecutable(String setting) {
        executableSetting = setting;
    }

    /** Name of the setting with fixed arguments before the message, separated by spaces. */
    public void setArguments(String setting) {
        argumentsSetting = setting;
    }

    /** Name of the setting with the working directory; empty there for the program's folder. */
    public void setDirectory(String setting) {
        directorySetting = setting;
    }

    /** Name of the setting with how long one call may take, such as 30s. */
    public void setTimeout(String setting) {
        timeoutSetting = setting;
    }

    /** Name of the setting with the bytes of output that are kept of each call. */
    public void setOutputLimit(String setting) {
        outputLimitSetting = setting;
    }

    /** Name of the setting with the return codes that are worth a retry, see {@link ExitCodes}. */
    public void setRetryExitCodes(String setting) {
        retryExitCodesSetting = setting;
    }

    /** @throws ConfigurationError unless the program can be called safely */
    public void check() {
        executable = Path.of(outbound.option(executableSetting));
        String words = outbound.option(argumentsSetting);
        arguments = words.isBlank() ? List.of() : List.of(words.strip().split("\\s+"));
        String folder = outbound.option(directorySetting);
        directory = folder.isBlank() ? null : Path.of(folder);
        timeout = Values.duration(outbound.option(timeoutSetting)).orElseThrow();
        outputLimit = Integer.parseInt(outbound.option(outputLimitSetting));
        retry = ExitCodes.parse(key + retryExitCodesSetting, outbound.option(retryExitCodesSetting));
        String problem = problem();
        if (problem != null) {
            throw new ConfigurationError(
                    key + executableSetting, problem, "Give the absolute path of a program of yours");
        }
        if (arguments.contains("-c")) {
            throw new ConfigurationError(
                    key + argumentsSetting,
                    "-c would let a shell run the message as a script",
                    "Call the script itself");
        }
        if (directory != null && !Files.isDirectory(directory)) {
            throw new ConfigurationError(
                    key + directorySetting, "there is no such folder", "Create it or leave it empty");
        }
        if (!StandardCharsets.UTF_8.equals(argumentCharset())) {
            throw new ConfigurationError(
                    key + executableSetting,
                    "this JVM passes arguments in " + argumentCharset() + " and would garble alert text",
                    "Start it with LC_ALL=C.UTF-8");
        }
    }

    private String problem() {
        if (!executable.isAbsolute()) {
            return "the path is not absolute";
        }
        if (!Files.isRegularFile(executable) || !Files.isExecutable(executable)) {
            return "there is no executable file";
        }
        String name = executable.getFileName().toString().toLowerCase(Locale.ROOT);
        if (System.getProperty("os.name").startsWith("Windows") && (name.endsWith(".bat") || name.endsWith(".cmd"))) {
            return "a batch file is run by a shell that reads the message as commands";
        }
        try {
            return Files.getPosixFilePermissions(executable).contains(PosixFilePermission.OTHERS_WRITE)
                    ? "everybody may change the file"
                    : null;
        } catch (IOException | UnsupportedOperationException e) {
            // No POSIX permissions here: nothing more to check.
            return null;
        }
    }

    // JDK 17 passes arguments in the default charset, 18 and later in that of the platform (JEP 400).
    private static Charset argumentCharset() {
        return Runtime.version().feature() < 18
                ? Charset.defaultCharset()
                : Charset.forName(System.getProperty("sun.jnu.encoding"));
    }

    /**
     * Calls the program once for each of {@code messages}, all of them, whatever the earlier ones returned.
     *
     * @param request {@code {"messages": [text, …]}}
     * @return {@code {"codes": [0, …], "output": text}}
     * @throws SendFailure when nothing was called: permanent for U+0000, worth a retry when the program has gone
     */
    public ObjectNode run(@Body JsonNode request) throws SendFailure {
        List<String> messages = new ArrayList<>();
        request.path("messages").forEach(each -> messages.add(each.asText()));
        if (messages.stream().anyMatch(each -> each.indexOf('\0') >= 0)) {
            throw new SendFailure("the message holds U+0000, which no argument can carry");
        }
        if (!Files.isExecutable(executable)) {
            throw new SendFailure(
                    SendFailure.Kind.RETRY, 0, "the program cannot be executed now; it was not called", null);
        }
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        ArrayNode codes = result.putArray("codes");
        StringBuilder output = new StringBuilder();
        for (String message : messages) {
            Call call = call(message);
            codes.add(call.code());
            output.append(call.output(), 0, Math.min(call.output().length(), outputLimit - output.length()));
        }
        return result.put("output", output.toString());
    }

    /**
     * What the return codes mean (D19: every one of them counts).
     *
     * @param result of {@link #run}
     * @throws SendFailure permanent for any code but 0; worth a retry when every such code is one of those set for it
     */
    public void judge(@Body JsonNode result) throws SendFailure {
        List<Integer> codes = new ArrayList<>();
        result.path("codes").forEach(each -> codes.add(each.asInt()));
        List<Integer> failed = codes.stream().filter(code -> code != 0).toList();
        if (!failed.isEmpty()) {
            throw new SendFailure(
                    failed.stream().allMatch(retry::contains) ? SendFailure.Kind.RETRY : SendFailure.Kind.PERMANENT,
                    0,
                    "return codes " + codes + (codes.contains(Call.TIMED_OUT) ? ", 124 is not done in time" : ""),
                    null);
        }
    }

    private Call call(String message) throws SendFailure {
        List<String> command = new ArrayList<>(arguments.size() + 2);
        command.add(executable.toString());
        command.addAll(arguments);
        command.add(message);
        try {
            return Call.run(command, directory == null ? executable.getParent() : directory, timeout, outputLimit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SendFailure(SendFailure.Kind.RETRY, 0, "the call was interrupted and its program killed", null);
        }
    }
}
