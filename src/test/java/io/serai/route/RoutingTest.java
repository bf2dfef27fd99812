package io.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.alert.Severity;
import io.serai.config.ConfigurationError;
import io.serai.record.Verdict;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped routing route, and what an operator may write in its place. */
class RoutingTest {
    private static final Audience ALL = new Audience("ops-slack", "slack", Set.of(), Set.of());
    private static final Audience PAGER =
            new Audience("oncall", "twilio", Set.of(Severity.CRITICAL, Severity.HIGH), Set.of());
    private static final Audience AUDIT =
            new Audience("audit", "webhook", Set.of(Severity.values()), Set.of("prometheus"));

    private StageContext stages = new StageContext(List.of(ALL, PAGER, AUDIT));

    @AfterEach
    void stop() {
        stages.close();
    }

    private StageContext.Passed route(String alert, Verdict verdict, String... holders) throws Exception {
        return stages.pass("direct:alert-route", alert, verdict, holders);
    }

    private static String alert(String provider, String status, String severity, boolean test) {
        return """
                {"provider":"%s","status":"%s","severity":"%s","test":%s,"title":"t"}"""
                .formatted(provider, status, severity, test);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            prometheus | firing       | critical | false | ops-slack oncall audit
            prometheus | acknowledged | critical | false | ops-slack oncall audit
            zabbix     | firing       | critical | false | ops-slack oncall
            prometheus | firing       | high     | false | ops-slack oncall audit
            prometheus | firing       | medium   | false | ops-slack audit
            prometheus | firing       | low      | false | audit
            zabbix     | firing       | info     | false | ''
            prometheus | suppressed   | critical | false | ''
            prometheus | pending      | high     | false | ''
            prometheus | firing       | critical | true  | ''
            """)
    void shippedPolicyTellsBySeverity(String provider, String status, String severity, boolean test, String told)
            throws Exception {
        stages.shipped("alert-route").start();
        StageContext.Passed passed = route(alert(provider, status, severity, test), Verdict.NEW);
        assertThat(String.join(" ", passed.told())).isEqualTo(told);
    }

    @Test
    void everyDestinationHasAReason() throws Exception {
        stages.shipped("alert-route").start();
        assertThat(route(alert("zabbix", "firing", "medium", false), Verdict.NEW)
                        .decisions())
                .isEqualTo(
                        """
                        [{"stage":"route","decision":"told ops-slack","reason":"high and medium go to everyone who takes them"},\
                        {"stage":"route","decision":"not told: oncall","reason":"takes only critical, high"},\
                        {"stage":"route","decision":"not told: audit","reason":"takes only alerts of prometheus"}]""");
        assertThat(route(alert("zabbix", "firing", "critical", true), Verdict.NEW)
                        .decisions())
                .isEqualTo(
                        """
                        [{"stage":"route","decision":"not told: ops-slack, oncall, audit","reason":"test message"}]""");
        assertThat(route(alert("prometheus", "firing", "low", false), Verdict.NEW)
                        .decisions())
                .contains(
                        "{\"stage\":\"route\",\"decision\":\"not told: ops-slack\",\"reason\":\"does not list low\"}");
    }

    @Test
    void resolveGoesToThoseWhoWereTold() throws Exception {
        stages.shipped("alert-route").start();
        // It fell to low before it ended: the pager that was told when it was critical hears the end.
        StageContext.Passed passed = route(alert("zabbix", "resolved", "low", false), Verdict.RESOLVED, "oncall");
        assertThat(passed.told()).containsExactly("oncall");
        assertThat(passed.deliveries().get(0).reason()).isEqualTo("was told when it fired");
        assertThat(passed.decisions())
                .contains("\"not told: ops-slack, audit\",\"reason\":\"was not told that it fired\"");
    }

    @Test
    void noDestinationIsSaid() throws Exception {
        stages.close();
        stages = new StageContext(List.of()).shipped("alert-route").start();
        assertThat(route(alert("zabbix", "firing", "critical", false), Verdict.NEW)
                        .decisions())
                .isEqualTo(
                        """
                        [{"stage":"route","decision":"told nobody","reason":"no destination is configured"}]""");
    }

    private static String operator(String... methods) {
        StringBuilder yaml = new StringBuilder(
                """
                - route:
                    id: alert-route
                    from:
                      uri: direct:alert-route
                      steps:
                """);
        for (String method : methods) {
            yaml.append(
                    """
                            - bean:
                                ref: routing
                                method: "%s"
                    """
                            .formatted(method));
        }
        return yaml.toString();
    }

    @Test
    void namesMayBePatternsAndLists() throws Exception {
        stages.route("alert-route", operator("tell('ops-*, oncall', 'nights, weekends (both)')"))
                .start();
        StageContext.Passed passed = route(alert("zabbix", "firing", "critical", false), Verdict.NEW);
        assertThat(passed.told()).containsExactly("ops-slack", "oncall");
        assertThat(passed.deliveries().get(0).reason()).isEqualTo("nights, weekends (both)");
        assertThat(passed.decisions()).contains("\"not told: audit\",\"reason\":\"not named by the routing route\"");
    }

    @Test
    void quietWinsWhateverFollows() throws Exception {
        stages.route("alert-route", operator("quiet('maintenance')", "tell('*', 'all')"))
                .start();
        StageContext.Passed passed = route(alert("zabbix", "firing", "critical", false), Verdict.NEW);
        assertThat(passed.told()).isEmpty();
        assertThat(passed.decisions()).contains("maintenance");
        assertThat(route(alert("zabbix", "resolved", "critical", false), Verdict.RESOLVED, "oncall")
                        .told())
                .as("a page that was opened before is closed all the same")
                .containsExactly("oncall");
    }

    @Test
    void firstReasonStays() throws Exception {
        stages.route("alert-route", operator("tell('oncall', 'first')", "tell('*', 'second')"))
                .start();
        assertThat(route(alert("zabbix", "firing", "critical", false), Verdict.NEW)
                        .deliveries())
                .extracting(delivery -> delivery.destination() + ": " + delivery.reason())
                .containsExactly("ops-slack: second", "oncall: first");
    }

    @Test
    void unknownDestinationIsFoundBeforeAnyAlert() throws Exception {
        stages.shipped("alert-enrich")
                .shipped("alert-correlate")
                .route("alert-route", operator("tell('*', 'all')", "tell('ops-slack,oncal', 'x')"))
                .start();
        assertThatThrownBy(() -> RoutingCheck.check(stages.camel(), stages.routing()))
                .isInstanceOf(ConfigurationError.class)
                .hasMessage(
                        "routes/core/alert-route.camel.yaml: it tells the destination 'oncal', which is not configured."
                                + " Set serai.destination.oncal.notifier or correct the name.");
    }

    @Test
    void unknownDestinationBehindAChoiceIsFoundToo() throws Exception {
        stages.shipped("alert-enrich")
                .shipped("alert-correlate")
                .shipped("alert-route")
                .start();
        RoutingCheck.check(stages.camel(), stages.routing());
        stages.route(
                        "more",
                        """
                        - route:
                            from:
                              uri: direct:more
                              steps:
                                - choice:
                                    otherwise:
                                      steps:
                                        - bean:
                                            ref: routing
                                            method: tellWhereListed("nobody", "x")
                        """)
                .start();
        assertThatThrownBy(() -> RoutingCheck.check(stages.camel(), stages.routing()))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageContaining("'nobody'");
    }

    @Test
    void stageWithoutARouteStopsTheStart() throws Exception {
        stages.shipped("alert-enrich").shipped("alert-route").start();
        assertThatThrownBy(() -> RoutingCheck.check(stages.camel(), stages.routing()))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith(
                        "routes/core/alert-correlate.camel.yaml: no route begins at direct:alert-correlate");
    }

    @Test
    void unknownDestinationAtFirstEvaluationNamesTheRemedy() throws Exception {
        stages.route("alert-route", operator("tell('nobody', 'x')")).start();
        assertThatThrownBy(() -> route(alert("zabbix", "firing", "critical", false), Verdict.NEW))
                .hasStackTraceContaining("serai.destination.nobody.notifier");
    }

    @Test
    void bodyThatIsNoAlertAnyMoreIsAnOperatorsError() throws Exception {
        stages.route(
                        "alert-route",
                        """
                        - route:
                            from:
                              uri: direct:alert-route
                              steps:
                                - setBody:
                                    expression:
                                      constant:
                                        expression: gone
                                - bean:
                                    ref: routing
                                    method: "tell('*', 'x')"
                        """)
                .start();
        assertThatThrownBy(() -> route(alert("zabbix", "firing", "critical", false), Verdict.NEW))
                .hasStackTraceContaining("variableReceive");
    }

    @Test
    void decisionsAreJsonWhateverTheyHold() {
        Decisions decisions = new Decisions();
        decisions.add("enrich", "added labels.x=\"quoted\"\n\\", "tab\there");
        assertThat(decisions.json())
                .isEqualTo(
                        "[{\"stage\":\"enrich\",\"decision\":\"added labels.x=\\\"quoted\\\"\\n\\\\\",\"reason\":\"tab\\there\"}]");
    }
}
