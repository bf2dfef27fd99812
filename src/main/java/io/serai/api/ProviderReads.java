package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.alert.Status;
import io.serai.config.Settings;
import io.serai.provider.Provider;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.ProviderSettings;
import io.serai.record.Store;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The providers: what each can do and how it does (K18, K20, K21). Receipts are counted among the newest only, as they are
 * many; alerts are counted whole.
 */
final class ProviderReads {
    private static final int RECENT = 10_000;
    private static final int SAMPLE = 1_000;
    private static final int TOP = 10;
    private static final List<String> COVERED = List.of("service", "environment", "description", "url", "starts_at");
    private static final String NEWEST = "(select max(seq) from receipt) - " + RECENT;

    private final Store store;
    private final Supplier<Settings> settings;
    private final Asks asks;

    ProviderReads(Store store, Supplier<Settings> settings, Asks asks) {
        this.store = store;
        this.settings = settings;
        this.asks = asks;
    }

    ObjectNode list() {
        ObjectNode list = Rows.object();
        ArrayNode array = list.putArray("providers");
        Settings now = settings.get();
        ProviderCatalog catalog = ProviderCatalog.load(now.path("serai.routes"));
        Map<String, Map<String, ObjectNode>> instances = instances(new ProviderSettings(now.all(), catalog), catalog);
        catalog.all().forEach(each -> array.add(provider(each, instances.get(each.name()))));
        return list;
    }

    Optional<ObjectNode> find(String name) {
        for (JsonNode each : list().path("providers")) {
            if (each.path("name").asText().equals(name)) {
                return Optional.of((ObjectNode) each);
            }
        }
        return Optional.empty();
    }

    private static ObjectNode provider(Provider each, Map<String, ObjectNode> instances) {
        ObjectNode provider = Rows.object()
                .put("name", each.name())
                .put("title", each.title())
                .put("description", each.description())
                .put("path", "/api/alerts/event/" + each.name());
        Configured.sorted(provider.putArray("kind"), each.kind());
        Configured.sorted(provider.putArray("capabilities"), each.capabilities());
        each.auth().forEach(provider.putArray("auth")::add);
        ArrayNode scopes = provider.putArray("scopes");
        each.scopes().forEach(scope -> scopes.addObject()
                .put("name", scope.name())
                .put("description", scope.description())
                .put("mandatory", scope.mandatory())
                .put("docs", scope.docs()));
        Configured.sorted(provider.putArray("settings"), each.settings().keySet());
        provider.put("state", state(instances));
        provider.putArray("instances").addAll(instances.values());
        return provider.put("docs", each.docs());
    }

    /** {@code failing}: the last poll or reading of the topology was; {@code working}: heard or polled; {@code configured}; {@code unused}. */
    private static String state(Map<String, ObjectNode> instances) {
        if (instances.isEmpty()) {
            return "unused";
        }
        boolean failing = instances.values().stream()
                .anyMatch(each -> each.at("/poll/problem").isTextual()
                        || each.at("/topology/problem").isTextual());
        boolean heard = instances.values().stream()
                .anyMatch(each -> each.hasNonNull("last_heard") || each.hasNonNull("last_complete_poll"));
        return failing ? "failing" : heard ? "working" : "configured";
    }

    private Map<String, Map<String, ObjectNode>> instances(ProviderSettings configured, ProviderCatalog catalog) {
        Map<String, Map<String, ObjectNode>> all = new TreeMap<>();
        catalog.all().forEach(provider -> {
            all.put(provider.name(), new TreeMap<>());
            configured.instances(provider.name()).forEach(name -> instance(all, provider.name(), name)
                    .put("configured", true));
        });
        new Rows(
                        store,
                        "select provider, instance, count(*), max(last_received),"
                                + " sum(case when status = ? then 0 else 1 end) from alert group by provider, instance")
                .bind(Status.RESOLVED.code())
                .read(row -> instance(all, row.getString(1), row.getString(2))
                        .put("alerts", row.getLong(3))
                        .put("last_heard", Rows.time(row.getLong(4)))
                        .put("open_alerts", row.getLong(5)));
        new Rows(
                        store,
                        "select provider, instance, count(*), max(received_at) from receipt where seq > " + NEWEST
                                + " group by provider, instance")
                .read(row -> instance(all, row.getString(1), row.getString(2))
                        .put("recent_receipts", row.getLong(3))
                        .put("last_heard", Rows.time(row.getLong(4))));
        new Rows(
                        store,
                        "select provider, instance, count(*) from receipt where quarantined > 0 and seq > " + NEWEST
                                + " group by provider, instance")
                .read(row ->
                        instance(all, row.getString(1), row.getString(2)).put("recent_quarantined", row.getLong(3)));
        new Rows(store, "select name, updated_at from poll_cursor where name like 'poll/%/%'").read(row -> {
            String[] name = row.getString(1).split("/", 3);
            return instance(all, name[1], name[2]).put("last_complete_poll", Rows.time(row.getLong(2)));
        });
        all.forEach((provider, each) -> each.forEach((name, instance) -> {
            asks.poll(provider, name).ifPresent(poll -> instance.set("poll", poll));
            asks.topologyReading(provider, name).ifPresent(read -> instance.set("topology", read));
        }));
        return all;
    }

    private static ObjectNode instance(Map<String, Map<String, ObjectNode>> all, String provider, String instance) {
        return all.computeIfAbsent(provider, first -> new TreeMap<>()).computeIfAbsent(instance, first -> {
            ObjectNode fresh = Rows.object()
                    .put("instance", instance)
                    .put("configured", false)
                    .putNull("last_heard")
                    .put("alerts", 0)
                    .put("open_alerts", 0)
                    .put("recent_receipts", 0)
                    .put("recent_quarantined", 0)
                    .putNull("last_complete_poll");
            return fresh.putNull("poll").putNull("topology");
        });
    }

    /**
     * How good what it sends is: how many of its alerts say what Serai can use, which repeat without end, how much of it
     * cannot be mapped.
     */
    Optional<ObjectNode> health(String name) {
        return find(name).map(provider -> {
            ObjectNode health = Rows.object()
                    .put("name", name)
                    .put("state", provider.path("state").asText());
            health.set("instances", provider.path("instances"));
            long receipts = sum(provider, "recent_receipts");
            long quarantined = sum(provider, "recent_quarantined");
            health.put("recent_receipts", receipts).put("quarantined_percent", percent(quarantined, receipts));
            coverage(name, health);
            spammy(name, health.putArray("most_repeated"));
            return health;
        });
    }

    private static long sum(JsonNode provider, String field) {
        long sum = 0;
        for (JsonNode each : provider.path("instances")) {
            sum += each.path(field).asLong();
        }
        return sum;
    }

    /** Percent of the newest alerts that have each field, and that came with a word which no table of the provider knows. */
    private void coverage(String name, ObjectNode health) {
        List<JsonNode> newest = new Rows(store, "select content from alert_full where provider = ?")
                .bind(name)
                .then("order by id desc limit " + SAMPLE)
                .read(row -> Rows.json(row.getString(1)));
        health.put("alerts_looked_at", newest.size());
        ObjectNode coverage = health.putObject("coverage_percent");
        COVERED.forEach(field -> coverage.put(field, share(newest, each -> each.hasNonNull(field))));
        health.put("assumed_percent", share(newest, each -> !each.path("notes").isEmpty()));
    }

    private static int share(List<JsonNode> alerts, Function<JsonNode, Boolean> has) {
        return percent(alerts.stream().filter(has::apply).count(), alerts.size());
    }

    private static int percent(long part, long whole) {
        return whole == 0 ? 0 : (int) (part * 100 / whole);
    }

    private void spammy(String name, ArrayNode array) {
        // The few are chosen before what they say is looked up.
        new Rows(
                        store,
                        "select id, count, version, content from alert_full where id in (select id from alert"
                                + " where provider = ? and count > 1 order by count desc, id limit " + TOP + ")")
                .bind(name)
                .then("order by count desc, id")
                .read(row -> Rows.object()
                        .put("alert", Rows.id(row.getLong(1)))
                        .put("count", row.getLong(2))
                        .put("changes", row.getLong(3))
                        .put("title", Rows.json(row.getString(4)).path("title").asText()))
                .forEach(array::add);
    }
}
