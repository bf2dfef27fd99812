package io.serai.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.serai.deliver.NotifierHarness;
import io.serai.deliver.SendFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fault 29: one issue per opening, whatever becomes of an answer. */
class JiraTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SEARCH = "/rest/api/3/search/jql";
    private static final String NONE = "{\"issues\":[]}";
    private static final String TRANSITIONS =
            "{\"transitions\":[{\"id\":\"11\",\"name\":\"To Do\"},{\"id\":\"31\",\"name\":\"DONE\"}]}";

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    private NotifierHarness start(String... more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "url", stub.baseUrl(),
                "user", "serai@shop.example",
                "token", "not-a-token",
                "project", "OPS"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return NotifierHarness.start("jira", settings);
    }

    private static String found(String key, String category) {
        return "{\"issues\":[{\"key\":\"" + key + "\",\"fields\":{\"status\":{\"statusCategory\":{\"key\":\"" + category
                + "\"}}}}]}";
    }

    private void searchFinds(String answer) {
        stub.stubFor(
                post(SEARCH).withBasicAuth("serai@shop.example", "not-a-token").willReturn(okJson(answer)));
    }

    private void issueTakes() {
        stub.stubFor(post("/rest/api/3/issue/OPS-12/comment")
                .withBasicAuth("serai@shop.example", "not-a-token")
                .willReturn(aResponse().withStatus(201).withBody("{\"id\":\"1\"}")));
        stub.stubFor(get("/rest/api/3/issue/OPS-12/transitions")
                .withBasicAuth("serai@shop.example", "not-a-token")
                .willReturn(okJson(TRANSITIONS)));
        stub.stubFor(post("/rest/api/3/issue/OPS-12/transitions")
                .withBasicAuth("serai@shop.example", "not-a-token")
                .willReturn(aResponse().withStatus(204)));
    }

    private List<LoggedRequest> requests() {
        List<LoggedRequest> requests = new ArrayList<>(
                stub.getAllServeEvents().stream().map(ServeEvent::getRequest).toList());
        Collections.reverse(requests);
        return requests;
    }

    private List<String> steps() {
        return requests().stream()
                .map(each -> each.getMethod() + " " + each.getUrl().replace("/rest/api/", ""))
                .toList();
    }

    private JsonNode body(int request) throws Exception {
        return JSON.readTree(requests().get(request).getBody());
    }

    @Test
    void aNewAlertBecomesAnIssueThatIsRemembered() throws Exception {
        searchFinds(NONE);
        stub.stubFor(post("/rest/api/3/issue")
                .withBasicAuth("serai@shop.example", "not-a-token")
                .willReturn(aResponse().withStatus(201).withBody("{\"id\":\"10012\",\"key\":\"OPS-12\"}")));
        try (NotifierHarness harness = start()) {
            Exchange exchange = harness.send("firing");

            assertThat(steps()).containsExactly("POST 3/search/jql", "POST 3/issue");
            JsonNode expected = harness.expected("firing").get("body");
            assertThat(body(0)).isEqualTo(expected.at("/search/body"));
            assertThat(body(1)).isEqualTo(expected.get("create"));
            assertThat(exchange.getVariable("reference")).isEqualTo("OPS-12");
        }
    }

    @Test
    void aLostAnswerDoesNotBecomeASecondIssue() throws Exception {
        stub.stubFor(post(SEARCH)
                .inScenario("lost")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(okJson(NONE)));
        stub.stubFor(post("/rest/api/3/issue")
                .inScenario("lost")
                .willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE))
                .willSetStateTo("made"));
        stub.stubFor(
                post(SEARCH).inScenario("lost").whenScenarioStateIs("made").willReturn(okJson(found("OPS-12", "new"))));
        try (NotifierHarness harness = start()) {
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));
            assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
            assertThat(failure.retryAfter()).as("until the search knows it").isEqualTo(TicketAnswer.SETTLED);

            Exchange again = harness.send("firing");

            assertThat(steps()).containsExactly("POST 3/search/jql", "POST 3/issue", "POST 3/search/jql");
            assertThat(again.getVariable("reference")).isEqualTo("OPS-12");
        }
    }

    @Test
    void aChangeIsACommentOnTheIssueEvenBeforeTheSearchKnowsIt() throws Exception {
        searchFinds(NONE);
        issueTakes();
        try (NotifierHarness harness = start()) {
            harness.send("changed");

            assertThat(steps()).containsExactly("POST 3/search/jql", "POST 3/issue/OPS-12/comment");
            assertThat(body(1)).isEqualTo(harness.expected("changed").at("/body/comment"));
        }
    }

    @Test
    void aResolvedAlertClosesItsIssue() throws Exception {
        searchFinds(found("OPS-12", "indeterminate"));
        issueTakes();
        try (NotifierHarness harness = start()) {
            Exchange exchange = harness.send("resolved");

            assertThat(steps())
                    .containsExactly(
                            "POST 3/search/jql",
                            "GET 3/issue/OPS-12/transitions",
                            "POST 3/issue/OPS-12/transitions",
                            "POST 3/issue/OPS-12/comment");
            assertThat(body(2)).isEqualTo(JSON.readTree("{\"transition\":{\"id\":\"31\"}}"));
            assertThat(harness.resources()).containsExactly("search", "transitions", "transition", "comment");
            assertThat(body(3)).isEqualTo(harness.expected("resolved").at("/body/comment"));
            assertThat(exchange.getVariable("reference")).isEqualTo("OPS-12");
        }
    }

    /** People name transitions: letters of any script and case, and characters that mean something in a pattern. */
    @ParameterizedTest
    @CsvSource({"GELÖST (3. Linie), Gelöst (3. Linie)", "Fertig?!, fertig?!", "закрыто, Закрыто", "a.b, A.B"})
    void aTransitionIsFoundByItsNameInAnyCase(String theirs, String ours) throws Exception {
        searchFinds(found("OPS-12", "new"));
        issueTakes();
        stub.stubFor(get("/rest/api/3/issue/OPS-12/transitions")
                .willReturn(
                        okJson("{\"transitions\":[{\"id\":\"9\",\"name\":\"axb\"},{\"id\":\"8\",\"name\":\"Fertig\"},"
                                + "{\"id\":\"31\",\"name\":\"" + theirs + "\"}]}")));
        try (NotifierHarness harness = start("done-transition", ours)) {
            JsonNode input = harness.sample("resolved");
            ((ObjectNode) input.get("destination")).put("done-transition", ours);
            harness.send(input);

            assertThat(body(2).at("/transition/id").asText()).isEqualTo("31");
        }
    }

    @Test
    void anIssueThatSomebodyHasClosedIsNotMovedAgain() throws Exception {
        searchFinds(found("OPS-12", "done"));
        issueTakes();
        try (NotifierHarness harness = start()) {
            harness.send("resolved");

            assertThat(steps()).containsExactly("POST 3/search/jql", "POST 3/issue/OPS-12/comment");
        }
    }

    @Test
    void aMissingTransitionIsSaidAndTheCommentMade() throws Exception {
        searchFinds(found("OPS-12", "new"));
        issueTakes();
        try (NotifierHarness harness = start("done-transition", "Close Issue")) {
            JsonNode input = harness.sample("resolved");
            ((ObjectNode) input.get("destination")).put("done-transition", "Close Issue");
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send(input));

            assertThat(failure.isPermanent()).isTrue();
            assertThat(failure.getMessage()).contains("OPS-12").contains("no such transition");
            assertThat(steps())
                    .containsExactly(
                            "POST 3/search/jql", "GET 3/issue/OPS-12/transitions", "POST 3/issue/OPS-12/comment");
        }
    }

    @Test
    void aResolveWithoutAnIssueMakesNone() throws Exception {
        searchFinds(NONE);
        try (NotifierHarness harness = start()) {
            ObjectNode input = (ObjectNode) harness.sample("resolved");
            input.putNull("reference");
            Exchange exchange = harness.send(input);

            assertThat(steps()).containsExactly("POST 3/search/jql");
            assertThat(exchange.getVariable("result", JsonNode.class).has("skipped"))
                    .isTrue();
        }
    }

    @Test
    void aReopenedAlertOpensTheLastIssueAgainWhenThatIsThePolicy() throws Exception {
        searchFinds(found("OPS-12", "done"));
        issueTakes();
        try (NotifierHarness harness = start("reopen", "reopen")) {
            Exchange exchange = harness.send("reopened-reopen");

            assertThat(steps())
                    .containsExactly(
                            "POST 3/search/jql",
                            "GET 3/issue/OPS-12/transitions",
                            "POST 3/issue/OPS-12/transitions",
                            "POST 3/issue/OPS-12/comment");
            assertThat(body(2).at("/transition/id").asText()).isEqualTo("11");
            assertThat(exchange.getVariable("reference")).isEqualTo("OPS-12");
        }
    }

    @Test
    void aReopenedAlertGetsANewIssueOtherwise() throws Exception {
        searchFinds(NONE);
        stub.stubFor(post("/rest/api/3/issue").willReturn(okJson("{\"key\":\"OPS-13\"}")));
        try (NotifierHarness harness = start()) {
            assertThat(harness.send("reopened-new").getVariable("reference")).isEqualTo("OPS-13");
            assertThat(body(0).get("jql").asText()).contains("-4\" AND statusCategory != Done");
        }
    }

    @Test
    void dataCenterTakesATokenAndWikiMarkup() throws Exception {
        stub.stubFor(post("/rest/api/2/search")
                .withHeader("Authorization", equalTo("Bearer not-a-token"))
                .willReturn(okJson(NONE)));
        stub.stubFor(post("/rest/api/2/issue").willReturn(okJson("{\"key\":\"OPS-12\"}")));
        try (NotifierHarness harness = start("user", "", "api-version", "2")) {
            harness.send("wiki-hostile");

            assertThat(body(1)).isEqualTo(harness.expected("wiki-hostile").at("/body/create"));
            String description = body(1).at("/fields/description").asText();
            assertThat(description.split("\\{noformat", -1))
                    .as("the markup ends where we end it")
                    .hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource({"../../myself", "OPS-1/comment", "ops-1", "OPS-1?x=1"})
    void aKeyThatIsNoneIsNeverPartOfAnAddress(String key) throws Exception {
        searchFinds(found(key, "new"));
        stub.stubFor(post("/rest/api/3/issue").willReturn(okJson("{\"key\":\"" + key + "\"}")));
        try (NotifierHarness harness = start()) {
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));

            assertThat(failure.getMessage()).isEqualTo("the answer names no issue");
            assertThat(failure.retryAfter()).isEqualTo(TicketAnswer.SETTLED);
            assertThat(steps()).containsExactly("POST 3/search/jql", "POST 3/issue");
        }
    }

    @ParameterizedTest
    @CsvSource({"429, RETRY", "500, RETRY", "503, RETRY", "400, PERMANENT", "401, PERMANENT"})
    void aRefusalIsUnderstood(int status, SendFailure.Kind kind) throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status)));
        try (NotifierHarness harness = start()) {
            assertThat(catchThrowableOfType(SendFailure.class, () -> harness.send("firing"))
                            .kind())
                    .isEqualTo(kind);
        }
    }

    @Test
    void aSilentJiraAndASignInPageAreTriedAgain() throws Exception {
        try (NotifierHarness harness = start("timeout", "3s")) {
            stub.stubFor(any(anyUrl()).willReturn(aResponse().withFixedDelay(60_000)));
            assertThat(catchThrowableOfType(SendFailure.class, () -> harness.send("firing"))
                            .kind())
                    .isEqualTo(SendFailure.Kind.RETRY);

            stub.stubFor(any(anyUrl()).willReturn(aResponse().withBody("<html>sign in</html>")));
            assertThat(catchThrowableOfType(SendFailure.class, () -> harness.send("firing"))
                            .kind())
                    .isEqualTo(SendFailure.Kind.RETRY);
        }
    }

    @Test
    void whatIsNoProjectKeyStopsTheStart() {
        assertThatThrownBy(() -> start("project", "OPS\" OR project != \"X"))
                .hasStackTraceContaining("serai.destination.probe.project: is no project key");
    }
}
