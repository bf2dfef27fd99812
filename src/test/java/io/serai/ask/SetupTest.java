package io.serai.ask;

import static io.serai.Hub.data;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.serai.Hub;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** K13: vendors are made to post to Serai through their APIs, once, truthfully, with a key that can do nothing else. */
class SetupTest {
    private static final String PUBLIC = "https://serai.example.org/in";
    private static final Map<String, VendorStub.Form> FORMS = Map.of(
            "overwatch", new VendorStub.Form("/api/v1/webhooks", "webhooks", null, "id", false),
            "grafana", new VendorStub.Form("/api/v1/provisioning/contact-points", null, null, "uid", false),
            "datadog",
                    new VendorStub.Form(
                            "/api/v1/integration/webhooks/configuration/webhooks", null, null, "name", true),
            "pagerduty",
                    new VendorStub.Form(
                            "/webhook_subscriptions", "webhook_subscriptions", "webhook_subscription", "id", false),
            "opsgenie", new VendorStub.Form("/v2/integrations", "data", null, "id", false, "data", true));
    private static final Pattern KEY = Pattern.compile("serai_[0-9a-z]{10}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}");
    private static final Map<String, VendorStub> VENDORS = new LinkedHashMap<>();

    @RegisterExtension
    static final WireMockExtension DYNATRACE = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().dynamicPort())
            .build();

    @TempDir
    static Path folder;

    private static Hub hub;

    @BeforeAll
    static void open() throws Exception {
        Map<String, String> settings = new HashMap<>();
        for (Map.Entry<String, VendorStub.Form> each : FORMS.entrySet()) {
            VendorStub vendor = new VendorStub(each.getValue());
            VENDORS.put(each.getKey(), vendor);
            String prefix = "serai.provider." + each.getKey() + ".";
            settings.put(prefix + "api-url", vendor.url());
            settings.put(prefix + (each.getKey().equals("grafana") ? "api-token" : "api-key"), "vendor-key-1");
        }
        settings.put("serai.provider.datadog.app-key", "vendor-app-key-1");
        settings.put("serai.provider.overwatch.closed.api-url", "http://127.0.0.1:1");
        settings.put("serai.provider.overwatch.closed.api-key", "vendor-key-1");
        settings.put("serai.provider.dynatrace.tenant", DYNATRACE.baseUrl());
        settings.put("serai.provider.dynatrace.api-token", "dt0c01.T");
        hub = new Hub(folder, settings);
    }

    @AfterAll
    static void close() {
        hub.close();
        VENDORS.values().forEach(VendorStub::close);
    }

    @AfterEach
    void forget() throws Exception {
        for (Map.Entry<String, VendorStub> each : VENDORS.entrySet()) {
            each.getValue().clear();
            setup(each.getKey(), "{\"remove\": true}");
        }
    }

    private static HttpResponse<String> setup(String provider, String body) throws Exception {
        return hub.post("/api/providers/" + provider + "/setup", body, "X-API-KEY", hub.operatorKey());
    }

    private static JsonNode apply(String provider) throws Exception {
        return data(setup(provider, "{\"url\": \"" + PUBLIC + "/\"}"));
    }

    /** The one thing that is there, as text. */
    private static String only(String provider) {
        Map<String, ObjectNode> things = VENDORS.get(provider).things();
        assertThat(things).hasSize(1);
        return things.values().iterator().next().toString();
    }

    /** The key that the vendor was given. */
    private static String key(String thing) {
        Matcher matcher = KEY.matcher(thing);
        assertThat(matcher.find()).as(thing).isTrue();
        return matcher.group();
    }

    private static int status(String key, String path) throws Exception {
        return hub.post(path, "{}", "X-API-KEY", key).statusCode();
    }

    @ParameterizedTest
    @ValueSource(strings = {"overwatch", "grafana", "datadog", "pagerduty", "opsgenie"})
    void twiceMakesOneWithAFreshKeyThatMaySendAndNothingElse(String provider) throws Exception {
        JsonNode first = apply(provider);
        String before = only(provider);
        assertThat(first.path("url").asText()).isEqualTo(PUBLIC + "/api/alerts/event/" + provider);
        assertThat(before).contains(PUBLIC + "/api/alerts/event/" + provider);
        assertThat(first.at("/done/0/did").asText()).isEqualTo("created");
        String key = key(before);
        assertThat(status(key, "/api/alerts/event/" + provider)).isNotIn(401, 403);
        assertThat(status(key, "/api/alerts/event/generic")).isEqualTo(403);
        assertThat(status(key, "/api/providers/overwatch/check")).isEqualTo(403);

        JsonNode second = apply(provider);
        String after = only(provider);
        assertThat(second.at("/done/0/did").asText()).isIn("updated", "replaced");
        assertThat(key(after)).isNotEqualTo(key);
        assertThat(status(key(after), "/api/alerts/event/" + provider)).isNotIn(401, 403);
        assertThat(status(key, "/api/alerts/event/" + provider)).isEqualTo(401);
        assertThat(second.toString()).doesNotContain(key(after));

        JsonNode removed = data(setup(provider, "{\"remove\": true}"));
        assertThat(VENDORS.get(provider).things()).isEmpty();
        assertThat(removed.path("keys_revoked").asInt()).isEqualTo(1);
        assertThat(status(key(after), "/api/alerts/event/" + provider)).isEqualTo(401);
        assertThat(data(setup(provider, "{\"remove\": true}")).path("done")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"overwatch", "grafana", "datadog", "pagerduty", "opsgenie"})
    void aRefusalIsNoSuccessAndLeavesNoKey(String provider) throws Exception {
        VENDORS.get(provider).next(VendorStub.Trouble.REFUSED);
        HttpResponse<String> response = setup(provider, "{\"url\": \"" + PUBLIC + "\"}");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("Set-up failed: ", "\"auth\"");
        assertThat(VENDORS.get(provider).things()).isEmpty();
        assertThat(data(setup(provider, "{\"remove\": true}"))
                        .path("keys_revoked")
                        .asInt())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"overwatch", "grafana", "datadog", "pagerduty", "opsgenie"})
    void aLostAnswerMakesNoSecondOne(String provider) throws Exception {
        VENDORS.get(provider).next(VendorStub.Trouble.LOST);
        assertThat(apply(provider).at("/done/0/did").asText()).isEqualTo("created");
        assertThat(status(key(only(provider)), "/api/alerts/event/" + provider)).isNotIn(401, 403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"overwatch", "grafana", "datadog", "pagerduty", "opsgenie"})
    void whatTheVendorOnlySaysItDidIsAFailure(String provider) throws Exception {
        VENDORS.get(provider).next(VendorStub.Trouble.LIE);
        assertThat(setup(provider, "{\"url\": \"" + PUBLIC + "\"}").body()).contains("but has none");
        apply(provider);
        VENDORS.get(provider).next(VendorStub.Trouble.LIE);
        assertThat(setup(provider, "{\"remove\": true}").body()).contains("but has it still");
        assertThat(status(key(only(provider)), "/api/alerts/event/" + provider)).isNotIn(401, 403);
    }

    /** An integration that Opsgenie switched off, or somebody did, is on again afterwards, and only then it is done. */
    @Test
    void opsgeniesIntegrationIsSwitchedOn() throws Exception {
        assertThat(apply("opsgenie").path("done").findValuesAsText("did")).containsExactly("created", "created");
        assertThat(only("opsgenie")).contains("\"enabled\":true", "\"type\":\"Webhook\"");
        assertThat(apply("opsgenie").path("done").findValuesAsText("did")).containsExactly("updated", "found");

        VENDORS.get("opsgenie").clear();
        VENDORS.get("opsgenie").next(VendorStub.Trouble.NONE, VendorStub.Trouble.LIE);
        assertThat(setup("opsgenie", "{\"url\": \"" + PUBLIC + "\"}").body()).contains("made the switch, but has none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"url\": \"ftp://x\"}",
                "{\"url\": \"https://x\", \"name\": \"a b\"}",
                "{\"uri\": \"https://x\"}"
            })
    void aWrongRequestChangesNothing(String body) throws Exception {
        assertThat(setup("overwatch", body).statusCode()).isEqualTo(400);
        assertThat(VENDORS.get("overwatch").things()).isEmpty();
    }

    @Test
    void aSystemThatIsNotThereGetsNoKey() throws Exception {
        String body = "{\"instance\": \"closed\", \"url\": \"" + PUBLIC + "\"}";
        assertThat(setup("overwatch", body).body()).contains("Set-up failed: ", "\"connection\"");
        assertThat(hub.get("/api/keys", "X-API-KEY", hub.operatorKey()).body()).doesNotContain("overwatch/closed");
    }

    @Test
    void dynatracesNotificationBelongsToAProfileThatMustBeThere() throws Exception {
        String objects = "/api/v2/settings/objects";
        String profiles = "builtin:alerting.profile";
        String notifications = "builtin:problem.notifications";
        DYNATRACE.stubFor(WireMock.get(WireMock.urlPathEqualTo(objects))
                .withQueryParam("schemaIds", WireMock.equalTo(profiles))
                .willReturn(WireMock.okJson("{\"items\": []}")));
        assertThat(setup("dynatrace", "{\"url\": \"" + PUBLIC + "\"}").body())
                .contains("there is no profile over there");

        DYNATRACE.stubFor(WireMock.get(WireMock.urlPathEqualTo(objects))
                .withQueryParam("schemaIds", WireMock.equalTo(profiles))
                .willReturn(WireMock.okJson("{\"items\": [{\"objectId\": \"p-0\", \"value\": {\"name\": \"Night\"}},"
                        + " {\"objectId\": \"p-1\", \"value\": {\"name\": \"Default\"}}]}")));
        DYNATRACE.stubFor(WireMock.get(WireMock.urlPathEqualTo(objects))
                .withQueryParam("schemaIds", WireMock.equalTo(notifications))
                .inScenario("there")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(WireMock.okJson("{\"items\": []}")));
        DYNATRACE.stubFor(WireMock.post(objects)
                .inScenario("there")
                .willReturn(WireMock.okJson("[{\"code\": 200, \"objectId\": \"n-1\"}]"))
                .willSetStateTo("made"));
        DYNATRACE.stubFor(WireMock.get(WireMock.urlPathEqualTo(objects))
                .withQueryParam("schemaIds", WireMock.equalTo(notifications))
                .inScenario("there")
                .whenScenarioStateIs("made")
                .willReturn(WireMock.okJson(
                        "{\"items\": [{\"objectId\": \"n-1\", \"value\": {\"displayName\": \"serai\"}}]}")));
        DYNATRACE.stubFor(WireMock.put(objects + "/n-1").willReturn(WireMock.okJson("{\"code\": 200}")));
        DYNATRACE.stubFor(WireMock.delete(objects + "/n-1")
                .inScenario("there")
                .willReturn(WireMock.noContent())
                .willSetStateTo(Scenario.STARTED));

        assertThat(apply("dynatrace").path("done").findValuesAsText("did")).containsExactly("found", "created");
        DYNATRACE.verify(WireMock.postRequestedFor(WireMock.urlEqualTo(objects))
                .withHeader("Authorization", WireMock.equalTo("Api-Token dt0c01.T"))
                .withRequestBody(WireMock.matchingJsonPath("$[0].value.alertingProfile", WireMock.equalTo("p-1")))
                .withRequestBody(WireMock.matchingJsonPath(
                        "$[0].value.webHookNotification.url", WireMock.equalTo(PUBLIC + "/api/alerts/event/dynatrace")))
                .withRequestBody(WireMock.matchingJsonPath(
                        "$[0].value.webHookNotification.headers[0].secretValue", WireMock.matching(KEY.pattern())))
                .withRequestBody(WireMock.matchingJsonPath(
                        "$[0].value.webHookNotification.payload", WireMock.containing("\"{ProblemID}\""))));
        assertThat(apply("dynatrace").path("done").findValuesAsText("did")).containsExactly("found", "updated");
        assertThat(data(setup("dynatrace", "{\"remove\": true}")).path("done").findValuesAsText("thing"))
                .containsExactly("notification");
    }
}
