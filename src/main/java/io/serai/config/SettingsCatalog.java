package io.serai.config;

import io.serai.config.Setting.Type;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Every {@code serai.*} key there is, but for the two families whose settings are declared beside what they configure:
 * {@code serai.provider.<name>[.<instance>].<setting>} in provider.yaml, {@code serai.destination.<name>.<setting>} in
 * notifier.yaml. {@code application.properties} lists the same keys; a test compares them.
 */
public final class SettingsCatalog {
    static final String PROVIDER = "serai.provider.";
    static final String DESTINATION = "serai.destination.";

    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long KB = 1024;
    private static final long MB = 1024 * KB;
    private static final long GB = 1024 * MB;
    private static final Map<String, Setting> SETTINGS = new LinkedHashMap<>();

    static {
        path("serai.data", "data", "Folder of the embedded ledger and of the command line's key.");
        path("serai.routes", "routes", "Folder of the routes, providers and notifiers.");
        text("serai.node", "", "This node's name, different on each node of one ledger; empty for the host name.");

        flag(
                "serai.reload",
                "true",
                "Takes changed routes, mappings and settings over while it runs, once they are checked.");
        duration(
                "serai.reload.interval",
                "500ms",
                100,
                HOUR,
                "How often it looks whether one of these files has changed.");

        text("serai.host", "127.0.0.1", "Address to listen on; anything but loopback needs serai.behind-proxy.");
        number("serai.port", "8080", 0, 65_535, "Port to listen on; 0 takes any free one.");
        number("serai.management-port", "9876", 0, 65_535, "Port of health and metrics, always on loopback.");
        flag("serai.behind-proxy", "false", "true when a reverse proxy in front ends TLS.");
        size("serai.max-body", "1MB", KB, 64 * MB, "Largest request body; more is answered 413.");
        number(
                "serai.door.workers",
                "0",
                0,
                512,
                "Threads that authenticate, parse and record requests; 0: one more than there are processors.");
        number(
                "serai.door.queue",
                "2048",
                1,
                1_000_000,
                "Requests that may wait for such a thread; more are answered 503.");
        number("serai.door.connections", "8192", 1, 1_000_000, "Connections open at a time; one more is cut at once.");
        duration(
                "serai.door.idle-timeout",
                "30s",
                SECOND,
                HOUR,
                "A connection on which nothing moves is closed after this.");
        duration("serai.door.read-timeout", "10s", 100, 10 * MINUTE, "A request must be complete within this.");
        number(
                "serai.door.rate",
                "0",
                0,
                1_000_000,
                "Requests a second for each key of a machine, more are answered 429; 0 for no limit.");
        number("serai.limit.user", "10", 1, 1_000_000, "Requests a minute of one user: of all keys made with --user.");
        number("serai.limit.team", "100", 1, 1_000_000, "Requests a minute of one team of users.");
        number("serai.limit.burst", "20", 1, 1_000_000, "Requests in ten seconds of one team of users.");
        number(
                "serai.door.guesses",
                "60",
                1,
                1_000_000,
                "Wrong credentials a minute from one address; more are answered 429, right ones still get in.");

        flag(
                "serai.egress.internal",
                "true",
                "false refuses connections to loopback and internal networks but for those of serai.egress.allow.");
        list(
                "serai.egress.allow",
                "",
                "Hosts that may have such addresses, and networks that are never refused: esb.shop.example,10.1.0.0/16.");
        list(
                "serai.egress.hosts",
                "",
                "Hosts, or host:port, that a connection test may go to at an address that its request gives; empty for none.");

        text("serai.ledger.url", "", "jdbc:postgresql://host:port/database; empty for SQLite in serai.data.");
        text("serai.ledger.user", "", "Database user.");
        text("serai.ledger.password", "", "The database user's password; use {{env:NAME}} or {{file:/path}}.");
        number(
                "serai.ledger.queue",
                "8192",
                16,
                1_000_000,
                "Requests that may wait for a commit; more are answered 503.");
        number("serai.ledger.batch", "1024", 1, 65_536, "Requests that one transaction takes at most.");
        duration(
                "serai.retention.age",
                "30d",
                HOUR,
                3650 * DAY,
                "Resolved alerts, receipts and deliveries are kept this long.");
        size(
                "serai.retention.size",
                "10GB",
                16 * MB,
                16_384 * GB,
                "The oldest are deleted beyond this size of the ledger.");

        list(
                "serai.incident.keys",
                "service,environment",
                "Alert fields whose equal values make one incident; labels as labels.name.");
        duration(
                "serai.incident.window",
                "15m",
                SECOND,
                30 * DAY,
                "An alert joins an incident that moved within this time.");
        duration(
                "serai.routing.give-way",
                "10s",
                0,
                MINUTE,
                "In a burst that keeps the ledger busy, alerts are told at most this much later.");
        duration(
                "serai.routing.behind",
                "5m",
                10 * SECOND,
                DAY,
                "When alerts are told so much later than they came, new ones are refused with 503 until that is better.");
        path("serai.tables", "tables", "Folder of the CSV tables that the enrichment looks up.");
        text("serai.enrich.url", "", "jdbc:… address of a database that the enrichment asks; empty for none.");
        text("serai.enrich.user", "", "Its user.");
        text("serai.enrich.password", "", "Its user's password; use {{env:NAME}} or {{file:/path}}.");
        duration(
                "serai.enrich.timeout",
                "2s",
                250,
                MINUTE,
                "Alerts wait this long for a connection to it, and for an answer.");

        flag("serai.retry.enabled", "true", "false gives every delivery one attempt only.");
        number("serai.retry.count", "5", 0, 100, "Quick retries after the first attempt.");
        list("serai.retry.codes", "429,500,502-599", "HTTP answers that are retried: 429, 5xx, 502-599.");
        duration("serai.retry.delay-cap", "30s", 0, DAY, "Longest single wait between quick retries.");
        duration("serai.retry.budget", "60s", 0, DAY, "Total time of the quick retries; the slow schedule follows.");
        decimal("serai.retry.back-off", "1", 0, 100, "Factor of the quick waits, which double each time.");
        duration("serai.retry.age-limit", "24h", 0, 365 * DAY, "A delivery older than this is dead.");
        duration(
                "serai.retry.retry-after-limit",
                "1h",
                0,
                7 * DAY,
                "Longest Retry-After of a destination that is obeyed.");
    }

    private SettingsCatalog() {}

    /** In the order of {@code application.properties}. */
    public static Collection<Setting> all() {
        return Collections.unmodifiableCollection(SETTINGS.values());
    }

    public static Optional<Setting> find(String key) {
        return Optional.ofNullable(SETTINGS.get(key));
    }

    private static void text(String key, String fallback, String description) {
        add(key, Type.TEXT, fallback, 0, 0, description);
    }

    private static void path(String key, String fallback, String description) {
        add(key, Type.PATH, fallback, 0, 0, description);
    }

    private static void list(String key, String fallback, String description) {
        add(key, Type.LIST, fallback, 0, 0, description);
    }

    private static void flag(String key, String fallback, String description) {
        add(key, Type.FLAG, fallback, 0, 0, description);
    }

    private static void number(String key, String fallback, long low, long high, String description) {
        add(key, Type.NUMBER, fallback, low, high, description);
    }

    private static void decimal(String key, String fallback, long low, long high, String description) {
        add(key, Type.DECIMAL, fallback, low, high, description);
    }

    private static void size(String key, String fallback, long low, long high, String description) {
        add(key, Type.SIZE, fallback, low, high, description);
    }

    private static void duration(String key, String fallback, long low, long high, String description) {
        add(key, Type.DURATION, fallback, low, high, description);
    }

    private static void add(String key, Type type, String fallback, long low, long high, String description) {
        SETTINGS.put(key, new Setting(key, type, fallback, low, high, description));
    }
}
