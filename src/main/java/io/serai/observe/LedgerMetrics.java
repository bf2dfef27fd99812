package io.serai.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.serai.record.DeliveryState;
import io.serai.record.Ledger;
import io.serai.record.LedgerCounters;
import io.serai.record.Store;
import io.serai.record.Verdict;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the ledger tells Prometheus: receipts, verdicts and commits of this node; queue and deliveries of all nodes; and
 * the conservation balance: what came in, less what ended in a named place or waits in one. It is zero.
 */
public final class LedgerMetrics {
    private static final Duration REFRESH = Duration.ofSeconds(5);
    /** One statement, so that all of it is of one moment. */
    private static final String TOTALS =
            """
            select name, sum(value) from tally group by name
            union all select 'inbox', count(*) from inbox
            union all select 'delivery.open', count(*) from delivery where ended_at is null""";

    private static final String DELIVERIES =
            "select destination, state, count(*) from delivery where ended_at is null or state = 4"
                    + " group by destination, state";

    private final Store store;
    private final MultiGauge deliveries;
    private final AtomicLong read = new AtomicLong(Long.MIN_VALUE);
    private volatile Map<String, Long> totals = Map.of();

    public LedgerMetrics(MeterRegistry registry, Store store, Ledger ledger) {
        this.store = store;
        LedgerCounters counters = ledger.counters();
        FunctionCounter.builder("serai.ledger.receipts", counters, LedgerCounters::receipts)
                .description("Receipts committed")
                .register(registry);
        FunctionCounter.builder("serai.ledger.commits", counters, LedgerCounters::batches)
                .description("Transactions, each for all receipts that waited")
                .register(registry);
        FunctionCounter.builder("serai.ledger.refused", counters, LedgerCounters::refused)
                .description("Receipts that could not be committed")
                .register(registry);
        FunctionCounter.builder("serai.ledger.commit.seconds", counters, each -> each.nanos() / 1e9)
                .description("Time spent in transactions")
                .register(registry);
        for (Verdict verdict : Verdict.values()) {
            FunctionCounter.builder("serai.ledger.verdicts", counters, each -> each.verdicts(verdict))
                    .tag("verdict", verdict.word())
                    .description("Alerts by what was decided")
                    .register(registry);
        }
        Gauge.builder("serai.ledger.queue", ledger, Ledger::queued)
                .description("Receipts that wait for the writer")
                .register(registry);
        Gauge.builder("serai.inbox", this, LedgerMetrics::waiting)
                .description("Receipts whose changes are not routed yet, of all nodes")
                .strongReference(true)
                .register(registry);
        Gauge.builder("serai.conservation.balance", this, LedgerMetrics::balance)
                .description("Alerts that came in and ended nowhere; zero, or something is lost")
                .strongReference(true)
                .register(registry);
        this.deliveries = MultiGauge.builder("serai.deliveries.open")
                .description("Deliveries that wait or are dead, of all nodes")
                .register(registry);
    }

    private long waiting() {
        refresh();
        return of(totals, "inbox");
    }

    private long balance() {
        refresh();
        return unaccounted(totals);
    }

    /**
     * Alerts less their verdicts, changes less what became of them (while none waits), deliveries less their states.
     *
     * @param totals the tallies by name, with {@code inbox} and {@code delivery.open}
     */
    static long unaccounted(Map<String, Long> totals) {
        long alerts = of(totals, "in.alerts");
        long changes = 0;
        for (Verdict verdict : Verdict.values()) {
            long decided = of(totals, "verdict." + verdict.word());
            alerts -= decided;
            changes += verdict.routed() ? decided : 0;
        }
        changes -= of(totals, "routed.nowhere") + of(totals, "routed.delivery");
        long deliveries = of(totals, "delivery.created")
                - of(totals, "delivery.delivered")
                - of(totals, "delivery.dead")
                - of(totals, "delivery.superseded")
                - of(totals, "delivery.open");
        return Math.abs(alerts) + (of(totals, "inbox") == 0 ? Math.abs(changes) : 0) + Math.abs(deliveries);
    }

    private static long of(Map<String, Long> totals, String name) {
        return totals.getOrDefault(name, 0L);
    }

    /** One reading serves all gauges of a scrape, and many scrapes do not ask the store more often. */
    private void refresh() {
        long now = System.nanoTime();
        long last = read.get();
        if (last != Long.MIN_VALUE && now - last < REFRESH.toNanos() || !read.compareAndSet(last, now)) {
            return;
        }
        try (Connection connection = store.reader().getConnection();
                Statement statement = connection.createStatement()) {
            Map<String, Long> sums = new HashMap<>();
            try (ResultSet rows = statement.executeQuery(TOTALS)) {
                while (rows.next()) {
                    sums.put(rows.getString(1), rows.getLong(2));
                }
            }
            totals = Map.copyOf(sums);
            deliveries.register(open(statement), true);
        } catch (SQLException e) {
            // The health page says that the store does not answer; the last numbers stay.
            read.set(last);
        }
    }

    private static List<MultiGauge.Row<?>> open(Statement statement) throws SQLException {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery(DELIVERIES)) {
            while (result.next()) {
                String state = DeliveryState.ofCode(result.getInt(2)).word();
                rows.add(MultiGauge.Row.of(
                        Tags.of("destination", result.getString(1), "state", state), result.getLong(3)));
            }
        }
        return rows;
    }
}
