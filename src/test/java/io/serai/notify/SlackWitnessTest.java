package io.serai.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import com.google.gson.Gson;
import com.slack.api.Slack;
import com.slack.api.SlackConfig;
import com.slack.api.methods.MethodsClient;
import com.slack.api.methods.request.chat.ChatPostMessageRequest;
import com.slack.api.methods.request.chat.ChatUpdateRequest;
import com.slack.api.util.json.GsonFactory;
import com.slack.api.webhook.Payload;
import io.serai.deliver.NotifierHarness;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The witness: Slack's own SDK. Its model reads our message, and what the SDK then sends of it must be our request again.
 * A field or a block that Slack does not have would be refused, or lost on the way.
 */
class SlackWitnessTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "xoxb-not-a-token";

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    private final SlackConfig config = quiet();
    private final Slack slack = Slack.getInstance(config);
    private final Gson model = GsonFactory.createSnakeCase(config);

    private static SlackConfig quiet() {
        SlackConfig config = new SlackConfig();
        config.setStatsEnabled(false);
        return config;
    }

    @AfterEach
    void close() throws Exception {
        slack.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"firing", "changed", "resolved", "hostile-text", "long-text", "minimal-test"})
    void theSdkSendsTheSameToAWebhook(String sample) throws Exception {
        stub.stubFor(post(anyUrl()).willReturn(aResponse().withBody("ok")));
        String url = stub.baseUrl() + "/services/T0/B0/key";
        try (NotifierHarness harness = NotifierHarness.start("slack", Map.of("url", url))) {
            harness.send(sample);
        }
        ObjectNode ours = (ObjectNode) JSON.readTree(taken().get(0).getBody());
        // Webhooks take it since their beginning; the SDK knows it in the Web API alone.
        ours.remove("link_names");
        stub.resetRequests();

        slack.send(url, model.fromJson(ours.toString(), Payload.class));

        LoggedRequest theirs = taken().get(0);
        assertThat(theirs.getHeader("Content-Type")).startsWith("application/json");
        assertThat(JSON.readTree(theirs.getBody())).isEqualTo(ours);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bot-firing", "bot-resolved"})
    void theSdkCallsTheSameMethods(String sample) throws Exception {
        stub.stubFor(post(anyUrl())
                .willReturn(okJson("{\"ok\":true,\"channel\":\"C0AB12CD3\",\"ts\":\"1763712902.000100\"}")));
        Map<String, String> bot =
                Map.of("mode", "bot", "token", TOKEN, "channel", "C0AB12CD3", "api-url", stub.baseUrl() + "/api");
        try (NotifierHarness harness = NotifierHarness.start("slack", bot)) {
            harness.send(sample);
        }
        List<LoggedRequest> ours = taken();
        stub.resetRequests();

        config.setMethodsEndpointUrlPrefix(stub.baseUrl() + "/api/");
        MethodsClient methods = slack.methods(TOKEN);
        for (LoggedRequest each : ours) {
            String said = each.getBodyAsString();
            if (each.getUrl().endsWith("chat.update")) {
                methods.chatUpdate(model.fromJson(said, ChatUpdateRequest.class));
            } else {
                methods.chatPostMessage(model.fromJson(said, ChatPostMessageRequest.class));
            }
        }

        List<LoggedRequest> theirs = taken();
        assertThat(theirs).hasSameSizeAs(ours).isNotEmpty();
        for (int i = 0; i < ours.size(); i++) {
            assertThat(theirs.get(i).getUrl()).isEqualTo(ours.get(i).getUrl());
            assertThat(theirs.get(i).getHeader("Authorization"))
                    .isEqualTo(ours.get(i).getHeader("Authorization"));
            assertSame(
                    form(theirs.get(i)), (ObjectNode) JSON.readTree(ours.get(i).getBody()));
        }
    }

    /** The SDK writes a form with JSON in its fields; Slack takes a JSON body for the same. */
    private static void assertSame(Map<String, String> form, ObjectNode ours) throws Exception {
        for (String field : new TreeSet<>(fields(ours))) {
            JsonNode value = ours.get(field);
            JsonNode said =
                    value.isTextual() ? JSON.getNodeFactory().textNode(form.get(field)) : parsed(form.get(field));
            assertThat(said).as(field).isEqualTo(value);
        }
        form.keySet().removeAll(fields(ours));
        // What is left are the SDK's own defaults.
        assertThat(form.keySet()).isSubsetOf("mrkdwn", "reply_broadcast", "unfurl_media", "token");
    }

    private static List<String> fields(ObjectNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    private static JsonNode parsed(String text) throws Exception {
        // Flags of a form are 1 and 0.
        return text.equals("1") || text.equals("0")
                ? JSON.getNodeFactory().booleanNode(text.equals("1"))
                : JSON.readTree(text);
    }

    private static Map<String, String> form(LoggedRequest request) {
        Map<String, String> form = new HashMap<>();
        request.getFormParameters().forEach((name, value) -> form.put(name, value.firstValue()));
        return form;
    }

    private List<LoggedRequest> taken() {
        return stub.findAll(postRequestedFor(anyUrl()));
    }
}
