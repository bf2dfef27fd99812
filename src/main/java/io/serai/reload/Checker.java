package io.serai.reload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lints a copy of the configuration and tries its samples, in a process of its own: a mapping that never ends, or that
 * eats all memory, takes down that one. It stays for the next check, for what it does first takes longest; it ends with us.
 */
final class Checker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checker.class);
    /** The rule of a finding that says that it could not be told. */
    static final String UNDECIDED = "check";

    /** What the launcher keeps for a quick start of the check; unset where it could keep nothing. */
    private static final String ARCHIVE = "serai.check.archive";

    /** A small young generation: what stays must fit into the old one beside it, or each collection is a full one. */
    private static final List<String> OPTIONS = List.of(
            "-Xmx256m",
            "-Xmn24m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djdk.serialFilter=!*",
            "-Dfile.encoding=UTF-8",
            "-Dserai.log.level=OFF");

    private final Duration limit;
    private volatile Process process;
    private BufferedReader answers;
    private volatile boolean closed;

    /** @param limit how long one check may take */
    Checker(Duration limit) {
        this.limit = limit;
    }

    /** Begins to start, if it is not there: the check that follows is quicker. */
    synchronized void warm() {
        try {
            start();
        } catch (IOException e) {
            LOG.debug("The check could not be started yet: {}", e.toString());
        }
    }

    /**
     * @param folders providers and notifiers whose samples are tried, as {@code providers/<name>}
     * @param claims  providers of whose samples only is asked who claims them
     * @return what must be mended; one finding of the rule {@code check} when it could not be told
     */
    synchronized List<Finding> check(Path routes, Collection<String> folders, Collection<String> claims) {
        ObjectNode question = StrictJson.mapper().createObjectNode().put("routes", routes.toString());
        folders.forEach(question.putArray("folders")::add);
        claims.forEach(question.putArray("claims")::add);
        try {
            start();
            process.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            return findings(CompletableFuture.supplyAsync(this::answer).get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (IOException | ExecutionException e) {
            return failed("the check ended without an answer: it may have needed too much memory");
        } catch (TimeoutException e) {
            return failed("the check did not end within " + limit.toSeconds() + " s: a mapping may never end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("the check was interrupted");
        }
    }

    private List<Finding> failed(String reason) {
        rest();
        return List.of(Finding.of("routes", UNDECIDED, reason, "Run ./serai lint and ./serai test on the files"));
    }

    private String answer() {
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith("{\"findings\"")) {
                    return line;
                }
            }
        } catch (IOException e) {
            // the same as the end of what it says
        }
        throw new IllegalStateException("the check has ended");
    }

    private static List<Finding> findings(String answer) throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (JsonNode each :
                StrictJson.read(answer.getBytes(StandardCharsets.UTF_8)).path("findings")) {
            findings.add(new Finding(
                    each.path("file").asText(),
                    each.path("line").asInt(),
                    each.path("rule").asText(),
                    each.path("reason").asText(),
                    each.path("remedy").asText()));
        }
        return findings;
    }

    private void start() throws IOException {
        if (process != null && process.isAlive()) {
            return;
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        String archive = System.getProperty(ARCHIVE);
        if (archive != null) {
            command.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
        }
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "io.serai.cli.Check"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        // It needs no secret, so it gets none.
        builder.environment().keySet().removeIf(name -> !name.equals("PATH") && !name.equals("LANG"));
        Process started = builder.start();
        process = started;
        if (closed) {
            rest();
            throw new IOException("Serai stops");
        }
        answers = new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Ends the process; the next check starts another. */
    void rest() {
        Process running = process;
        if (running != null) {
            // It may take a moment to die; the next check must not be given to it.
            process = null;
            running.destroyForcibly();
        }
    }

    /** Ends the process for good: a check that runs is cut. */
    @Override
    public void close() {
        closed = true;
        rest();
    }
}
