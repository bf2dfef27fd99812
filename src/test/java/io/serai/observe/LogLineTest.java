package io.serai.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.serai.config.Redaction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class LogLineTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.serai.door.Door");

    private String line(String message, Throwable failure) {
        LoggingEvent event = new LoggingEvent("here", logger, Level.WARN, message, failure, null);
        return new String(new LogLine().encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void oneEventIsOneLineWhateverItSays() {
        String line = line("title \"x\"\nlevel=error\u001b[31m", null);
        assertThat(line).endsWith("\n");
        assertThat(line.lines()).hasSize(1);
        assertThat(line).contains("level=warn logger=Door message=\"title \\\"x\\\"\\nlevel=error\\u001b[31m\"");
    }

    @Test
    void secretsAreReplacedByValue() {
        Redaction.hide(List.of("log-line-canary"));
        assertThat(line("token log-line-canary", null)).contains("token ***").doesNotContain("log-line-canary");
    }

    /** As a login has it: what stands before the secret moves it within its groups of three bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"", "u:", "us:", "use:"})
    void secretsAreReplacedWithinBase64(String before) {
        Redaction.hide(List.of("log-line-canary"));
        String sent = Base64.getEncoder().encodeToString((before + "log-line-canary").getBytes(StandardCharsets.UTF_8));
        assertThat(line("Authorization: Basic " + sent, null))
                .contains("***")
                .doesNotContain(sent.substring(4, sent.length() - 4));
    }

    @Test
    void aFailuresMessageIsNotWrittenItsPlaceIs() {
        String line = line("failed", new IllegalStateException("body of a sender", new RuntimeException("more of it")));
        assertThat(line)
                .contains("java.lang.IllegalStateException")
                .contains("caused by java.lang.RuntimeException")
                .contains("LogLineTest")
                .doesNotContain("body of a sender")
                .doesNotContain("more of it");
    }
}
