package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Faults 16, 69: a later release, which is this one and one migration more, is killed while it migrates a full ledger, and
 * goes through with it when it is started again; this release refuses what that one has written.
 */
class UpgradeTest {

    private static final String STATEMENT =
            "org.flywaydb.core.internal.sqlscript.DefaultSqlScriptExecutor#executeStatement@exit";
    private static final String ROWS =
            """
            insert into receipt (seq, provider, instance, source, received_at, headers, body, quarantined, items)
            with recursive n(i) as (select 1 union all select i + 1 from n where i < %d)
            select i, 'prometheus', 'default', 1, i, '{}', '', 0, '[]' from n""";
    private static final String LATER =
            """
            alter table receipt add column later bigint;
            update receipt set later = received_at * 2;
            create index receipt_later on receipt (later);
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void anUpgradeThatIsKilledGoesThroughWhenItIsStartedAgain(Database.Kind kind) throws Exception {
        int rows = Size.of(5_000, 100_000);
        Path later = Files.createDirectories(folder.resolve("later"));
        Files.writeString(Files.createDirectories(later.resolve("db/migration")).resolve("V999__later.sql"), LATER);
        Path said = folder.resolve("said");
        try (Database database = Database.start(kind, SeraiProcess.data(folder));
                SeraiProcess release = new SeraiProcess(folder, "node-1", database.settings())) {
            release.key("read");
            run(database, ROWS.formatted(rows));

            String killed = CrashAgent.option(folder, STATEMENT, Files.createFile(folder.resolve("armed")));
            assertThat(release.tool(List.of(killed), later, said, "keys", "list"))
                    .as("killed after the first statement")
                    .isEqualTo(CrashAgent.REACHED);
            assertThat(number(database, "select count(*) from receipt")).isEqualTo(rows);

            assertThat(release.tool(List.of(), later, said, "keys", "list"))
                    .as(() -> read(said))
                    .isZero();
            assertThat(number(database, "select count(*) from receipt where later = received_at * 2"))
                    .isEqualTo(rows);

            assertThat(release.tool(List.of(), folder.resolve("nothing"), said, "keys", "list"))
                    .isEqualTo(4);
            assertThat(read(said).lines())
                    .singleElement()
                    .asString()
                    .contains(
                            "was written by another release. Start the release that wrote it, or restore its backup.");
            System.out.printf("upgrade on %s: KEPT rows=%d, killed once%n", kind, rows);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(Database database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
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
