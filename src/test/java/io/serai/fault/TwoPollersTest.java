package io.serai.fault;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Fault 66, K7: of two nodes on one PostgreSQL one polls, and the other one does when it was killed. */
class TwoPollersTest {
    private static final String ALERTS = "/api/v1/alerts";

    /** The lease of a run that was cut off, and a little more. */
    private static final Duration LEASE = Duration.ofSeconds(150);

    @RegisterExtension
    static final WireMockExtension SYSTEM =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    @TempDir
    Path folder;

    @Test
    void oneNodePollsAndTheOtherOneGoesOnWhenItIsKilled() throws Exception {
        SYSTEM.stubFor(
                get(urlPathEqualTo(ALERTS))
                        .willReturn(
                                okJson(
                                        """
                {"alerts": [{"id": "ow-1", "title": "Hot", "severity": "high", "status": "firing"}]}""")));
        try (Database database = Database.start(Database.Kind.POSTGRESQL, folder);
                SeraiProcess one = node(database, "node-1");
                SeraiProcess two = node(database, "node-2")) {
            one.start();
            two.start();
            SYSTEM.resetRequests();
            Awaitility.await("four polls").atMost(Duration.ofSeconds(60)).until(() -> asked().size() >= 4);

            assertThat(asked()).as("who polls").containsOnly(asked().get(0));
            String first = asked().get(0);
            SeraiProcess poller = first.equals("Bearer node-1") ? one : two;
            Awaitility.await("the end of a run")
                    .pollInterval(Duration.ofMillis(20))
                    .until(() ->
                            number(database, "select until from lease where name = 'poll/overwatch/default'") == 0);
            poller.kill();
            SYSTEM.resetRequests();
            Awaitility.await("the other one").atMost(LEASE).until(() -> asked().size() >= 2);

            assertThat(asked()).doesNotContain(first);
            assertThat(number(database, "select count(*) from receipt")).isEqualTo(1);
            assertThat(number(database, "select count(*) from alert")).isEqualTo(1);
        }
    }

    /** Each node has a key of its own, by which the system tells them apart. */
    private SeraiProcess node(Database database, String name) throws Exception {
        Map<String, String> settings = new HashMap<>(database.settings());
        settings.put("serai.provider.overwatch.api-url", SYSTEM.baseUrl());
        settings.put("serai.provider.overwatch.api-key", name);
        settings.put("serai.provider.overwatch.poll", "0/1 * * * * ?");
        return new SeraiProcess(folder.resolve(name), name, settings);
    }

    private static List<String> asked() {
        return SYSTEM.getAllServeEvents().stream()
                .map(event -> event.getRequest().getHeader("Authorization"))
                .toList();
    }

    private static long number(Database database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
