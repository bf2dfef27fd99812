package io.serai.correlate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.alert.Severity;
import io.serai.config.ConfigurationError;
import io.serai.record.IncidentPlan;
import io.serai.record.Verdict;
import io.serai.route.StageContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CorrelateTest {
    private StageContext stages = new StageContext(List.of());

    @AfterEach
    void stop() {
        stages.close();
    }

    private StageContext.Passed correlate(String alert) throws Exception {
        if (!stages.camel().isStarted()) {
            stages.shipped("alert-correlate").shipped("alert-route").start();
        }
        return stages.pass("direct:alert-correlate", alert, Verdict.NEW);
    }

    @Test
    void keyIsMadeOfTheConfiguredFields() throws Exception {
        StageContext.Passed passed = correlate(
                """
                {"fingerprint":"f1","title":"Slow","service":"checkout","environment":"production","status":"firing",
                 "severity":"high","labels":{}}""");
        assertThat(passed.change().incident())
                .isEqualTo(new IncidentPlan(
                        "service=checkout,environment=production",
                        "checkout / production: Slow",
                        Severity.HIGH,
                        true,
                        Duration.ofMinutes(15)));
        assertThat(passed.decisions())
                .startsWith(
                        """
                        [{"stage":"correlate","decision":"incident service=checkout,environment=production",\
                        "reason":"same service, environment within 15m"}""");
    }

    @Test
    void resolvedAlertNamesTheSameIncidentButDoesNotHoldItOpen() throws Exception {
        IncidentPlan plan = correlate(
                        """
                        {"fingerprint":"f1","title":"Slow","service":"checkout","status":"resolved","severity":"low"}""")
                .change()
                .incident();
        assertThat(plan.key()).isEqualTo("service=checkout");
        assertThat(plan.open()).isFalse();
    }

    @Test
    void alertWithoutAnyKeyFieldStandsAlone() throws Exception {
        StageContext.Passed passed = correlate(
                """
                {"fingerprint":"00ff","title":"Disk full","service":" ","status":"firing","severity":"low"}""");
        assertThat(passed.change().incident().key()).isEqualTo("00ff");
        assertThat(passed.change().incident().title()).isEqualTo("Disk full");
        assertThat(passed.decisions()).contains("incident of its own", "has none of service, environment");
    }

    @Test
    void senderCannotWriteAnotherAlertsKey() throws Exception {
        assertThat(correlate(
                                """
                                {"fingerprint":"f","title":"t","service":"a,environment=production","status":"firing",
                                 "severity":"low"}""")
                        .change()
                        .incident()
                        .key())
                .isEqualTo("service=a\\,environment=production");
    }

    @Test
    void testMessageOpensNoIncident() throws Exception {
        StageContext.Passed passed = correlate(
                """
                {"fingerprint":"f","title":"t","service":"a","status":"firing","severity":"low","test":true}""");
        assertThat(passed.change().incident()).isNull();
        assertThat(passed.decisions()).contains("\"no incident\",\"reason\":\"test message\"");
    }

    @Test
    void labelMayBeAKey() throws Exception {
        stages.close();
        stages = new StageContext(
                List.of(),
                java.nio.file.Path.of("tables"),
                Map.of("correlate", new Correlate(List.of("labels.cluster"), Duration.ofHours(2))));
        StageContext.Passed passed = correlate(
                """
                {"fingerprint":"f","title":"t","status":"firing","severity":"low","labels":{"cluster":"east"}}""");
        assertThat(passed.change().incident().key()).isEqualTo("labels.cluster=east");
        assertThat(passed.decisions()).contains("same labels.cluster within 2h");
    }

    @Test
    void wrongSettingsStopTheStart() {
        assertThatThrownBy(() -> new Correlate(List.of("sevrice"), Duration.ofMinutes(1)))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith("serai.incident.keys: 'sevrice'");
        assertThatThrownBy(() -> new Correlate(List.of("service"), Duration.ZERO))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith("serai.incident.window:");
    }
}
