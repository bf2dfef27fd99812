package io.serai.deliver;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.serai.record.DeliveryState;
import io.serai.record.Dialect;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** G3 to G7. */
class OutboundMetricsTest {
    private static final String SECRET = "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5";
    private static final String SECRET_PATH = "canary-path";

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    @TempDir
    Path folder;

    private final List<OutboundMetric> seen = new CopyOnWriteArrayList<>();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private Stage stage() throws Exception {
        Stage stage = new Stage(
                Dialect.SQLITE,
                folder,
                Clock.systemUTC(),
                () -> 0,
                Map.of(
                        "ops.notifier",
                        "webhook",
                        "ops.url",
                        stub.baseUrl() + "/" + SECRET_PATH + "?key=canary-query",
                        "ops.secret",
                        SECRET));
        stage.metrics.subscribe(seen::add).subscribe(new OutboundMeters(registry));
        return stage;
    }

    private long deliver(Stage stage, DeliveryState state) {
        long id = stage.deliver(stage.rows.alert(), 1, "ops");
        await().until(() -> stage.view(id).state() == state);
        return id;
    }

    @Test
    void theThreeFamiliesOfOneAttemptShareItsTransaction() throws Exception {
        stub.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(202)
                        .withHeader("X-Request-Id", "req-5")
                        .withHeader("X-Response-Time", "0.012")
                        .withHeader("X-RateLimit-State", "THROTTLED")
                        .withHeader("X-RateLimit-Reason", "ACCOUNT")
                        .withHeader("X-RateLimit-Period-In-Sec", "60")));
        try (Stage stage = stage().start()) {
            deliver(stage, DeliveryState.DELIVERED);

            assertThat(seen)
                    .extracting(OutboundMetric::family)
                    .containsExactly(OutboundMetric.Family.HTTP, OutboundMetric.Family.API, OutboundMetric.Family.SDK);
            String transaction = seen.get(0).common().transactionId();
            assertThat(UUID.fromString(transaction).version()).isEqualTo(4);
            assertThat(seen).allMatch(each -> each.common().transactionId().equals(transaction));
            assertThat(seen).allMatch(each -> each.common().retryCount() == 0);
            OutboundMetric.Api api = (OutboundMetric.Api) seen.get(1);
            assertThat(api.requestId()).isEqualTo("req-5");
            assertThat(api.responseTime()).isEqualTo("0.012");
            assertThat(api.rateLimitState()).isEqualTo("THROTTLED");
            assertThat(api.rateLimitReason()).isEqualTo("ACCOUNT");
            assertThat(api.rateLimitPeriod()).isEqualTo("60");
            assertThat(((OutboundMetric.Http) seen.get(0)).statusCode()).isEqualTo(202);
            assertThat(((OutboundMetric.Sdk) seen.get(2)).errorMessage()).isNull();
        }
    }

    @Test
    void anObserverMayTakeOneFamilyAndMayFail() throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(204)));
        List<OutboundMetric> only = new CopyOnWriteArrayList<>();
        try (Stage stage = stage()) {
            stage.metrics
                    .subscribe(any -> {
                        throw new IllegalStateException("an observer's own trouble");
                    })
                    .subscribe(only::add, OutboundMetric.Family.SDK);
            stage.start();
            deliver(stage, DeliveryState.DELIVERED);
            await().until(() -> !only.isEmpty());
            assertThat(only).hasOnlyElementsOfType(OutboundMetric.Sdk.class);
        }
    }

    @Test
    void noSecretGetsOutEvenWhenTheReceiverEchoesIt() throws Exception {
        stub.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(400)
                        .withHeader("X-Request-Id", "echo " + SECRET)
                        .withBody("you said " + SECRET)));
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        root.setLevel(Level.INFO);
        log.start();
        root.addAppender(log);
        try (Stage stage = stage().start()) {
            long id = deliver(stage, DeliveryState.DEAD);

            String lines = seen.stream().map(OutboundLog::line).collect(Collectors.joining("\n"));
            assertThat(lines + registry.scrape() + stage.view(id) + stage.deliveries.attempts(id))
                    .contains("answered HTTP 400", "serai_outbound_http_seconds", "status=\"400\"")
                    .doesNotContain("canary", SECRET, "key=");
        } finally {
            root.detachAppender(log);
            root.setLevel(before);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains("webhook-send-ops"))
                .noneMatch(line -> line.contains("canary") || line.contains(SECRET));
    }

    @Test
    void aBrokenConnectionIsAnHttpErrorAndARetryIsCounted() throws Exception {
        stub.stubFor(any(anyUrl())
                .inScenario("flaky")
                .whenScenarioStateIs("Started")
                .willSetStateTo("well")
                .willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        stub.stubFor(any(anyUrl())
                .inScenario("flaky")
                .whenScenarioStateIs("well")
                .willReturn(aResponse().withStatus(204)));
        try (Stage stage = stage().start()) {
            deliver(stage, DeliveryState.DELIVERED);

            OutboundMetric.Http broken = (OutboundMetric.Http) seen.get(0);
            assertThat(broken.statusCode()).isZero();
            assertThat(broken.error()).isNotNull();
            assertThat(seen.get(seen.size() - 1).common().retryCount()).isEqualTo(1);
            assertThat(registry.scrape()).contains("serai_outbound_retries_total");
        }
    }
}
