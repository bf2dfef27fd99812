package io.serai.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.deliver.NotifierHarness;
import io.serai.deliver.SendFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** D18, D19, fault 26: real programs. */
class ExecTest {
    @TempDir
    private Path folder;

    private Path program(String... lines) throws IOException {
        Path file = folder.resolve("notify");
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
    }

    private static NotifierHarness start(Path program, String... settings) throws Exception {
        Map<String, String> all = new HashMap<>(Map.of("executable", program.toString()));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return NotifierHarness.start("exec", all);
    }

    // One record for each call: every argument between NULs, as the program got it.
    private List<List<String>> calls() throws IOException {
        List<List<String>> calls = new ArrayList<>();
        for (String call :
                new String(Files.readAllBytes(folder.resolve("calls")), StandardCharsets.UTF_8).split("\0\0")) {
            if (!call.isEmpty()) {
                calls.add(List.of(call.split("\0")));
            }
        }
        return calls;
    }

    private static final String RECORD = "printf '%s\\0' \"$@\" >>calls; printf '\\0' >>calls";

    @Test
    void everyEntityIsOneCallWithOneArgument() throws Exception {
        try (NotifierHarness harness = start(program(RECORD, "echo done"), "title", "none")) {
            Exchange exchange = harness.send("firing");

            List<String> messages = new ArrayList<>();
            harness.expected("firing").at("/body/messages").forEach(each -> messages.add(each.asText()));
            assertThat(messages).hasSize(3);
            assertThat(calls()).isEqualTo(messages.stream().map(List::of).toList());
            JsonNode result = exchange.getVariable("result", JsonNode.class);
            assertThat(result.get("codes").toString()).isEqualTo("[0,0,0]");
            assertThat(result.get("output").asText()).isEqualTo("done\ndone\ndone\n");
        }
    }

    @Test
    void aHostileTitleArrivesByteForByteInTheOneArgument() throws Exception {
        try (NotifierHarness harness = start(program(RECORD))) {
            harness.send("hostile-title");

            assertThat(calls())
                    .isEqualTo(List.of(List.of(harness.expected("hostile-title")
                            .at("/body/messages/0")
                            .asText())));
            assertThat(calls().get(0).get(0))
                    .startsWith("Problem [")
                    .endsWith(harness.sample("hostile-title").at("/alert/title").asText());
        }
    }

    @Test
    void theProgramSeesNoEnvironmentNoInputAndItsOwnFolder() throws Exception {
        Path program = program("env | grep -vE '^(PWD|SHLVL|_)=' >environment; cat >input; pwd >where");
        try (NotifierHarness harness = start(program)) {
            harness.send("no-entities");

            assertThat(folder.resolve("environment")).isEmptyFile();
            assertThat(folder.resolve("input")).isEmptyFile();
            assertThat(Files.readString(folder.resolve("where")).strip())
                    .isEqualTo(folder.toRealPath().toString());
        }
    }

    @Test
    void everyReturnCodeCountsAndAllEntitiesAreCalled() throws Exception {
        Path program = program(RECORD, "case \"$1\" in *PaymentService*) exit 3;; esac");
        try (NotifierHarness harness = start(program)) {
            Exchange exchange = harness.sendOnly(harness.sample("firing"));

            SendFailure failure = exchange.getException(SendFailure.class);
            assertThat(failure.isPermanent()).isTrue();
            assertThat(failure.getMessage()).isEqualTo("return codes [0, 3, 0]");
            assertThat(calls()).hasSize(3);
            assertThat(exchange.getVariable("result", JsonNode.class)
                            .get("codes")
                            .toString())
                    .isEqualTo("[0,3,0]");
        }
    }

    @Test
    void onlyCodesThatAreSetForItAreTriedAgain() throws Exception {
        try (NotifierHarness harness = start(program("exit 75"), "retry-exit-codes", "64-66,75")) {
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));

            assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
            assertThat(failure.getMessage()).isEqualTo("return codes [75, 75, 75]");
        }
    }

    @Test
    void aHangingProgramIsKilledWithAllItsChildren() throws Exception {
        // The grandchild has lost its parent, and holds the output open.
        Path program = program("(sleep 60 & echo $! >>children) & sleep 60 & echo $! >>children; sleep 60");
        try (NotifierHarness harness = start(program, "call-timeout", "700ms")) {
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("no-entities"));

            assertThat(failure.isPermanent()).isTrue();
            assertThat(failure.getMessage()).startsWith("return codes [124]");
            List<Long> children = Files.readAllLines(folder.resolve("children")).stream()
                    .map(Long::valueOf)
                    .toList();
            assertThat(children).hasSize(2);
            await().untilAsserted(() -> assertThat(children).noneMatch(ExecTest::runs));
        }
    }

    @Test
    void aProgramThatLeavesAChildBehindDoesNotHoldUs() throws Exception {
        Path program = program("sleep 60 & echo $! >children; exit 0");
        try (NotifierHarness harness = start(program)) {
            harness.send("no-entities");

            long child =
                    Long.parseLong(Files.readString(folder.resolve("children")).strip());
            await().untilAsserted(() -> assertThat(runs(child)).isFalse());
        }
    }

    private static boolean runs(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    @Test
    void outputWithoutEndIsCutAndControlCharactersAreShown() throws Exception {
        Path program = program("printf 'a\\033[31mb\\n'", "yes x");
        try (NotifierHarness harness = start(program, "call-timeout", "500ms", "output-limit", "100")) {
            Exchange exchange = harness.sendOnly(harness.sample("no-entities"));

            String output =
                    exchange.getVariable("result", JsonNode.class).get("output").asText();
            assertThat(output).startsWith("a\uFFFD[31mb\nx\nx\n").hasSize(100);
        }
    }

    @Test
    void whatAProgramPrintsIsReadToItsEndAndCut() throws Exception {
        long bytes = "full".equals(System.getProperty("serai.faults")) ? 1L << 30 : 32L << 20;
        Path program = program("head -c " + bytes + " /dev/zero");
        try (NotifierHarness harness = start(program, "output-limit", "100", "call-timeout", "90 s")) {
            Exchange exchange = harness.send("no-entities");

            assertThat(exchange.getVariable("result", JsonNode.class)
                            .get("output")
                            .asText())
                    .hasSize(100);
        }
    }

    @Test
    void aProgramWithoutItsInterpreterFails() throws Exception {
        Path program = program("exit 0");
        Files.writeString(program, "#!/there/is/no/such/shell\n");
        try (NotifierHarness harness = start(program)) {
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("no-entities"));

            assertThat(failure.isPermanent()).isTrue();
            assertThat(failure.getMessage()).isEqualTo("return codes [127]");
        }
    }

    @Test
    void aProgramThatMayNoLongerBeExecutedIsTriedAgain() throws Exception {
        Path program = program("exit 0");
        try (NotifierHarness harness = start(program)) {
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rw-r-----"));

            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("no-entities"));

            assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
            assertThat(failure.getMessage()).isEqualTo("the program cannot be executed now; it was not called");
        }
    }

    @Test
    void aProgramThatHasGoneIsTriedAgain() throws Exception {
        Path program = program("exit 0");
        try (NotifierHarness harness = start(program)) {
            Files.delete(program);

            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));

            assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
        }
    }

    @Test
    void aMessageWithNulIsRefused() throws Exception {
        try (NotifierHarness harness = start(program(RECORD))) {
            ObjectNode input = (ObjectNode) harness.sample("no-entities");
            ((ObjectNode) input.get("alert")).put("title", "a\0b");

            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send(input));

            assertThat(failure.isPermanent()).isTrue();
            assertThat(folder.resolve("calls")).doesNotExist();
        }
    }

    @Test
    void aProgramThatCannotBeTrustedStopsTheStart() throws Exception {
        Path good = program("exit 0");
        Path plain = Files.writeString(folder.resolve("plain"), "");
        Path open = Files.copy(good, folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xrwx"));

        assertThatThrownBy(() -> start(Path.of("notify")))
                .hasStackTraceContaining("serai.destination.probe.executable: the path is not absolute");
        assertThatThrownBy(() -> start(folder.resolve("none")))
                .hasStackTraceContaining("executable: there is no executable file");
        assertThatThrownBy(() -> start(plain)).hasStackTraceContaining("executable: there is no executable file");
        assertThatThrownBy(() -> start(open)).hasStackTraceContaining("executable: everybody may change the file");
        assertThatThrownBy(() -> start(Path.of("/bin/sh"), "arguments", "-c"))
                .hasStackTraceContaining("serai.destination.probe.arguments: -c would let a shell run");
        assertThatThrownBy(() -> start(good, "retry-exit-codes", "9-3"))
                .hasStackTraceContaining("serai.destination.probe.retry-exit-codes: '9-3' is out of range");
        assertThatThrownBy(() -> start(good, "directory", folder.resolve("none").toString()))
                .hasStackTraceContaining("serai.destination.probe.directory: there is no such folder");
    }

    @Test
    void fixedArgumentsComeBeforeTheMessage() throws Exception {
        try (NotifierHarness harness = start(program(RECORD), "arguments", "--queue  ops")) {
            harness.send("no-entities");

            assertThat(calls().get(0)).hasSize(3).startsWith("--queue", "ops");
        }
    }
}
