package io.serai.poll;

import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.BasicCredentials;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.serai.record.FreshStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** K7: polling Icinga 2 and Zabbix; what is polled is the alert that their notification told of. */
class MonitorPollTest {
    private static final String HOSTS = "/v1/objects/hosts";
    private static final String SERVICES = "/v1/objects/services";
    private static final String RPC = "/api_jsonrpc.php";

    @RegisterExtension
    static final WireMockExtension API =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    @TempDir
    Path data;

    private PollScene scene;

    @AfterEach
    void close() {
        if (scene != null) {
            scene.close();
        }
    }

    private void open(String provider, String... settings) throws Exception {
        Map<String, String> all = new HashMap<>();
        all.put("serai.provider." + provider + ".api-url", API.baseUrl());
        for (int i = 0; i < settings.length; i += 2) {
            all.put("serai.provider." + provider + "." + settings[i], settings[i + 1]);
        }
        scene = new PollScene(data, all);
    }

    private static String service(int state, String since, int acknowledgement) {
        return ("{\"results\":[{\"type\":\"Service\",\"name\":\"oven-9!door\",\"attrs\":{\"name\":\"door\",\"host_name\":\"oven-9\","
                        + "\"display_name\":\"Door\",\"state\":%d.0,\"state_type\":1.0,\"last_hard_state_change\":%s,"
                        + "\"acknowledgement\":%d,\"downtime_depth\":0,\"last_check_result\":{\"output\":\"DOOR\","
                        + "\"command\":[\"check\",\"--password\",\"geheim\"],\"state\":%d}}}]}")
                .formatted(state, since, acknowledgement, state);
    }

    @Test
    void whatIcingaNotifiedIsReadAgainAndToldOnce() throws Exception {
        API.stubFor(get(urlPathEqualTo(HOSTS)).willReturn(okJson("{\"results\":[]}")));
        API.stubFor(get(urlPathEqualTo(SERVICES)).willReturn(okJson(service(2, "1931502600.5", 0))));
        open("icinga2", "api-user", "serai", "api-password", "K");
        scene.push(
                "icinga2",
                "{\"notification_type\":\"PROBLEM\",\"host_name\":\"oven-9\",\"host_state\":\"UP\","
                        + "\"service_name\":\"door\",\"service_state\":\"CRITICAL\",\"service_output\":\"DOOR\"}");

        assertThat(scene.poller.run("icinga2", "default").verdicts()).containsOnly(Map.entry("duplicate", 1));
        assertThat(scene.poller.run("icinga2", "default").verdicts()).isEmpty();
        API.stubFor(get(urlPathEqualTo(SERVICES)).willReturn(okJson(service(2, "1931502600.5", 1))));
        assertThat(scene.poller.run("icinga2", "default").verdicts()).containsOnly(Map.entry("changed", 1));
        API.stubFor(get(urlPathEqualTo(SERVICES)).willReturn(okJson(service(0, "1931502700.25", 0))));
        assertThat(scene.poller.run("icinga2", "default").verdicts()).containsOnly(Map.entry("resolved", 1));

        assertThat(FreshStore.number(scene.store, "select count(*) from alert")).isEqualTo(1);
        assertThat(FreshStore.number(
                        scene.store, "select count(*) from receipt where cast(body as text) like '%geheim%'"))
                .isZero();
        API.verify(getRequestedFor(urlPathEqualTo(SERVICES))
                .withBasicAuth(new BasicCredentials("serai", "K"))
                .withQueryParam("filter", containing("service.state_type==1&&(service.state!=0||")));
    }

    private static String event(String id, String recovery, String acknowledged) {
        return ("{\"eventid\":\"%s\",\"source\":\"0\",\"object\":\"0\",\"objectid\":\"90071992547409931234\",\"clock\":\"1931502600\","
                        + "\"r_eventid\":\"%s\",\"name\":\"Core is too hot\",\"severity\":\"4\",\"acknowledged\":\"%s\",\"suppressed\":\"0\","
                        + "\"opdata\":\"\",\"hosts\":[{\"hostid\":\"1\",\"name\":\"oven-9\"}],\"tags\":[]}")
                .formatted(id, recovery, acknowledged);
    }

    private static String events(String... events) {
        return "{\"jsonrpc\":\"2.0\",\"result\":[" + String.join(",", events) + "],\"id\":1}";
    }

    @Test
    void anOlderProblemOfTheSameTriggerDoesNotCloseTheNewerOne() throws Exception {
        API.stubFor(post(urlPathEqualTo(RPC)).willReturn(okJson(events(event("10", "0", "0"), event("9", "8", "0")))));
        open("zabbix", "api-token", "K");
        scene.push(
                "zabbix",
                "{\"trigger_id\":\"90071992547409931234\",\"event_id\":\"10\",\"event_value\":\"1\",\"event_nseverity\":\"4\","
                        + "\"event_name\":\"Core is too hot\"}");

        assertThat(scene.poller.run("zabbix", "default").verdicts()).containsOnly(Map.entry("duplicate", 1));
        API.stubFor(post(urlPathEqualTo(RPC)).willReturn(okJson(events(event("10", "11", "0")))));
        assertThat(scene.poller.run("zabbix", "default").verdicts()).containsOnly(Map.entry("resolved", 1));
        API.verify(postRequestedFor(urlPathEqualTo(RPC))
                .withHeader("Authorization", equalTo("Bearer K"))
                .withRequestBody(equalToJson("{\"method\":\"event.get\"}", true, true)));
    }

    /** JSON-RPC answers a refusal with 200 too. */
    @Test
    void aRefusalOfZabbixDoesNotMoveTheCursor() throws Exception {
        API.stubFor(post(urlPathEqualTo(RPC))
                .willReturn(okJson("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32602,\"message\":\"Invalid params.\","
                        + "\"data\":\"Not authorized.\"},\"id\":1}")));
        open("zabbix", "api-token", "K", "api-auth", "body");

        PollReport refused = scene.poller.run("zabbix", "default");
        assertThat(refused.problem()).startsWith("Zabbix refuses the request");
        assertThat(refused.failure()).isEqualTo(ReadFailure.Kind.AUTH);
        assertThat(FreshStore.number(scene.store, "select count(*) from poll_cursor where name like 'poll/%'"))
                .isZero();
        API.verify(postRequestedFor(urlPathEqualTo(RPC))
                .withRequestBody(equalToJson("{\"method\":\"event.get\",\"auth\":\"K\"}", true, true)));
    }

    /** GraphQL too. */
    @Test
    void whatNerdGraphRefusesIsTheKeyOrTheQuery() throws Exception {
        open("newrelic", "api-key", "K", "account-id", "1000001");
        API.stubFor(post(urlPathEqualTo("/graphql"))
                .willReturn(okJson("{\"data\":null,\"errors\":[{\"message\":\"Access denied.\"}]}")));
        assertThat(scene.poller.run("newrelic", "default").failure()).isEqualTo(ReadFailure.Kind.AUTH);
        API.stubFor(post(urlPathEqualTo("/graphql"))
                .willReturn(okJson("{\"data\":null,\"errors\":[{\"message\":\"Cannot query field x\"}]}")));
        assertThat(scene.poller.run("newrelic", "default").failure()).isEqualTo(ReadFailure.Kind.API);
    }
}
