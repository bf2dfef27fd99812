package io.serai;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.serai.api.Keys;
import io.serai.deliver.OutboundMetrics;
import io.serai.door.Door;
import io.serai.poll.PollSteps;
import io.serai.poll.Poller;
import io.serai.poll.ReadingListener;
import io.serai.record.Leases;
import io.serai.record.LedgerKeys;
import io.serai.record.Recorder;
import io.serai.record.Store;
import java.time.Clock;

/**
 * What stays while routes and settings are replaced, as far as these need it.
 *
 * @param enrichment null when no database is asked
 */
record Ground(
        Store store,
        Keys keys,
        Leases leases,
        LedgerKeys ledgerKeys,
        Recorder recorder,
        Poller poller,
        PollSteps pollSteps,
        Door door,
        MeterRegistry metrics,
        OutboundMetrics outbound,
        ReadingListener topologies,
        HikariDataSource enrichment,
        String node,
        Clock clock) {}
