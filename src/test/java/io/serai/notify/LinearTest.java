package io.serai.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.deliver.NotifierHarness;
import io.serai.deliver.SendFailure;
import io.serai.notify.TicketDesk.Reply;
import io.serai.notify.TicketDesk.Step;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only Linear has: failures in GraphQL, ids of the sender, workflow states by query. */
class LinearTest {
    private LinearDesk desk;
    private NotifierHarness harness;

    @BeforeEach
    void start() throws Exception {
        desk = new LinearDesk();
        harness = NotifierHarness.start(
                "linear", Map.of("url", desk.url(), "token", "not-a-token", "team-id", LinearDesk.TEAM));
    }

    @AfterEach
    void stop() {
        desk.close();
        harness.close();
    }

    @ParameterizedTest
    @CsvSource({
        "200, ratelimited, '', RETRY, 429",
        "400, '', RATELIMITED, RETRY, 429",
        "200, authentication error, AUTHENTICATION_ERROR, PERMANENT, 401",
        "400, '', UNAUTHENTICATED, PERMANENT, 401",
        "200, forbidden, FORBIDDEN, PERMANENT, 403",
        "200, invalid input, INPUT_ERROR, PERMANENT, 400",
        "400, graphql error, GRAPHQL_VALIDATION_FAILED, PERMANENT, 400",
        "200, feature not accessible, '', PERMANENT, 400",
        "200, internal error, INTERNAL_SERVER_ERROR, RETRY, 503",
        "200, lock timeout, '', RETRY, 503"
    })
    void aFailureInTheAnswerIsUnderstood(int status, String type, String code, SendFailure.Kind kind, int meaning)
            throws Exception {
        for (Step step : new Step[] {Step.FIND, Step.CREATE}) {
            Reply reply = LinearDesk.error(status, type, code);
            desk.answerNext(step, new Reply(status, reply.body(), Map.of("Retry-After", "9")));
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));

            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.statusCode()).isEqualTo(meaning);
            assertThat(failure.getMessage()).doesNotContain("said by the API");
            if (meaning == 429) {
                assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(9));
            }
        }
        assertThat(desk.tickets).isEmpty();
    }

    @Test
    void aMutationThatWasNotDoneIsAFailure() throws Exception {
        desk.answerNext(Step.CREATE, new Reply(200, "{\"data\":{\"issueCreate\":{\"success\":false}}}", Map.of()));
        assertThat(catchThrowableOfType(SendFailure.class, () -> harness.send("firing"))
                        .isPermanent())
                .isTrue();
    }

    @Test
    void aTeamThatIsNoneIsFinal() throws Exception {
        ObjectNode input = (ObjectNode) harness.sample("firing");
        ((ObjectNode) input.get("destination")).put("team-id", "no-team");
        assertThat(catchThrowableOfType(SendFailure.class, () -> harness.send(input))
                        .isPermanent())
                .isTrue();
    }

    @Test
    void theIdIsAUuidOfTheOpeningAndTheTeam() throws Exception {
        harness.send("firing");
        String first = desk.tickets.get(0).id;
        assertThat(UUID.fromString(first).version()).isEqualTo(4);
        assertThat(UUID.fromString(first).variant()).isEqualTo(2);

        ObjectNode later = (ObjectNode) harness.sample("firing");
        ((ObjectNode) later.get("thread")).put("opened", 2);
        harness.send(later);
        assertThat(desk.tickets.get(1).id).isNotEqualTo(first);
    }

    @Test
    void theStateIsTakenByNameWhenOneIsSet() throws Exception {
        harness.send("firing");
        ObjectNode input = (ObjectNode) harness.sample("firing");
        ((ObjectNode) input.get("change")).put("verdict", "resolved").put("version", 2);
        ((ObjectNode) input.get("destination")).put("done-state", "Shipped");
        harness.send(input);

        assertThat(desk.tickets.get(0).state).isEqualTo("shipped");
    }

    @Test
    void anArchivedIssueIsTakenOutOfTheArchive() throws Exception {
        ObjectNode input = (ObjectNode) harness.sample("firing");
        ((ObjectNode) input.get("destination")).put("reopen", "reopen");
        harness.send(input);
        desk.tickets.get(0).archived = true;
        desk.tickets.get(0).state = "done";
        ((ObjectNode) input.get("change")).put("verdict", "reopened").put("version", 2);
        harness.send(input);

        assertThat(desk.tickets).hasSize(1);
        assertThat(desk.tickets.get(0).archived).isFalse();
        assertThat(desk.tickets.get(0).state).isEqualTo("todo");
    }

    @Test
    void aLostAnswerToAChangeIsNoSecondComment() throws Exception {
        harness.send("firing");
        ObjectNode input = (ObjectNode) harness.sample("firing");
        ((ObjectNode) input.get("change")).put("verdict", "changed").put("version", 2);
        desk.failNext(Step.UPDATE, TicketDesk.Fault.LOST);
        catchThrowableOfType(SendFailure.class, () -> harness.send(input));
        harness.send(input);

        assertThat(desk.tickets.get(0).comments).hasSize(1);
    }

    /** The same mutation, with the same names, as Linear's own SDK sends. */
    @Test
    void theCreateIsThatOfTheSdk() throws Exception {
        JsonNode sdk =
                TicketDesk.JSON.readTree(getClass().getResourceAsStream("/captured/sdk-linear-98-issue-create.json"));
        harness.send("firing");
        JsonNode ours = desk.last(Step.CREATE).body();

        assertThat(sdk.path("query").asText()).contains("$input: IssueCreateInput!", "issueCreate(input: $input)");
        assertThat(ours.path("query").asText()).contains("$input: IssueCreateInput!", "issueCreate(input: $input)");
        sdk.at("/variables/input").fieldNames().forEachRemaining(name -> assertThat(
                        ours.at("/variables/input/" + name).getNodeType())
                .isEqualTo(sdk.at("/variables/input/" + name).getNodeType()));
    }
}
