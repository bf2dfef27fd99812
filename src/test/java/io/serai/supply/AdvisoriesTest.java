package io.serai.supply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each advisory that is open against this Camel has its line in docs/security.md, and that line a test. */
class AdvisoriesTest {
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]*Test)`");

    /** The line with this advisory's number. */
    private static String line(String number) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("docs/security.md")).stream()
                .filter(line -> line.startsWith("|") && line.contains(number))
                .toList();
        assertThat(lines).as("lines with " + number).hasSize(1);
        return lines.get(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CVE-2026-40022",
                "CVE-2026-66908",
                "CVE-2026-85316",
                "CVE-2026-84176",
                "CVE-2026-78164",
                "CVE-2026-85251",
                "CVE-2026-49098",
                "CVE-2026-46584",
                "CVE-2026-33454",
                "CVE-2026-59230",
                "CVE-2026-85314",
                "CVE-2026-48206",
                "CVE-2026-46457",
                "CVE-2026-85312",
                "CVE-2026-42527",
                "CVE-2026-43865",
                "CVE-2026-83531",
                "CAMEL-24282",
                "CAMEL-25810",
            })
    void isAnsweredByATestThatExists(String number) throws IOException {
        List<String> tests = new ArrayList<>();
        for (Matcher matcher = TEST.matcher(line(number)); matcher.find(); ) {
            tests.add(matcher.group(1) + ".java");
        }
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            Set<String> known = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
            assertThat(tests).as("tests of " + number).isNotEmpty().allMatch(known::contains);
        }
    }

    /** Whoever adds one of them answers its advisories first: each of them reads names that a sender may have chosen. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "camel-platform-http-main",
                "camel-kafka",
                "camel-jira",
                "camel-nats",
                "camel-hazelcast",
                "camel-sql",
                "camel-dynamic-router",
                "camel-saga",
                "camel-exec",
                "camel-jms",
                "camel-coap",
                "camel-undertow",
                "camel-netty-http",
                "camel-mail-microsoft-oauth",
            })
    void isNotShipped(String part) throws IOException {
        List<String> shipped = new ArrayList<>();
        for (JsonNode each :
                new ObjectMapper().readTree(new File("target/sbom.json")).path("components")) {
            shipped.add(each.path("name").asText());
        }
        assertThat(shipped).contains("camel-http", "camel-mail").doesNotContain(part);
    }

    /** CVE-2026-42527 and CVE-2026-43865: nothing that arrives is ever made into an object of any class. */
    @Test
    void theLauncherReadsNoSerialisedObject() throws IOException {
        assertThat(Files.readString(Path.of("serai"))).contains("-Djdk.serialFilter=!*");
    }

    /** CVE-2026-33454, 59230, 85314: no mail is read, so no header of a mail is. */
    @Test
    void noRouteReadsMail() throws IOException {
        Pattern mail = Pattern.compile("(?i)\\b(imaps?|pop3s?|mimeMultipart)\\b");
        try (Stream<Path> files = Files.walk(Path.of("routes"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".camel.yaml")
                            || each.toString().endsWith(".kamelet.yaml"))
                    .toList()) {
                assertThat(mail.matcher(Files.readString(file)).find())
                        .as(file.toString())
                        .isFalse();
            }
        }
    }
}
