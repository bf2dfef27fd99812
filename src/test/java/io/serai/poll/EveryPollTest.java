package io.serai.poll;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.matching.RequestPatternBuilder;
import io.serai.config.ConfigurationError;
import io.serai.record.FreshStore;
import io.serai.record.PollCursors;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** K7, O7, O8, K15: what every poll must do, whatever it polls. Each test has an instance, and so alerts, of its own. */
class EveryPollTest {
    private static final List<String> SCENES = List.of("pages", "pushed", "waits", "refused", "broken", "skewed");

    @RegisterExtension
    static final WireMockExtension SERVER =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    @TempDir
    static Path data;

    private static PollScene scene;

    @BeforeAll
    static void open() throws Exception {
        Map<String, String> settings = new HashMap<>();
        for (PolledSystem system : PolledSystem.values()) {
            for (String each : SCENES) {
                String prefix = "serai.provider." + system.provider + "." + system.instance(each) + ".";
                system.settings.forEach((name, value) -> settings.put(prefix + name, value));
                settings.put(prefix + system.address(), SERVER.baseUrl() + base(system, each));
            }
        }
        String limited = "serai.provider.overwatch.limited.";
        settings.put(limited + "api-url", SERVER.baseUrl() + "/limited");
        settings.put(limited + "api-key", "K");
        settings.put(limited + "severities", "high, critical");
        settings.put(limited + "requests-per-minute", "2");
        scene = new PollScene(data, settings);
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    @ParameterizedTest
    @EnumSource
    void allPagesAreReadOnce(PolledSystem system) throws Exception {
        boolean paged = system.second("") != null;
        String first = problem(system, 1);
        String second = problem(system, 2);
        answer(system, "pages", paged ? system.page(true, first) : system.page(false, first, second));
        if (paged) {
            answerSecond(system, "pages", system.page(false, second));
        }

        PollReport report = run(system, "pages");
        scene.clock.forward(Duration.ofMinutes(1));
        PollReport again = run(system, "pages");

        assertThat(report.problem()).isNull();
        assertThat(report.verdicts()).containsOnly(Map.entry("new", 2));
        assertThat(again.problem()).isNull();
        assertThat(again.recorded()).isZero();
        assertThat(alerts(system, "pages")).isEqualTo(2);
        assertThat(receipts(system, "pages")).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void whatWasPushedIsADuplicate(PolledSystem system) throws Exception {
        Instant since = scene.clock.instant();
        scene.push(system.provider, system.instance("pushed"), system.webhook(1, since));
        scene.clock.forward(Duration.ofSeconds(5));
        answer(system, "pushed", system.page(false, system.problem(1, since)));

        PollReport report = run(system, "pushed");

        assertThat(report.problem()).isNull();
        assertThat(report.verdicts()).containsOnly(Map.entry("duplicate", 1));
        assertThat(alerts(system, "pushed")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aUsedUpQuotaIsWaitedFor(PolledSystem system) throws Exception {
        answer(
                system,
                "waits",
                aResponse().withStatus(429).withHeader("Retry-After", "90").withBody("their words"));

        PollReport refused = run(system, "waits");
        scene.clock.forward(Duration.ofSeconds(89));
        PollReport waiting = run(system, "waits");
        PollReport elsewhere = new Poller(scene.leases, new PollCursors(scene.store), "node-2", scene.clock)
                .run(system.provider, system.instance("waits"));

        assertThat(refused.failure()).isEqualTo(ReadFailure.Kind.RATE_LIMIT);
        assertThat(refused.problem()).contains("429").doesNotContain("their words");
        assertThat(waiting.failure()).isEqualTo(ReadFailure.Kind.RATE_LIMIT);
        assertThat(elsewhere).as("what another node says").isEqualTo(waiting);
        SERVER.verify(1, requested(system, "waits"));
        assertThat(cursors(system, "waits")).isZero();

        scene.clock.forward(Duration.ofSeconds(1));
        answer(system, "waits", system.page(false, problem(system, 1)));
        assertThat(run(system, "waits").verdicts()).containsOnly(Map.entry("new", 1));
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedCredentialIsSaidAndLosesNothing(PolledSystem system) throws Exception {
        for (int status : List.of(401, 403)) {
            answer(system, "refused", aResponse().withStatus(status).withBody("their words"));

            PollReport refused = run(system, "refused");

            assertThat(refused.failure()).isEqualTo(ReadFailure.Kind.AUTH);
            assertThat(refused.problem()).contains("HTTP " + status).doesNotContain("their words");
            assertThat(cursors(system, "refused")).isZero();
        }
        answer(system, "refused", system.page(false, problem(system, 1)));
        assertThat(run(system, "refused").verdicts()).containsOnly(Map.entry("new", 1));
        assertThat(cursors(system, "refused")).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenPageLosesNothing(PolledSystem system) throws Exception {
        for (String shapeless : List.of("{}", "null", "<html>log in</html>")) {
            answer(system, "broken", shapeless);
            assertThat(run(system, "broken").failure()).as(shapeless).isEqualTo(ReadFailure.Kind.API);
        }
        boolean paged = system.second("") != null;
        String first = problem(system, 1);
        String second = problem(system, 2);
        answer(system, "broken", paged ? system.page(true, first) : "[{\"broken");
        if (paged) {
            answerSecond(system, "broken", "{\"broken");
        }
        PollReport broken = run(system, "broken");
        assertThat(broken.failure()).isEqualTo(ReadFailure.Kind.API);
        assertThat(broken.recorded()).isEqualTo(paged ? 1 : 0);
        assertThat(cursors(system, "broken")).isZero();

        answer(system, "broken", paged ? system.page(true, first) : system.page(false, first, second));
        if (paged) {
            answerSecond(system, "broken", system.page(false, second));
        }
        assertThat(run(system, "broken").problem()).isNull();
        assertThat(alerts(system, "broken")).isEqualTo(2);
        assertThat(receipts(system, "broken")).isEqualTo(2);
        assertThat(cursors(system, "broken")).isPositive();
    }

    /** What became known late, by a clock that is behind ours or ahead. */
    @ParameterizedTest
    @EnumSource
    void whatHappenedBeforeTheLastRunIsTakenOnce(PolledSystem system) throws Exception {
        answer(system, "skewed", system.page(false));
        Instant began = scene.clock.instant();
        assertThat(run(system, "skewed").problem()).isNull();
        scene.clock.forward(Duration.ofMinutes(1));
        String behind = system.problem(1, began.minus(Duration.ofMinutes(5)));
        String ahead = system.problem(2, began.plus(Duration.ofMinutes(7)));
        answer(system, "skewed", system.page(false, behind, ahead));

        SERVER.resetRequests();
        PollReport late = run(system, "skewed");
        String asked = system.asked(began.minus(Poller.OVERLAP));
        if (asked != null) {
            assertThat(SERVER.findAll(requested(system, "skewed")))
                    .extracting(request ->
                            URLDecoder.decode(request.getUrl(), StandardCharsets.UTF_8) + request.getBodyAsString())
                    .first()
                    .asString()
                    .contains(asked);
        }
        scene.clock.forward(Duration.ofMinutes(1));
        PollReport again = run(system, "skewed");

        assertThat(late.verdicts()).containsOnly(Map.entry("new", 2));
        assertThat(again.problem()).isNull();
        assertThat(again.recorded()).isZero();
        assertThat(alerts(system, "skewed")).isEqualTo(2);
    }

    @Test
    void aRunWaitsForItsQuotaBetweenPages() throws Exception {
        PolledSystem system = PolledSystem.OVERWATCH;
        SERVER.stubFor(system.first("/limited").willReturn(okJson(system.page(true, problem(system, 1)))));
        SERVER.stubFor(system.second("/limited").willReturn(okJson(system.page(false, problem(system, 2)))));

        Instant began = scene.clock.instant();
        assertThat(scene.poller.run("overwatch", "limited").recorded()).isEqualTo(2);
        assertThat(scene.clock.instant()).isEqualTo(began);
        assertThat(scene.poller.run("overwatch", "limited").problem()).isNull();
        assertThat(scene.clock.instant()).isEqualTo(began.plusSeconds(60));
        assertThat(SERVER.findAll(anyRequestedFor(urlMatching("/limited/.*"))))
                .hasSize(4)
                .allMatch(request -> request.queryParameter("severity").containsValue("high,critical"));
    }

    @Test
    void aQuotaThatIsNoNumberStopsTheStart(@TempDir Path other) {
        assertThatThrownBy(() -> new PollScene(other, Map.of("serai.provider.overwatch.requests-per-minute", "a few")))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith("serai.provider.overwatch.requests-per-minute: ");
    }

    static Stream<Arguments> dates() {
        return Stream.of(
                Arguments.of("Mon, 17 Mar 2031 08:31:00 GMT", "Mon, 17 Mar 2031 08:30:15 GMT", 45),
                Arguments.of("7200", null, 3600),
                Arguments.of("soon", null, 60));
    }

    /** A date is meant by the clock of who wrote it. */
    @ParameterizedTest
    @MethodSource("dates")
    void theTimeToWaitIsReadInEachForm(String retryAfter, String date, int seconds) {
        Map<String, String> headers = new HashMap<>();
        headers.put("retry-after", retryAfter);
        headers.put("Date", date);
        assertThat(ReadFailure.of(new HttpOperationFailedException("http://127.0.0.1", 429, "", null, headers, ""))
                        .retryAfter())
                .contains(Duration.ofSeconds(seconds));
    }

    private static String base(PolledSystem system, String name) {
        return "/" + system.instance(name);
    }

    private static String problem(PolledSystem system, int id) {
        return system.problem(id, scene.clock.instant().minusSeconds(60));
    }

    private static PollReport run(PolledSystem system, String name) {
        return scene.poller.run(system.provider, system.instance(name));
    }

    private static void answer(PolledSystem system, String name, String body) {
        answer(system, name, okJson(body));
        String base = base(system, name);
        MappingBuilder ended = system.ended(system.first(base));
        if (ended != null) {
            SERVER.stubFor(ended.atPriority(1).willReturn(okJson(system.page(false))));
        }
        answerSecond(system, name, system.page(false));
    }

    private static void answer(PolledSystem system, String name, ResponseDefinitionBuilder response) {
        SERVER.stubFor(system.first(base(system, name)).atPriority(5).willReturn(response));
    }

    private static void answerSecond(PolledSystem system, String name, String body) {
        MappingBuilder second = system.second(base(system, name));
        if (second != null) {
            SERVER.stubFor(second.atPriority(2).willReturn(okJson(body)));
        }
    }

    private static RequestPatternBuilder requested(PolledSystem system, String name) {
        return anyRequestedFor(urlMatching(base(system, name) + "([/?].*)?"));
    }

    private static long alerts(PolledSystem system, String name) throws Exception {
        return count("alert", system, name);
    }

    private static long receipts(PolledSystem system, String name) throws Exception {
        return count("receipt", system, name);
    }

    private static long count(String table, PolledSystem system, String name) throws Exception {
        return FreshStore.number(
                scene.store,
                "select count(*) from " + table + " where provider = '" + system.provider + "' and instance = '"
                        + system.instance(name) + "'");
    }

    private static long cursors(PolledSystem system, String name) throws Exception {
        return FreshStore.number(
                scene.store,
                "select count(*) from poll_cursor where name like 'poll/" + system.provider + "/"
                        + system.instance(name) + "%' and name not like '%/not-before'");
    }
}
