package io.serai.api;

import io.serai.alert.Fingerprint;
import io.serai.alert.Severity;
import io.serai.alert.Status;
import io.serai.record.Item;
import io.serai.record.Ledger;
import io.serai.record.LedgerOptions;
import io.serai.record.Receipt;
import io.serai.record.Recorded;
import io.serai.record.Source;
import io.serai.record.Store;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A ledger with one story: "Disk full" fires, is repeated, and somebody else's body cannot be mapped. Its change was
 * routed to the console and not to ops-sms; the delivery needed two attempts. Recorded by the real ledger; what the later
 * stages write is written here.
 */
public final class LedgerOfOne {
    public static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
    public static final Fingerprint DISK =
            Fingerprint.of("a disk on host db-1 is full".getBytes(StandardCharsets.UTF_8));
    private static final String CONTENT =
            """
            {"provider":"prometheus","instance":"default","source_id":"disk-1","title":"Disk full \\u001b[31m","status":"firing",
            "severity":"critical","service":"orders","starts_at":"2026-05-04T11:59:00Z","labels":{"host":"db-1"},"annotations":{},
            "tags":[],"original":{"status":"firing","severity":"page"},"test":false,"notes":["severity word not in the table"]}
            """;

    private LedgerOfOne() {}

    public static void fill(Store store, LedgerOptions options) throws SQLException {
        try (Ledger ledger = new Ledger(store, options)) {
            Item disk = new Item.Mapped(DISK, Status.FIRING, Severity.CRITICAL, 1, null, CONTENT.replace("\n", ""));
            record(ledger, "prometheus", "key1", NOON, List.of(disk));
            record(ledger, "prometheus", "signature:prometheus", NOON.plusSeconds(60), List.of(disk));
            record(
                    ledger,
                    "generic",
                    "key1",
                    NOON.plusSeconds(90),
                    List.of(new Item.Unmapped("alerts[0].title", "a title is required")));
        }
        store.transaction(connection -> {
            try (var statement = connection.createStatement()) {
                statement.executeUpdate(
                        "insert into incident (key, title, status, severity, alerts, open_alerts, opened_at,"
                                + " last_at) values ('service=orders', 'orders: Disk full', 1, 5, 1, 1, 1777896000000,"
                                + " 1777896000000)");
                statement.executeUpdate("update alert set incident = 1");
                statement.executeUpdate("delete from inbox");
                statement.executeUpdate("insert into change (alert, receipt, version, verdict, at, incident, content,"
                        + " decisions) values (1, 1, 1, 1, 1777896000100, 1, '{}', '["
                        + "{\"stage\":\"enrich\",\"decision\":\"team = storage\",\"reason\":\"services.csv\"},"
                        + "{\"stage\":\"route\",\"decision\":\"told console\",\"reason\":\"critical goes to everyone\"},"
                        + "{\"stage\":\"route\",\"decision\":\"not told: ops-sms, pager\",\"reason\":\"takes only info\"}"
                        + "]')");
                statement.executeUpdate(
                        "insert into delivery (change, alert, version, destination, notifier, state,"
                                + " attempts, replays, idempotency_key, reason, created_at, due_at, ended_at, fence, outcome)"
                                + " values (1, 1, 1, 'console', 'console', 4, 2, 0, 'idem-1', 'critical goes to everyone',"
                                + " 1777896000200, 1777896000200, 1777896005000, 2, '{\"message\":\"refused\",\"status_code\":500}')");
                for (int number = 1; number <= 2; number++) {
                    statement.executeUpdate(
                            "insert into attempt (delivery, number, at, took, result, status_code, message,"
                                    + " transaction_id) values (1, " + number + ", 177789600" + number
                                    + "000, 12, 'retry', 500, 'refused', 'tx-" + number + "')");
                }
            }
            return null;
        });
    }

    private static Recorded record(Ledger ledger, String provider, String key, Instant at, List<Item> items) {
        byte[] body = "{\"alerts\":[]}".getBytes(StandardCharsets.UTF_8);
        return ledger.record(
                        new Receipt(
                                provider,
                                "default",
                                Source.PUSH,
                                at,
                                null,
                                key,
                                "192.0.2.7",
                                "application/json",
                                Map.of("user-agent", "Alertmanager/0.27"),
                                body,
                                null,
                                null,
                                false),
                        items)
                .join();
    }
}
