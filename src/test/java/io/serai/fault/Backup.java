package io.serai.fault;

import io.serai.record.LedgerOptions;
import io.serai.record.Store;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** A backup of a ledger that is written to, restored as docs/operations.md says. */
final class Backup {
    private Backup() {}

    /**
     * @param data the folder of the hub that is to go on from it
     * @return the restored ledger
     */
    static Database restored(Database ledger, Path data) throws SQLException, IOException {
        if (ledger.kind() == Database.Kind.SQLITE) {
            Path copy = Files.createDirectories(data).resolve("serai.db");
            try (Connection connection = ledger.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("vacuum into '" + copy + "'");
            }
            return Database.start(Database.Kind.SQLITE, data);
        }
        Database restored = ledger.beside("restored");
        Map<String, String> settings = restored.settings();
        Store.open(new LedgerOptions(
                        data,
                        settings.get("serai.ledger.url"),
                        settings.get("serai.ledger.user"),
                        settings.get("serai.ledger.password"),
                        "restored",
                        1,
                        1))
                .close();
        try (Connection from = ledger.connect();
                Connection to = restored.connect()) {
            dump(from, to);
        }
        return restored;
    }

    /** What pg_dump does: every table as one transaction sees it, then where the sequences stand. The tool itself is not everywhere. */
    private static void dump(Connection from, Connection to) throws SQLException, IOException {
        from.setAutoCommit(false);
        from.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (Statement reading = from.createStatement();
                Statement writing = to.createStatement()) {
            writing.execute("set session_replication_role = replica");
            CopyManager out = from.unwrap(PGConnection.class).getCopyAPI();
            CopyManager in = to.unwrap(PGConnection.class).getCopyAPI();
            for (String table : names(
                    reading,
                    "tablename from pg_tables where schemaname = 'public'" + " and tablename not like 'flyway%'")) {
                ByteArrayOutputStream rows = new ByteArrayOutputStream();
                out.copyOut("copy \"" + table + "\" to stdout", rows);
                in.copyIn("copy \"" + table + "\" from stdin", new ByteArrayInputStream(rows.toByteArray()));
            }
            for (String sequence : names(
                    reading,
                    "sequencename from pg_sequences where schemaname = 'public'" + " and last_value is not null")) {
                try (ResultSet row = reading.executeQuery("select last_value from \"" + sequence + "\"")) {
                    row.next();
                    writing.execute("select setval('\"" + sequence + "\"', " + row.getLong(1) + ")");
                }
            }
        }
        from.rollback();
    }

    private static List<String> names(Statement statement, String query) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("select " + query)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }
}
