package io.serai.poll;

import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.serai.record.FreshStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Kibana's alert documents, searched in Elasticsearch. */
class ElasticPollTest {
    private static final String SEARCH = "/.alerts-*/_search";

    @RegisterExtension
    static final WireMockExtension SERVER =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    @TempDir
    Path data;

    private PollScene scene;

    @BeforeEach
    void open() throws Exception {
        scene = new PollScene(
                data,
                Map.of("serai.provider.elastic.api-url", SERVER.baseUrl(), "serai.provider.elastic.api-key", "a2V5"));
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void pagesAreReadByTheSortOfTheLastHit() {
        SERVER.stubFor(post(urlPathEqualTo(SEARCH))
                .withRequestBody(matchingJsonPath("$.query.bool.should[0].range['@timestamp'].gte", equalTo("now-1d")))
                .willReturn(okJson(hits(
                        IntStream.range(0, 100).mapToObj(i -> hit(i, "active")).collect(Collectors.joining(","))))));
        SERVER.stubFor(post(urlPathEqualTo(SEARCH))
                .withRequestBody(matchingJsonPath("$.search_after[0]", equalTo("1931502300099")))
                .withRequestBody(matchingJsonPath("$.search_after[1]", equalTo("u99")))
                .willReturn(okJson(hits(hit(100, "recovered")))));

        PollReport report = scene.poller.pull("elastic", "default", Range.DAY);

        assertThat(report.problem()).isNull();
        assertThat(report.seen()).isEqualTo(101);
        assertThat(report.verdicts()).containsOnly(Map.entry("new", 100), Map.entry("late-resolve", 1));
        SERVER.verify(
                2,
                postRequestedFor(urlPathEqualTo(SEARCH))
                        .withHeader("Authorization", equalTo("ApiKey a2V5"))
                        .withHeader("Content-Type", containing("application/json")));
    }

    @Test
    void aDocumentThatOnlyGotANewTimeIsNotRecordedAgainAndARecoveryIs() {
        SERVER.stubFor(post(urlPathEqualTo(SEARCH)).willReturn(okJson(hits(hit(1, "active")))));
        assertThat(scene.poller.run("elastic", "default").verdicts()).containsOnly(Map.entry("new", 1));
        String from = String.valueOf(scene.clock.instant().minus(Poller.OVERLAP).toEpochMilli());
        scene.clock.forward(Duration.ofMinutes(1));
        SERVER.stubFor(post(urlPathEqualTo(SEARCH))
                .willReturn(okJson(hits(hit(1, "active").replace("2031-03-17T08:25", "2031-03-17T08:30")))));

        assertThat(scene.poller.run("elastic", "default").recorded()).isZero();
        SERVER.verify(postRequestedFor(urlPathEqualTo(SEARCH))
                .withRequestBody(matchingJsonPath("$.query.bool.should[1].range.*.gte", equalTo(from))));

        scene.clock.forward(Duration.ofMinutes(1));
        SERVER.stubFor(post(urlPathEqualTo(SEARCH)).willReturn(okJson(hits(hit(1, "recovered")))));
        assertThat(scene.poller.run("elastic", "default").verdicts()).containsOnly(Map.entry("resolved", 1));
    }

    @Test
    void aSearchThatReadNotAllShardsIsAProblem() throws Exception {
        SERVER.stubFor(post(urlPathEqualTo(SEARCH))
                .willReturn(okJson("{\"timed_out\": false, \"_shards\": {\"failed\": 1}, \"hits\": {\"hits\": []}}")));

        assertThat(scene.poller.run("elastic", "default").problem()).isNotNull();
        assertThat(FreshStore.number(scene.store, "select count(*) from poll_cursor where name like 'poll/%'"))
                .isZero();
    }

    private static String hits(String hits) {
        return "{\"timed_out\": false, \"_shards\": {\"failed\": 0}, \"hits\": {\"hits\": [" + hits + "]}}";
    }

    private static String hit(int number, String status) {
        return """
                {"_index": ".alerts-stack", "_id": "u%1$d", "sort": [%3$d, "u%1$d"], "_source": {"@timestamp": "2031-03-17T08:25:00Z",
                 "kibana.alert.uuid": "u%1$d", "kibana.alert.instance.id": "host-%1$d", "kibana.alert.status": "%2$s",
                 "kibana.alert.start": "2031-03-17T08:00:00Z", "kibana.alert.rule.uuid": "r", "kibana.alert.rule.name": "Slow"}}"""
                .formatted(number, status, 1931502300000L + number);
    }
}
