package io.serai.fault;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.serai.deliver.NotifierHarness;
import io.serai.golden.Mapping;
import io.serai.json.StrictJson;
import io.serai.notify.ConsoleLine;
import jakarta.mail.Header;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Fault 42 at the other end: the big list of naughty strings, and some of ours, as title and texts of an alert through the
 * real sinks. What arrives is the text, byte for byte, or what the rule of docs/security.md makes of it, said here a second
 * time and in another language.
 */
class NaughtySinksTest {
    private static final List<String> OURS = List.of(
            "<!channel> <!here|here> <@U012AB34> <#C012AB34> <https://evil.example|click>",
            "a\r\nBcc: everybody@evil.example\r\n\r\nbody",
            "\nSubject: other",
            "{{{{DATE(2026-01-01,SHORT)}}}} {{{ticket.requester.email}}} {%%} {{%",
            "<at>everybody</at> <AT>all</AT> **bold** [x](https://evil.example)",
            "\u001b[2J\u001b]0;title\u0007 \u009b31m \u202egnp.exe \u2066x\u2069",
            "=cmd|' /C calc'!A0",
            "--help",
            "-rf /");

    private static final List<String> STRINGS = new ArrayList<>();

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    @TempDir
    private Path folder;

    private final List<String> faults = new ArrayList<>();

    @BeforeAll
    static void read() throws Exception {
        STRINGS.clear();
        STRINGS.addAll(OURS);
        JsonNode all = StrictJson.read(Files.readAllBytes(BadInput.path("naughty-strings/blns.json")));
        for (int i = 0; i < all.size(); i += Size.of(4, 1)) {
            STRINGS.add(all.get(i).asText());
        }
    }

    /** Hundreds of requests on a busy machine: this test is not about their time. */
    private static Map<String, String> patient(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("timeout", "5m");
        all.put("connect-timeout", "1m");
        return all;
    }

    /** The sample with the text wherever a sender may write. */
    private static ObjectNode input(NotifierHarness harness, String sample, String text) throws Exception {
        ObjectNode input = (ObjectNode) harness.sample(sample);
        fill((ObjectNode) input.get("alert"), text);
        return input;
    }

    private static void fill(ObjectNode alert, String text) {
        for (String field : List.of("title", "description", "service", "environment", "url", "source_id")) {
            alert.put(field, text);
        }
        alert.putObject("labels").put(text, text);
        alert.putArray("tags").add(text);
        alert.putArray("entities").addObject().put("id", "e").put("name", text);
        alert.putObject("original").put("severity", text).put("status", text);
    }

    /** Our rule for text that people read: line ends alike, and what would act without being seen as U+FFFD. */
    private static String visible(String text) {
        return text.replace("\r\n", "\n")
                .replace('\r', '\n')
                .replaceAll("[\\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069&&[^\n\t\0]]", "\uFFFD");
    }

    private static String line(String text) {
        return visible(text).replace('\n', ' ').replace('\t', ' ');
    }

    private static String fit(String text, int most) {
        int length = text.codePointCount(0, text.length());
        return length <= most ? text : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "\u2026";
    }

    private void same(String text, String what, String told, String expected) {
        if (!expected.equals(told)) {
            faults.add(what + " of " + StrictJson.mapper().valueToTree(text) + " became "
                    + StrictJson.mapper().valueToTree(told));
        }
    }

    private void none(String sink) {
        System.out.println(
                "naughty strings through " + sink + ": " + STRINGS.size() + " sent, faults " + faults.size());
        assertThat(faults).isEmpty();
    }

    private interface Told {
        void check(String text, LoggedRequest request) throws Exception;
    }

    private void eachThrough(String notifier, String sample, Map<String, String> settings, Told told) throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(201).withBody("{\"sid\":\"SM1\"}")));
        try (NotifierHarness harness = NotifierHarness.start(notifier, patient(settings))) {
            for (String text : STRINGS) {
                stub.resetRequests();
                harness.send(input(harness, sample, text));
                told.check(text, stub.getAllServeEvents().get(0).getRequest());
            }
        }
        none(notifier);
    }

    @Test
    void theWebhookTellsItByteForByte() throws Exception {
        eachThrough("webhook", "firing", Map.of("url", stub.baseUrl() + "/in"), (text, request) -> {
            JsonNode alert = StrictJson.read(request.getBody()).at("/data/alert");
            for (String field : List.of("title", "description", "service", "url")) {
                same(text, field, alert.path(field).asText(), text);
            }
            same(text, "label", alert.path("labels").path(text).asText(), text);
            same(text, "address", request.getUrl(), "/in");
        });
    }

    @Test
    void slackReadsTextAndNothingElse() throws Exception {
        eachThrough("slack", "firing", Map.of("url", stub.baseUrl() + "/in"), (text, request) -> {
            JsonNode message = StrictJson.read(request.getBody());
            String sent = request.getBodyAsString();
            assertThat(sent).doesNotContain("<").doesNotContain(">");
            JsonNode blocks = message.at("/attachments/0/blocks");
            if (!visible(text).isEmpty()) {
                same(text, "description", unescaped(blocks.at("/0/text/text").asText()), visible(text));
            }
            String title = unescaped(message.at("/blocks/0/text/text").asText());
            same(text, "title", title, asTold("CRITICAL: " + line(text), title));
        });
    }

    private static String unescaped(String text) {
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    }

    /** The text, cut as it was told where that ends with an ellipsis. */
    private static String asTold(String text, String told) {
        boolean cut = told.endsWith("\u2026") && text.startsWith(told.substring(0, told.length() - 1));
        return cut ? told : text;
    }

    @Test
    void teamsReadsTextRunsWithoutMacrosAndMentions() throws Exception {
        eachThrough("teams", "firing", Map.of("url", stub.baseUrl() + "/in"), (text, request) -> {
            JsonNode card = StrictJson.read(request.getBody()).at("/attachments/0/content");
            String sent = card.path("body").toString().toLowerCase(Locale.ROOT);
            assertThat(sent).doesNotContain("{{").doesNotContain("<at");
            List<String> runs = card.path("body").findValuesAsText("text");
            String harmless = visible(text).replaceAll("\\{(?=\\{)", "{ ").replaceAll("(?i)<(?=at)", "< ");
            // Four braces and more are parted twice: how many spaces stand between them is not said.
            boolean there = runs.stream().anyMatch(run -> run.replace(" ", "").equals(harmless.replace(" ", "")));
            same(text, "description", text.isEmpty() || there ? text : String.join("|", runs), text);
        });
    }

    @Test
    void aTextMessageIsOneLine() throws Exception {
        Map<String, String> settings = Map.of(
                "account-sid", "AC00000000000000000000000000000000",
                "auth-token", "not-a-token",
                "from", "+15005550006",
                "to", "+4917012341234",
                "api-url", stub.baseUrl());
        String sample = "other-provider";
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(201).withBody("{\"sid\":\"SM1\"}")));
        try (NotifierHarness harness = NotifierHarness.start("twilio", patient(settings))) {
            String title = harness.sample(sample).at("/alert/title").asText();
            String usual = harness.expected(sample).at("/body/Body").asText();
            assertThat(usual).contains(": " + title);
            for (String text : STRINGS) {
                stub.resetRequests();
                ObjectNode input = (ObjectNode) harness.sample(sample);
                ((ObjectNode) input.get("alert")).put("title", text);
                harness.send(input);
                LoggedRequest request = stub.getAllServeEvents().get(0).getRequest();
                String told = request.formParameter("Body").firstValue();
                same(text, "text", told, usual.replace(": " + title, ": " + line(text)));
                assertThat(told.length()).isLessThanOrEqualTo(1600);
                assertThat(request.formParameter("To").values()).containsExactly("+4917012341234");
            }
        }
        none("twilio");
    }

    @Test
    void aMailHasTheHeadersThatWeWrite() throws Exception {
        ServerSetup setup = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        setup.setServerStartupTimeout(60_000);
        GreenMail server = new GreenMail(setup);
        server.start();
        Map<String, String> settings = Map.of(
                "host", "127.0.0.1",
                "port", Integer.toString(server.getSmtp().getPort()),
                "starttls", "none",
                "from", "Serai <serai@shop.example>",
                "to", "oncall@shop.example");
        try (NotifierHarness harness = NotifierHarness.start("email", patient(settings))) {
            for (String text : STRINGS) {
                harness.send(input(harness, "firing", text));
                MimeMessage[] mails = server.getReceivedMessages();
                assertThat(mails).hasSize(1);
                mail(text, mails[0]);
                server.purgeEmailFromAllMailboxes();
            }
        } finally {
            server.stop();
        }
        none("email");
    }

    private void mail(String text, MimeMessage mail) throws Exception {
        same(text, "subject", collapsed(mail.getSubject()), collapsed(fit("[CRITICAL] firing: " + line(text), 200)));
        assertThat(Collections.list(mail.getAllHeaders()).stream().map(Header::getName))
                .doesNotContain("Bcc", "Cc", "Reply-To")
                .doesNotHaveDuplicates();
        assertThat(mail.getAllRecipients()).hasSize(1);
        MimeMultipart parts = (MimeMultipart) mail.getContent();
        String plain = ((String) parts.getBodyPart(0).getContent()).replace("\r\n", "\n");
        if (!text.isEmpty()) {
            String description = fit(visible(text), 20_000);
            same(text, "text", plain.startsWith(line(text) + "\n\n" + description + "\n\n") ? text : plain, text);
        }
        String html = ((String) parts.getBodyPart(1).getContent()).replace("\r\n", "\n");
        String escaped = line(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&apos;")
                .replace("\"", "&quot;");
        same(text, "html", html.contains(">" + escaped + "</h2>") ? text : html, text);
        assertThat(html.replaceAll(
                        "(?s)<(!DOCTYPE html|/?(html|body|h2|p|table|tr|th|td|a))( [a-z]+=\"[^\"<>]*\")*>", ""))
                .as("no element but ours")
                .doesNotContain("<")
                .doesNotContain(">");
    }

    /** A long header is folded at its blanks, and several blanks may come back as one (RFC 5322 2.2.3, RFC 2047 6.2). */
    private static String collapsed(String subject) {
        return subject.replaceAll("\\s+", " ").strip();
    }

    @Test
    void aProgramGetsItByteForByte() throws Exception {
        Path program = Files.writeString(
                folder.resolve("notify"), "#!/bin/sh\nprintf '%s\\0' \"$@\" >>calls; printf '\\0' >>calls\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-x---"));
        List<String> expected = new ArrayList<>();
        try (NotifierHarness harness =
                NotifierHarness.start("exec", Map.of("executable", program.toString(), "title", "none"))) {
            ObjectNode input = (ObjectNode) harness.sample("no-entities");
            ObjectNode alert = (ObjectNode) input.get("alert");
            ArrayNode entities = alert.putArray("entities");
            STRINGS.forEach(text -> entities.addObject().put("name", text));
            harness.send(input);
        }
        String[] calls = new String(Files.readAllBytes(folder.resolve("calls")), StandardCharsets.UTF_8).split("\0\0");
        assertThat(calls).hasSize(STRINGS.size());
        for (int i = 0; i < calls.length; i++) {
            String text = STRINGS.get(i);
            expected.add(text);
            same(
                    text,
                    "argument",
                    calls[i].contains(" Entity details: Entity=" + text + ", impactLevel=") ? text : calls[i],
                    text);
        }
        none("exec");
    }

    /** What is read by people through another system: its placeholders mean nothing, and nothing acts unseen. */
    @ParameterizedTest
    @CsvSource({
        "jira, firing",
        "servicenow, firing-create",
        "zendesk, firing-create",
        "linear, firing-create",
        "pagerduty, firing",
        "opsgenie, firing"
    })
    void aTicketIsWritten(String notifier, String name) throws Exception {
        Path home = NotifierHarness.ROUTES.resolve("notifiers/" + notifier);
        ObjectNode sample = (ObjectNode) StrictJson.read(Files.readAllBytes(home.resolve("samples/" + name + ".json")));
        try (Mapping mapping = new Mapping()) {
            for (String text : STRINGS) {
                fill((ObjectNode) sample.get("alert"), text);
                List<String> written = new ArrayList<>();
                texts(mapping.apply(home.resolve(notifier + ".jq"), sample, Map.of(), Instant.EPOCH), written);
                String all = String.join("\n", written);
                same(text, notifier, visible(all), all);
                if (notifier.equals("zendesk") && (all.contains("{{") || all.contains("{%"))) {
                    faults.add("zendesk would fill in " + text);
                }
                if (!text.isBlank() && !all.replace(" ", "").contains(word(text))) {
                    faults.add(notifier + " does not tell " + text);
                }
            }
        }
        none(notifier);
    }

    private static void texts(JsonNode node, List<String> all) {
        if (node.isTextual()) {
            all.add(node.asText());
        }
        node.forEach(each -> texts(each, all));
    }

    /** The first run of letters and figures of a text: no sink has a reason to change these. */
    private static String word(String text) {
        Matcher word = Pattern.compile("[A-Za-z0-9]+").matcher(text);
        return word.find() ? word.group() : "";
    }

    @Test
    void aTerminalIsToldOneLine() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Map<String, Integer> lines = new TreeMap<>();
        ConsoleLine console = new ConsoleLine(new PrintStream(out, true, StandardCharsets.UTF_8));
        for (String text : STRINGS) {
            out.reset();
            console.print(text);
            String shown = out.toString(StandardCharsets.UTF_8);
            lines.merge(shown.endsWith(System.lineSeparator()) ? "whole" : "cut", 1, Integer::sum);
            assertThat(shown.strip().replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]", ""))
                    .as("nothing that acts without being seen")
                    .isEqualTo(shown.strip());
        }
        assertThat(lines).containsOnlyKeys("whole");
        none("console");
    }
}
