package io.serai.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dikhan.pagerduty.client.events.PagerDutyEventsClient;
import com.github.dikhan.pagerduty.client.events.domain.AcknowledgeIncident.AcknowledgeIncidentBuilder;
import com.github.dikhan.pagerduty.client.events.domain.ImageContext;
import com.github.dikhan.pagerduty.client.events.domain.LinkContext;
import com.github.dikhan.pagerduty.client.events.domain.Payload;
import com.github.dikhan.pagerduty.client.events.domain.ResolveIncident.ResolveIncidentBuilder;
import com.github.dikhan.pagerduty.client.events.domain.Severity;
import com.github.dikhan.pagerduty.client.events.domain.TriggerIncident.TriggerIncidentBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.serai.deliver.NotifierHarness;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.json.JSONObject;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The witness: the Events v2 client that PagerDuty lists for Java makes the requests that our route makes. */
class PagerDutyWitnessTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "firing",
                "acknowledged",
                "changed",
                "resolved",
                "reopened",
                "hostile-title",
                "few-fields",
                "image"
            })
    void theClientMakesTheSameRequest(String sample) throws Exception {
        stub.stubFor(post(anyUrl())
                .willReturn(jsonResponse("{\"status\":\"success\",\"message\":\"ok\",\"dedup_key\":\"x\"}", 202)));
        try (NotifierHarness harness =
                NotifierHarness.start("pagerduty", Map.of("url", stub.baseUrl(), "routing-key", KEY))) {
            harness.send(sample);
        }
        JsonNode ours = body(only());
        String path = only().getUrl();
        stub.resetRequests();

        sendByClient(ours);

        LoggedRequest theirs = only();
        assertThat(theirs.getUrl()).isEqualTo(path);
        assertThat(theirs.getHeader("Content-Type")).startsWith("application/json");
        ObjectNode said = (ObjectNode) body(theirs);
        withoutFillers(said);
        sameTime(said, ours);
        assertThat(said).isEqualTo(ours);
    }

    private void sendByClient(JsonNode ours) throws Exception {
        PagerDutyEventsClient client = PagerDutyEventsClient.create(stub.baseUrl() + "/v2/enqueue");
        String key = ours.get("dedup_key").asText();
        switch (ours.get("event_action").asText()) {
            case "trigger" -> client.trigger(trigger(ours, key).build());
            case "acknowledge" ->
                client.acknowledge(
                        AcknowledgeIncidentBuilder.newBuilder(KEY, key).build());
            default ->
                client.resolve(ResolveIncidentBuilder.newBuilder(KEY, key).build());
        }
    }

    private static TriggerIncidentBuilder trigger(JsonNode ours, String key) throws Exception {
        JsonNode given = ours.get("payload");
        Payload payload = Payload.Builder.newBuilder()
                .setSummary(given.get("summary").asText())
                .setSource(given.get("source").asText())
                .setSeverity(Severity.valueOf(given.get("severity").asText().toUpperCase(Locale.ROOT)))
                .setTimestamp(OffsetDateTime.parse(given.get("timestamp").asText()))
                .setComponent(text(given, "component"))
                .setGroup(text(given, "group"))
                .setEventClass(text(given, "class"))
                .setCustomDetails(new JSONObject(JSON.writeValueAsString(given.get("custom_details"))))
                .build();
        TriggerIncidentBuilder builder = TriggerIncidentBuilder.newBuilder(KEY, payload);
        builder.setDedupKey(key);
        builder.setClient(text(ours, "client"));
        builder.setClientUrl(text(ours, "client_url"));
        List<LinkContext> links = new ArrayList<>();
        ours.path("links").forEach(each -> links.add(new LinkContext(text(each, "href"), text(each, "text"))));
        builder.setLinks(links);
        List<ImageContext> images = new ArrayList<>();
        ours.path("images").forEach(each -> {
            ImageContext image = new ImageContext(text(each, "src"));
            image.setAlt(text(each, "alt"));
            images.add(image);
        });
        builder.setImages(images);
        return builder;
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).textValue();
    }

    /** The client writes out what it was not given, and a blank payload where the API wants none. */
    private static void withoutFillers(ObjectNode said) {
        unsaid(said);
        if (said.get("payload") instanceof ObjectNode payload) {
            unsaid(payload);
            if (payload.get("summary").asText().equals("BLANK")) {
                said.remove("payload");
            }
        }
        said.path("images").forEach(each -> unsaid((ObjectNode) each));
    }

    private static void unsaid(ObjectNode node) {
        node.properties()
                .removeIf(each -> each.getValue().isNull()
                        || each.getValue().isContainerNode() && each.getValue().isEmpty());
    }

    private static void sameTime(ObjectNode said, JsonNode ours) {
        if (said.get("payload") instanceof ObjectNode payload) {
            assertThat(OffsetDateTime.parse(payload.get("timestamp").asText()).toInstant())
                    .isEqualTo(Instant.parse(ours.at("/payload/timestamp").asText()));
            payload.set("timestamp", ours.at("/payload/timestamp"));
        }
    }

    private LoggedRequest only() {
        List<LoggedRequest> requests = stub.findAll(postRequestedFor(anyUrl()));
        assertThat(requests).hasSize(1);
        return requests.get(0);
    }

    private static JsonNode body(LoggedRequest request) throws Exception {
        return JSON.readTree(request.getBody());
    }
}
