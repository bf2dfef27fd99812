package io.serai.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.deliver.NotifierHarness;
import io.serai.deliver.SendFailure;
import io.serai.notify.TicketDesk.Fault;
import io.serai.notify.TicketDesk.Reply;
import io.serai.notify.TicketDesk.Step;
import io.serai.notify.TicketDesk.Ticket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What every ticketing notifier promises (fault 29), each against a system that remembers. Jira's own is JiraTest. */
class TicketingTest {
    enum Vendor {
        SERVICENOW("6", "7"),
        ZENDESK("solved", "closed"),
        LINEAR("done", null);

        final String resolved;
        final String closed;

        Vendor(String resolved, String closed) {
            this.resolved = resolved;
            this.closed = closed;
        }

        String notifier() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private TicketDesk desk;
    private NotifierHarness harness;

    private void start(Vendor vendor) throws Exception {
        start(vendor, "10s");
    }

    private void start(Vendor vendor, String timeout) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of("token", "not-a-token", "timeout", timeout));
        switch (vendor) {
            case SERVICENOW -> {
                desk = new ServiceNowDesk();
                settings.put("user", "serai");
            }
            case ZENDESK -> {
                desk = new ZendeskDesk();
                settings.put("user", "agent@shop.example/token");
            }
            case LINEAR -> {
                desk = new LinearDesk();
                settings.put("team-id", LinearDesk.TEAM);
            }
        }
        settings.put("url", desk.url());
        harness = NotifierHarness.start(vendor.notifier(), settings);
    }

    @AfterEach
    void stop() {
        desk.close();
        harness.close();
    }

    private JsonNode input(String verdict, int version, int opened, int attempt, String policy) throws Exception {
        ObjectNode input = (ObjectNode) harness.sample("firing");
        ((ObjectNode) input.get("change")).put("verdict", verdict).put("version", version);
        ((ObjectNode) input.get("thread")).put("opened", opened);
        ((ObjectNode) input.get("delivery"))
                .put("attempt", attempt)
                .put("idempotency_key", "4711." + version + ".probe");
        ((ObjectNode) input.get("destination")).put("reopen", policy);
        if (verdict.equals("resolved")) {
            ((ObjectNode) input.get("alert")).put("status", "resolved").put("ends_at", "2026-11-21T09:20:00Z");
        }
        return input;
    }

    private Exchange send(String verdict, int version, String policy) throws Exception {
        return harness.send(input(verdict, version, verdict.equals("reopened") ? version : 1, 1, policy));
    }

    private SendFailure failure(JsonNode input) {
        return catchThrowableOfType(SendFailure.class, () -> harness.send(input));
    }

    private Ticket only() {
        assertThat(desk.tickets).hasSize(1);
        return desk.tickets.get(0);
    }

    @ParameterizedTest
    @EnumSource
    void anAlertHasOneTicketFromItsBeginningToItsEnd(Vendor vendor) throws Exception {
        start(vendor);
        Object reference = send("new", 1, "new").getVariable("reference");
        assertThat(reference).isNotNull();
        send("changed", 2, "new");
        Exchange end = send("resolved", 3, "new");

        assertThat(end.getVariable("reference")).isEqualTo(reference);
        assertThat(only().state).isEqualTo(vendor.resolved);
        assertThat(only().comments).hasSize(2);
        assertThat(only().comments.get(0)).contains("Changed: critical, firing: Checkout latency above 2 s");
        assertThat(only().comments.get(1)).contains("Resolved at 2026-11-21T09:20:00Z");
        assertThat(desk.steps())
                .containsExactly(Step.FIND, Step.CREATE, Step.FIND, Step.UPDATE, Step.FIND, Step.UPDATE);
    }

    @ParameterizedTest
    @CsvSource({
        "SERVICENOW, LOST",
        "ZENDESK, LOST",
        "LINEAR, LOST",
        "SERVICENOW, SILENT",
        "ZENDESK, SILENT",
        "LINEAR, SILENT"
    })
    void aLostAnswerToACreateMakesNoSecondTicket(Vendor vendor, Fault fault) throws Exception {
        start(vendor, fault == Fault.SILENT ? "3s" : "10s");
        desk.failNext(Step.CREATE, fault);
        SendFailure failure = failure(input("new", 1, 1, 1, "new"));
        assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
        assertThat(failure.retryAfter()).as("until the ticket can be found").isEqualTo(TicketAnswer.SETTLED);

        Exchange again = harness.send(input("new", 1, 1, 2, "new"));

        assertThat(again.getVariable("reference")).isNotNull();
        assertThat(only().comments).isEmpty();
        assertThat(desk.steps()).containsExactly(Step.FIND, Step.CREATE, Step.FIND);
    }

    @ParameterizedTest
    @EnumSource
    void aLostAnswerToACreateIsHealedByTheChangeThatSupersedesIt(Vendor vendor) throws Exception {
        start(vendor);
        desk.failNext(Step.CREATE, Fault.LOST);
        failure(input("new", 1, 1, 1, "new"));

        send("changed", 2, "new");

        assertThat(only().comments).hasSize(1);
    }

    /** ServiceNow has neither idempotency keys nor ids of the sender: there the delivery's lease alone keeps two apart. */
    @ParameterizedTest
    @EnumSource(names = {"ZENDESK", "LINEAR"})
    void twoCreatesAtOnceMakeOneTicket(Vendor vendor) throws Exception {
        start(vendor);
        desk.meetAtFind(2);
        JsonNode input = input("new", 1, 1, 1, "new");
        CompletableFuture<SendFailure> other = CompletableFuture.supplyAsync(() -> failure(input));
        SendFailure mine = failure(input);
        SendFailure theirs = other.get();

        only();
        assertThat(desk.steps()).containsExactlyInAnyOrder(Step.FIND, Step.FIND, Step.CREATE, Step.CREATE);
        for (SendFailure failure : java.util.Arrays.asList(mine, theirs)) {
            assertThat(failure == null || failure.kind() == SendFailure.Kind.RETRY)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLostAnswerToAResolveSaysNothingTwice(Vendor vendor) throws Exception {
        start(vendor);
        send("new", 1, "new");
        desk.failNext(Step.UPDATE, Fault.LOST);
        assertThat(failure(input("resolved", 2, 1, 1, "new")).kind()).isEqualTo(SendFailure.Kind.RETRY);

        harness.send(input("resolved", 2, 1, 2, "new"));

        assertThat(only().comments).hasSize(1);
        assertThat(only().state).isEqualTo(vendor.resolved);
    }

    @ParameterizedTest
    @EnumSource
    void aResolveWithoutATicketMakesNone(Vendor vendor) throws Exception {
        start(vendor);
        Exchange exchange = send("resolved", 2, "new");

        assertThat(desk.tickets).isEmpty();
        assertThat(exchange.getVariable("result", JsonNode.class)
                        .path("skipped")
                        .asText())
                .startsWith("no ");
    }

    @ParameterizedTest
    @EnumSource
    void aChangeWhoseTicketIsNotThereMakesIt(Vendor vendor) throws Exception {
        start(vendor);
        send("changed", 2, "new");

        assertThat(only().comments).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whoFiresAgainGetsANewTicketByDefault(Vendor vendor) throws Exception {
        start(vendor);
        send("new", 1, "new");
        send("resolved", 2, "new");
        send("reopened", 3, "new");

        assertThat(desk.tickets).hasSize(2);
        assertThat(desk.tickets.get(0).state).isEqualTo(vendor.resolved);
    }

    @ParameterizedTest
    @EnumSource
    void whoFiresAgainOpensTheLastTicketWhenThatIsThePolicy(Vendor vendor) throws Exception {
        start(vendor);
        send("new", 1, "reopen");
        send("resolved", 2, "reopen");
        send("reopened", 3, "reopen");

        assertThat(only().state).isNotEqualTo(vendor.resolved);
        assertThat(only().comments.get(1)).contains("Fires again");
        send("resolved", 4, "reopen");
        assertThat(only().state).isEqualTo(vendor.resolved);
    }

    @ParameterizedTest
    @EnumSource
    void whoFiresAgainIsANoteOnTheLastTicketWhenThatIsThePolicy(Vendor vendor) throws Exception {
        start(vendor);
        send("new", 1, "comment");
        send("resolved", 2, "comment");
        send("reopened", 3, "comment");

        assertThat(only().state).isEqualTo(vendor.resolved);
        assertThat(only().comments.get(1)).contains("Fires again");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVICENOW", "ZENDESK"})
    void aClosedTicketIsNotWrittenTo(Vendor vendor) throws Exception {
        start(vendor);
        send("new", 1, "reopen");
        only().state = vendor.closed;
        for (String verdict : List.of("changed", "resolved")) {
            Exchange exchange = send(verdict, 2, "reopen");
            assertThat(exchange.getVariable("result", JsonNode.class)
                            .path("skipped")
                            .asText())
                    .endsWith("is closed");
        }

        desk.failNext(Step.CREATE, Fault.LOST);
        failure(input("reopened", 3, 3, 1, "reopen"));
        harness.send(input("reopened", 3, 3, 2, "reopen"));

        assertThat(desk.tickets).as("the closed one and one that follows it").hasSize(2);
        assertThat(desk.tickets.get(1).follows).isEqualTo(desk.tickets.get(0).id);
        assertThat(desk.tickets.get(1).comments).isEmpty();
        send("resolved", 4, "reopen");
        assertThat(desk.tickets.get(1).state).isEqualTo(vendor.resolved);
    }

    @ParameterizedTest
    @EnumSource
    void whatWasResolvedByHandIsOnlyCommented(Vendor vendor) throws Exception {
        start(vendor);
        send("new", 1, "new");
        only().state = vendor.resolved;
        send("changed", 2, "new");
        send("resolved", 3, "new");

        assertThat(only().state).isEqualTo(vendor.resolved);
        assertThat(only().comments).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "SERVICENOW, FIND",
        "SERVICENOW, CREATE",
        "ZENDESK, FIND",
        "ZENDESK, CREATE",
        "LINEAR, FIND",
        "LINEAR, CREATE"
    })
    void aRefusalIsUnderstood(Vendor vendor, Step step) throws Exception {
        start(vendor);
        desk.answerNext(step, new Reply(429, "", Map.of("Retry-After", "7")));
        SendFailure failure = failure(input("new", 1, 1, 1, "new"));
        assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));

        for (int status : new int[] {429, 500, 502, 503, 504}) {
            desk.answerNext(step, new Reply(status, "<html>busy</html>", Map.of()));
            failure = failure(input("new", 1, 1, 1, "new"));
            assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
            assertThat(failure.statusCode()).isEqualTo(status);
            assertThat(failure.retryAfter())
                    .as("only a create that may have happened waits")
                    .isEqualTo(step == Step.CREATE && status != 429 && status != 503 ? TicketAnswer.SETTLED : null);
        }
        for (int status : new int[] {401, 403, 404, 422}) {
            desk.answerNext(step, new Reply(status, "{}", Map.of()));
            failure = failure(input("new", 1, 1, 1, "new"));
            assertThat(failure.isPermanent()).isTrue();
            assertThat(failure.statusCode()).isEqualTo(status);
        }
        assertThat(desk.tickets).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"SERVICENOW", "ZENDESK", "LINEAR"})
    void aSilentSystemAndASignInPageAreTriedAgain(Vendor vendor) throws Exception {
        start(vendor, "3s");
        desk.failNext(Step.FIND, Fault.SILENT);
        assertThat(failure(input("new", 1, 1, 1, "new")).kind()).isEqualTo(SendFailure.Kind.RETRY);

        desk.answerNext(Step.FIND, new Reply(200, "<html>sign in</html>", Map.of()));
        assertThat(failure(input("new", 1, 1, 1, "new")).kind()).isEqualTo(SendFailure.Kind.RETRY);
        assertThat(desk.tickets).isEmpty();

        desk.answerNext(Step.CREATE, new Reply(200, "<html>sign in</html>", Map.of()));
        assertThat(failure(input("new", 1, 1, 1, "new")).kind()).isEqualTo(SendFailure.Kind.RETRY);
        desk.answerNext(Step.CREATE, new Reply(201, "{}", Map.of()));
        assertThat(failure(input("new", 1, 1, 1, "new")).getMessage()).isEqualTo("the answer names no ticket");
    }

    @ParameterizedTest
    @EnumSource
    void theWrongCredentialsAreSaidAsSuch(Vendor vendor) throws Exception {
        start(vendor);
        harness.close();
        Map<String, String> settings = new HashMap<>(Map.of("url", desk.url(), "token", "wrong"));
        if (vendor == Vendor.LINEAR) {
            settings.put("team-id", LinearDesk.TEAM);
        }
        harness = NotifierHarness.start(vendor.notifier(), settings);
        SendFailure failure = failure(input("new", 1, 1, 1, "new"));

        assertThat(failure.isPermanent()).isTrue();
        assertThat(failure.statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @EnumSource
    void aReferenceThatIsNoneIsNeverPartOfAnAddress(Vendor vendor) throws Exception {
        start(vendor);
        String odd = "../../users?x=";
        String answer =
                switch (vendor) {
                    case SERVICENOW -> "{\"result\":[{\"sys_id\":\"" + odd + "\",\"state\":\"1\"}]}";
                    case ZENDESK -> "{\"tickets\":[{\"id\":\"" + odd + "\",\"status\":\"open\"}]}";
                    case LINEAR ->
                        "{\"data\":{\"issues\":{\"nodes\":[]},\"comments\":{\"nodes\":[]},\"team\":{\"states\":{\"nodes\":[]}}}}";
                };
        desk.answerNext(Step.FIND, new Reply(200, answer, Map.of()));
        send("changed", 2, "new");

        assertThat(desk.steps()).containsExactly(Step.FIND, Step.CREATE);
    }
}
