package io.serai.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.serai.deliver.NotifierHarness;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message for a Teams workflow; facts of the Adaptive Card 1.4 schema are asserted on every card. */
class TeamsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The address holds its credential, so every byte of it has to arrive. */
    private static final String PATH = "/workflows/0f3a/triggers/manual/paths/invoke"
            + "?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=not-a-signature_-x";

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
                "long-text"
            })
    void theWorkflowGetsOneCard(String sample) throws Exception {
        stub.stubFor(post(anyUrl()).willReturn(aResponse().withStatus(202)));
        try (NotifierHarness harness = NotifierHarness.start("teams", Map.of("url", stub.baseUrl() + PATH))) {
            harness.send(sample);

            LoggedRequest request = stub.getAllServeEvents().get(0).getRequest();
            // Camel puts the parameters in order; each is as it was.
            assertThat(request.getUrl().split("[?&]")).containsExactlyInAnyOrder(PATH.split("[?&]"));
            assertThat(request.getBody().length).as("Teams' limit").isLessThan(28 * 1024);
            JsonNode message = JSON.readTree(request.getBody());
            assertThat(message).isEqualTo(harness.expected(sample).get("body"));
            assertThat(message.get("type").asText()).isEqualTo("message");
            assertThat(message.get("attachments")).hasSize(1);
            assertThat(message.at("/attachments/0/contentType").asText())
                    .isEqualTo("application/vnd.microsoft.card.adaptive");
            JsonNode card = message.at("/attachments/0/content");
            assertThat(card.get("type").asText()).isEqualTo("AdaptiveCard");
            assertThat(card.at("/msteams/entities").isMissingNode())
                    .as("no mention is declared")
                    .isTrue();
            for (JsonNode block : card.get("body")) {
                assertThat(block.get("type").asText()).isEqualTo("RichTextBlock");
                for (JsonNode run : block.get("inlines")) {
                    // A text run has no Markdown; a text block would have.
                    assertThat(run.get("type").asText()).isEqualTo("TextRun");
                    assertThat(run.get("text").asText()).isNotEmpty().doesNotContain("{{", "<at");
                    assertThat(run.path("color").asText("Default"))
                            .isIn("Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention");
                }
            }
            for (JsonNode action : card.path("actions")) {
                assertThat(action.get("type").asText()).isEqualTo("Action.OpenUrl");
                assertThat(action.get("url").asText()).startsWith("https://");
            }
        }
    }
}
