package io.serai.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.serai.config.ConfigurationError;
import io.serai.record.Verdict;
import io.serai.route.StageContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both lookup Kamelets in routes, with real files and a real database. */
class EnrichTest {
    private static final String END =
            """
            - route:
                from:
                  uri: direct:alert-correlate
                  steps:
                    - log: "end"
            """;
    private static final String CHECKOUT =
            """
            {"title":"t","service":"checkout","labels":{"team":"mine","host":"web-1"},"annotations":{}}""";

    @TempDir
    Path folder;

    private static String csv(String parameters) {
        return lookup("serai-lookup-csv-action", parameters);
    }

    private static String lookup(String kamelet, String parameters) {
        return """
                - route:
                    id: alert-enrich
                    from:
                      uri: direct:alert-enrich
                      steps:
                        - to:
                            uri: kamelet:%s
                            parameters: {%s}
                        - to:
                            uri: direct:alert-correlate
                """
                .formatted(kamelet, parameters);
    }

    private StageContext stages(Path tables, Map<String, Object> beans, String enrich) throws Exception {
        return new StageContext(List.of(), tables, beans)
                .route("alert-enrich", enrich)
                .route("alert-correlate", END)
                .start();
    }

    private StageContext.Passed enrich(StageContext stages, String alert) throws Exception {
        return stages.pass("direct:alert-enrich", alert, Verdict.NEW);
    }

    @Test
    void shippedRouteAddsFromTheShippedTable() throws Exception {
        try (StageContext stages = new StageContext(List.of())
                .shipped("alert-enrich")
                .route("alert-correlate", END)
                .start()) {
            StageContext.Passed passed = enrich(stages, "{\"service\":\"checkout\",\"labels\":{}}");
            assertThat(passed.alert())
                    .hasToString(
                            """
                            {"service":"checkout","labels":{"team":"payments","tier":"1"},\
                            "annotations":{"runbook":"https://wiki.example.org/runbooks/checkout"}}""");
            assertThat(passed.decisions())
                    .startsWith(
                            """
                            [{"stage":"enrich","decision":"added labels.team=payments, labels.tier=1, annotations.runbook=""");
            assertThat(passed.decisions()).contains("\"reason\":\"services.csv row service=checkout\"");
        }
    }

    @Test
    void whatIsThereStaysUnlessToldOtherwise() throws Exception {
        Files.writeString(folder.resolve("t.csv"), "service,team,environment\ncheckout,payments,production\n");
        String parameters = "table: t.csv, match: service, column: service, add: 'team, environment'";
        try (StageContext stages = stages(folder, Map.of(), csv(parameters))) {
            StageContext.Passed passed = enrich(stages, CHECKOUT);
            assertThat(passed.alert().at("/labels/team").asText()).isEqualTo("mine");
            assertThat(passed.alert().path("environment").asText()).isEqualTo("production");
        }
        try (StageContext stages = stages(folder, Map.of(), csv(parameters + ", overwrite: true"))) {
            assertThat(enrich(stages, CHECKOUT).alert().at("/labels/team").asText())
                    .isEqualTo("payments");
        }
    }

    @Test
    void nothingFoundIsSaid() throws Exception {
        Files.writeString(folder.resolve("t.csv"), "host,team\nweb-2,payments\n");
        try (StageContext stages =
                stages(folder, Map.of(), csv("table: t.csv, match: labels.host, column: host, add: team"))) {
            assertThat(enrich(stages, CHECKOUT).decisions()).contains("t.csv has no row host=web-1");
            assertThat(enrich(stages, "{\"title\":\"t\"}").decisions())
                    .contains("t.csv not asked: the alert has no labels.host");
        }
    }

    @Test
    void editedTableIsUsedAndABrokenOneIsNot() throws Exception {
        Path file = write("host,team\nweb-1,payments\n", 0);
        CsvTables tables = CsvTables.load(folder);
        tables.require("t.csv", List.of("host", "team"));
        assertThat(team(tables)).isEqualTo("payments");

        write("\uFEFFhost,team\r\nweb-1,\"search, east\"\r\n", 1);
        tables.refresh();
        assertThat(team(tables)).isEqualTo("search, east");

        for (String broken : List.of(
                "host,team\nweb-1\n",
                "host,team\nweb-1,\"x\n",
                "host,host\nweb-1,x\n",
                "host,\nweb-1,x\n",
                "host\nweb-1\n",
                "")) {
            write(broken, 2 + broken.length());
            tables.refresh();
            assertThat(tables.faults()).as(broken).containsKey("t.csv");
            assertThat(team(tables)).as(broken).isEqualTo("search, east");
        }
        assertThat(Files.write(file, new byte[] {'h', 'o', 's', 't', '\n', (byte) 0xff}))
                .exists();
        tables.refresh();
        assertThat(tables.faults()).containsEntry("t.csv", "it is not UTF-8");

        write("host,team\nweb-1,growth\n", 100);
        tables.refresh();
        assertThat(team(tables)).isEqualTo("growth");
        assertThat(tables.faults()).isEmpty();
    }

    private static String team(CsvTables tables) {
        return tables.find("t.csv").find("host", "web-1").get("team");
    }

    private Path write(String text, int seconds) throws IOException {
        Path file = folder.resolve("t.csv");
        Files.writeString(file, text);
        return Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.plusSeconds(1_800_000_000L + seconds)));
    }

    @Test
    void brokenTableStopsTheStart() throws Exception {
        write("host,team\nweb-1\n", 0);
        assertThatThrownBy(() -> CsvTables.load(folder))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageContaining("t.csv: row 1 has 1 cells, the first line names 2 columns");
    }

    @Test
    void unknownTableOrColumnStopsTheStart() throws Exception {
        write("host,team\nweb-1,a\n", 0);
        assertThatThrownBy(() -> stages(folder, Map.of(), csv("table: u.csv, match: service, column: host, add: team")))
                .hasStackTraceContaining("the table u.csv does not exist");
        assertThatThrownBy(() -> stages(folder, Map.of(), csv("table: t.csv, match: service, column: hst, add: team")))
                .hasStackTraceContaining("the table t.csv has no column hst. Use one of host, team.");
    }

    private static final String SQL = lookup(
            "serai-lookup-sql-action",
            "query: 'select owner as team, zone from host where name = :?value', match: labels.host, overwrite: true");

    private HikariDataSource database() throws Exception {
        HikariDataSource database =
                EnrichmentDatabase.open("jdbc:sqlite:" + folder.resolve("cmdb.db"), "", "", Duration.ofSeconds(1));
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table host (name text, owner text, zone text)");
            statement.execute("insert into host values ('web-1', 'payments', 'east'), ('x', 'all', 'all')");
        }
        return database;
    }

    @Test
    void databaseAddsWhatItsRowHas() throws Exception {
        try (HikariDataSource database = database();
                StageContext stages = stages(folder, Map.of("enrichment", database), SQL)) {
            StageContext.Passed passed = enrich(stages, CHECKOUT);
            assertThat(passed.alert().path("labels"))
                    .hasToString("{\"team\":\"payments\",\"host\":\"web-1\",\"zone\":\"east\"}");
            assertThat(passed.decisions())
                    .isEqualTo(
                            "[{\"stage\":\"enrich\",\"decision\":\"added labels.team=payments, labels.zone=east\","
                                    + "\"reason\":\"the database row for labels.host=web-1\"},"
                                    + "{\"stage\":\"route\",\"decision\":\"told nobody\",\"reason\":\"no destination is configured\"}]");
            assertThat(enrich(stages, CHECKOUT.replace("web-1", "web-9")).decisions())
                    .contains("the database has no row for labels.host=web-9");
            assertThat(enrich(stages, "{\"title\":\"t\"}").decisions())
                    .contains("the database not asked: the alert has no labels.host");
        }
    }

    @Test
    void senderTextIsOnlyBound() throws Exception {
        try (HikariDataSource database = database();
                StageContext stages = stages(folder, Map.of("enrichment", database), SQL)) {
            for (String hostile :
                    List.of("x' or '1'='1", "x'; drop table host; --", ":?value", "${body}", "{{user.home}}")) {
                StageContext.Passed passed = enrich(stages, CHECKOUT.replace("web-1", hostile));
                assertThat(passed.decisions()).contains("has no row for labels.host=" + hostile);
                assertThat(passed.alert().at("/labels/team").asText()).isEqualTo("mine");
            }
            assertThat(enrich(stages, CHECKOUT).alert().at("/labels/zone").asText())
                    .isEqualTo("east");
        }
    }

    @Test
    void databaseThatFailsHoldsNothingUp() throws Exception {
        try (HikariDataSource database = database();
                StageContext stages = stages(folder, Map.of("enrichment", database), SQL)) {
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("drop table host");
            }
            for (int i = 0; i < 4; i++) {
                StageContext.Passed passed = enrich(stages, CHECKOUT);
                assertThat(passed.decisions()).contains("the database did not answer");
                assertThat(passed.alert().at("/labels/team").asText()).isEqualTo("mine");
            }
            assertThat(enrich(stages, CHECKOUT).decisions())
                    .contains("the database not asked: it has failed too often just now");
        }
    }

    @Test
    void unknownDriverStopsTheStart() {
        assertThatThrownBy(() -> EnrichmentDatabase.open("jdbc:nothing:x", "", "", Duration.ofSeconds(1)))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith("serai.enrich.url: no driver knows this address");
    }
}
