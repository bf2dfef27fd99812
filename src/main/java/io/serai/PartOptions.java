package io.serai;

import com.zaxxer.hikari.HikariDataSource;
import io.serai.config.Settings;
import io.serai.door.DoorOptions;
import io.serai.door.PeopleLimits;
import io.serai.enrich.EnrichmentDatabase;
import io.serai.record.LedgerOptions;
import io.serai.record.RetentionLimits;
import java.time.Clock;

/** What the settings say to one part each, of those that stay while routes and settings are replaced. */
public final class PartOptions {
    private PartOptions() {}

    /** The ledger that is meant. */
    public static LedgerOptions ledger(Settings settings) {
        return new LedgerOptions(
                settings.path("serai.data"),
                settings.text("serai.ledger.url"),
                settings.text("serai.ledger.user"),
                settings.text("serai.ledger.password"),
                settings.node(),
                settings.number("serai.ledger.queue"),
                settings.number("serai.ledger.batch"));
    }

    static DoorOptions door(Settings settings) {
        return new DoorOptions(
                settings.text("serai.host"),
                settings.number("serai.port"),
                (int) settings.size("serai.max-body"),
                settings.number("serai.door.workers"),
                settings.number("serai.door.queue"),
                settings.number("serai.door.connections"),
                settings.duration("serai.door.idle-timeout"),
                settings.duration("serai.door.read-timeout"));
    }

    static PeopleLimits people(Settings settings, Clock clock) {
        return new PeopleLimits(
                settings.number("serai.limit.user"),
                settings.number("serai.limit.team"),
                settings.number("serai.limit.burst"),
                clock);
    }

    static RetentionLimits retention(Settings settings) {
        return new RetentionLimits(settings.duration("serai.retention.age"), settings.size("serai.retention.size"));
    }

    /** Open; null when no database is asked. */
    static HikariDataSource enrichment(Settings settings) {
        return settings.text("serai.enrich.url").isBlank()
                ? null
                : EnrichmentDatabase.open(
                        settings.text("serai.enrich.url"),
                        settings.text("serai.enrich.user"),
                        settings.text("serai.enrich.password"),
                        settings.duration("serai.enrich.timeout"));
    }
}
