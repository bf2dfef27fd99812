package io.serai.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.serai.deliver.NotifierHarness;
import io.serai.deliver.SendFailure;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    @Test
    void aChangeIsOneLineThatCannotSpeakToTheTerminal() throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        try (NotifierHarness harness = NotifierHarness.start("console", Map.of())) {
            harness.send("reopened");

            String body = harness.expected("reopened").get("body").asText();
            assertThat(written.toString(StandardCharsets.UTF_8))
                    .isEqualTo(body.replace("\u001b", "\\u001b").replace("\n", "\\u000a") + System.lineSeparator());
        } finally {
            System.setOut(before);
        }
    }

    @Test
    void aClosedOutputIsToBeTriedAgain() {
        PrintStream closed = new PrintStream(OutputStream.nullOutputStream());
        closed.close();

        SendFailure failure = catchThrowableOfType(SendFailure.class, () -> new ConsoleLine(closed).print("a line"));

        assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
    }

    @Test
    void directionMarksAreShownAndLettersKept() throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        new ConsoleLine(new PrintStream(written, true, StandardCharsets.UTF_8)).print("Größe \u202e\u2028 ✓");

        assertThat(written.toString(StandardCharsets.UTF_8).strip()).isEqualTo("Größe \\u202e\\u2028 ✓");
    }
}
