package io.serai.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.serai.deliver.NotifierHarness;
import io.serai.deliver.Outcome;
import io.serai.deliver.SendFailure;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fault 28: a real mail server, and one that answers what it is told. */
class EmailTest {
    private static final String THREAD = "<serai.9f2c4e6a8b0d1f3e5a7c9b8d6e4f2a10.1@shop.example>";

    @TempDir
    private static Path folder;

    private final GreenMail server =
            new GreenMail(new ServerSetup[] {setup(ServerSetup.PROTOCOL_SMTP), setup(ServerSetup.PROTOCOL_SMTPS)});

    /** Two seconds, as GreenMail has it, are little on a busy machine. */
    private static ServerSetup setup(String protocol) {
        ServerSetup setup = new ServerSetup(0, "127.0.0.1", protocol);
        setup.setServerStartupTimeout(60_000);
        return setup;
    }

    // GreenMail reads its key once for all its servers.
    @BeforeAll
    static void makeItsKey() throws Exception {
        String keys = folder.resolve("keys.p12").toString();
        keytool("-genkeypair -alias mail -keyalg RSA -dname CN=mail -ext SAN=ip:127.0.0.1 -storetype PKCS12", keys);
        keytool("-exportcert -rfc -alias mail -file " + folder.resolve("ca.pem"), keys);
        System.setProperty("greenmail.tls.keystore.file", keys);
        System.setProperty("greenmail.tls.keystore.password", "changeit");
    }

    @BeforeEach
    void open() {
        server.start();
    }

    @AfterEach
    void close() {
        server.stop();
    }

    private static NotifierHarness start(int port, String... more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "host", "127.0.0.1",
                "port", Integer.toString(port),
                "starttls", "none",
                "from", "Serai <serai@shop.example>",
                "to", "oncall@shop.example, Lead <lead@shop.example>",
                "timeout", "500ms"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return NotifierHarness.start("email", settings);
    }

    private NotifierHarness start() throws Exception {
        return start(server.getSmtp().getPort());
    }

    @Test
    void everyRecipientGetsTextAndHtml() throws Exception {
        try (NotifierHarness harness = start()) {
            harness.send("firing");

            MimeMessage[] mails = server.getReceivedMessages();
            assertThat(mails).hasSize(2);
            MimeMessage mail = mails[0];
            assertThat(mail.getSubject()).isEqualTo("[CRITICAL] firing: Checkout latency above 2 s");
            assertThat(mail.getFrom()[0]).hasToString("Serai <serai@shop.example>");
            assertThat(Arrays.toString(mail.getAllRecipients()))
                    .isEqualTo("[oncall@shop.example, Lead <lead@shop.example>]");
            MimeMultipart parts = (MimeMultipart) mail.getContent();
            assertThat(parts.getContentType()).startsWith("multipart/alternative");
            assertThat(lines(parts.getBodyPart(0).getContent()))
                    .isEqualTo(harness.expected("firing").at("/body/text").asText());
            assertThat(parts.getBodyPart(1).getContentType()).startsWith("text/html; charset=UTF-8");
            assertThat(lines(parts.getBodyPart(1).getContent()))
                    .isEqualTo(harness.expected("firing").at("/body/html").asText());
        }
    }

    private static String lines(Object content) {
        return ((String) content).replace("\r\n", "\n");
    }

    @Test
    void allMailsOfOneOpeningAreOneThread() throws Exception {
        try (NotifierHarness harness = start(server.getSmtp().getPort(), "to", "oncall@shop.example")) {
            for (String sample : List.of("firing", "changed", "resolved", "reopened")) {
                harness.send(sample);
            }

            MimeMessage[] mails = server.getReceivedMessages();
            assertThat(mails[0].getMessageID()).isEqualTo(THREAD);
            assertThat(mails[0].getHeader("In-Reply-To")).isNull();
            for (MimeMessage later : List.of(mails[1], mails[2])) {
                assertThat(later.getHeader("In-Reply-To")).containsExactly(THREAD);
                assertThat(later.getHeader("References")).containsExactly(THREAD);
            }
            assertThat(mails[3].getHeader("In-Reply-To"))
                    .as("a new opening, a new thread")
                    .isNull();
            assertThat(Arrays.stream(mails).map(EmailTest::id)).doesNotHaveDuplicates();
            assertThat(mails[2].getSubject()).isEqualTo("[CRITICAL] resolved: Checkout latency above 2 s");
        }
    }

    private static String id(MimeMessage mail) {
        try {
            return mail.getMessageID();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTitleCannotWriteHeadersNorHtml() throws Exception {
        try (NotifierHarness harness = start()) {
            harness.send("hostile-title");

            MimeMessage mail = server.getReceivedMessages()[0];
            assertThat(mail.getHeader("Bcc")).isNull();
            assertThat(mail.getAllRecipients()).hasSize(2);
            assertThat(mail.getSubject())
                    .isEqualTo("[CRITICAL] firing: disk full Bcc: everybody@evil.example  <script>alert(1)</script>"
                            + " \u00e9\u4e2d\uD83D\uDE00");
            String html =
                    (String) ((MimeMultipart) mail.getContent()).getBodyPart(1).getContent();
            assertThat(html).doesNotContain("<script", "<img", "javascript:").contains("&lt;img src=x onerror");
        }
    }

    @Test
    void aMailWhoseAcceptanceWasLostHasTheSameIdAgain() throws Exception {
        try (SmtpScript script = new SmtpScript(Map.of("END", "HANG"));
                NotifierHarness harness = start(script.port())) {
            for (int attempt = 0; attempt < 2; attempt++) {
                SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("resolved"));
                assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
            }

            assertThat(script.mails()).hasSize(2);
            assertThat(script.mails())
                    .allMatch(mail ->
                            mail.contains("Message-ID: <serai.9f2c4e6a8b0d1f3e5a7c9b8d6e4f2a10.1.3@shop.example>"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, 421 busy, RETRY, 421",
        "CONNECT, 554 go away, REFUSED, 554",
        "MAIL, 451 later, RETRY, 451",
        "MAIL, 550 not you, PERMANENT, 550",
        "MAIL, 530 5.7.0 log in first, REFUSED, 530",
        "RCPT, 450 greylisted, RETRY, 450",
        "RCPT, 550 unknown, PERMANENT, 550",
        "DATA, 451 later, RETRY, 451",
        "END, 452 disk full, RETRY, 452",
        "END, 552 too big, PERMANENT, 552",
        "CONNECT, HANG, RETRY, 0"
    })
    void fourIsTriedAgainAndFiveIsFinal(String word, String answer, SendFailure.Kind kind, int code) throws Exception {
        try (SmtpScript script = new SmtpScript(Map.of(word, answer));
                NotifierHarness harness = start(script.port())) {
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));

            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.statusCode()).isEqualTo(code);
            assertThat(failure.getMessage()).doesNotContain("shop.example");
        }
    }

    @Test
    void oneRefusedRecipientDoesNotKeepTheMailFromTheOthers() throws Exception {
        try (SmtpScript script = new SmtpScript(Map.of("lead@shop.example", "550 moved"));
                NotifierHarness harness = start(script.port())) {
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));

            assertThat(failure.isPermanent()).isTrue();
            assertThat(failure.getMessage()).isEqualTo("the mail server answered 550; 1 of 2 recipients accepted");
            assertThat(script.mails()).hasSize(1);
        }
    }

    @Test
    void aWrongPasswordPausesTheDestination() throws Exception {
        try (SmtpScript script =
                        new SmtpScript(Map.of("EHLO", "250-here\r\n250 AUTH PLAIN", "AUTH", "535 5.7.8 no such user"));
                NotifierHarness harness = start(script.port(), "username", "serai", "password", "not-a-password")) {
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));

            assertThat(failure.statusCode()).isEqualTo(535);
            assertThat(Outcome.failed(failure, null).kind())
                    .as("no mail would be taken: this one waits")
                    .isEqualTo(Outcome.Kind.REFUSED);
            assertThat(failure.getMessage())
                    .isEqualTo("answered 535 to the connection or the login; it takes no mail from us");
        }
    }

    /** Each line is a byte in time; only the time of the whole ends it. */
    @ParameterizedTest
    @ValueSource(strings = {"EHLO", "END"})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aServerThatNeverEndsIsCut(String word) throws Exception {
        try (SmtpScript script = new SmtpScript(Map.of(word, "ENDLESS"));
                NotifierHarness harness = start(script.port(), "timeout", "300ms")) {
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));

            assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
            assertThat(failure.statusCode()).isZero();
        }
    }

    @Test
    void aServerOfAnotherNameIsNotTrusted() throws Exception {
        try (NotifierHarness harness = start(
                server.getSmtps().getPort(),
                "protocol",
                "smtps",
                "host",
                "localhost",
                "ca-file",
                folder.resolve("ca.pem").toString())) {
            assertThat(catchThrowableOfType(SendFailure.class, () -> harness.send("firing"))
                            .kind())
                    .isEqualTo(SendFailure.Kind.RETRY);
        }
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void withAPasswordTheServerIsAskedToTakeIt() throws Exception {
        server.setUser("serai@shop.example", "serai", "not-a-password");
        try (NotifierHarness harness =
                start(server.getSmtp().getPort(), "username", "serai", "password", "not-a-password")) {
            harness.send("firing");

            assertThat(server.getReceivedMessages()).hasSize(2);
        }
    }

    @Test
    void tlsIsNotGivenUpNorTrustedBlindly() throws Exception {
        try (NotifierHarness harness = start(server.getSmtp().getPort(), "starttls", "required")) {
            assertThat(catchThrowableOfType(SendFailure.class, () -> harness.send("firing"))
                            .kind())
                    .isEqualTo(SendFailure.Kind.RETRY);
        }
        try (NotifierHarness harness = start(server.getSmtps().getPort(), "protocol", "smtps")) {
            assertThat(catchThrowableOfType(SendFailure.class, () -> harness.send("firing"))
                            .kind())
                    .as("a certificate that nobody vouches for")
                    .isEqualTo(SendFailure.Kind.RETRY);
        }
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void aServerThatTheDestinationsAuthorityVouchesForIsTrusted() throws Exception {
        try (NotifierHarness harness = start(
                server.getSmtps().getPort(),
                "protocol",
                "smtps",
                "ca-file",
                folder.resolve("ca.pem").toString())) {
            harness.send("firing");

            assertThat(server.getReceivedMessages()).hasSize(2);
        }
    }

    private static void keytool(String arguments, String keys) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments.split(" ")));
        command.addAll(List.of("-keystore", keys, "-storepass", "changeit"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void whatIsNoAddressStopsTheStart() {
        assertThatThrownBy(() -> start(25, "to", "oncall@shop.example\r\nBcc: x@evil.example"))
                .hasStackTraceContaining("serai.destination.probe.to: is no mail address");
        assertThatThrownBy(() -> start(25, "from", "nobody"))
                .hasStackTraceContaining("serai.destination.probe.from: is no mail address");
        assertThatThrownBy(() -> start(25, "username", "serai"))
                .hasStackTraceContaining("serai.destination.probe.username: user and password belong together");
    }
}
