package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.audit.Audit;
import io.serai.config.Settings;
import io.serai.door.ErrorCode;
import io.serai.door.Principal;
import io.serai.door.Refusal;
import io.serai.record.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The REST API without its wire: a method, a path and parameters in, the {@code data} of the answer out. The door and the
 * command line call the same object, so both show the same.
 */
public final class ApiHandler {
    private static final Set<String> NONE = Set.of();
    private static final Set<String> ADMINISTRATION = Set.of("keys", "audit");
    private static final Duration OVERLAP = Duration.ofHours(24);
    private static final String DEFAULT = "default";
    /** What is changed is in another system. */
    private static final Supplier<ObjectNode> NOTHING = () -> null;

    private final Keys keys;
    private final Actions actions;
    private final Clock clock;
    private final Configured configured;
    private final ProviderReads providers;
    private final NotifierReads notifiers;
    private final ProviderAsks asks;
    private final AlertReads alerts;
    private final ReceiptReads receipts;
    private final IncidentReads incidents;
    private final DeliveryReads deliveries;
    private final Explanation explanation;
    private final AuditReads audit;
    private final Audited audited;
    private final Replays replays;
    private final Supplier<String> node;

    /** @param settings those that count now */
    public ApiHandler(Store store, Keys keys, Supplier<Settings> settings, Actions actions, Clock clock) {
        Audit audit = new Audit(store, settings.get().node(), clock);
        this.audit = new AuditReads(audit);
        this.audited = new Audited(audit);
        this.node = () -> settings.get().node();
        this.keys = keys;
        this.actions = actions;
        this.clock = clock;
        this.configured = new Configured(settings);
        this.providers = new ProviderReads(store, settings, actions.asks());
        this.notifiers = new NotifierReads(store, configured);
        this.asks = new ProviderAsks(actions.asks(), clock);
        this.alerts = new AlertReads(store);
        this.receipts = new ReceiptReads(store);
        this.incidents = new IncidentReads(store);
        this.deliveries = new DeliveryReads(store);
        this.replays = new Replays(receipts, deliveries, configured, actions, audited, clock);
        this.explanation = new Explanation(store, configured::destinationNames);
    }

    /**
     * Answers a GET.
     *
     * @param path below {@code /api/}: {@code alerts/12/explain}
     * @throws Refusal 400 naming the parameter at fault, 403 without the scope, 404 for what is not there
     * @throws io.serai.record.LedgerUnavailable when the ledger does not answer
     */
    public ObjectNode get(String path, Map<String, String> query, Principal who) {
        List<String> parts = List.of(path.split("/", -1));
        require(who, ADMINISTRATION.contains(parts.get(0)) ? "admin" : "read");
        String id = parts.size() > 1 ? parts.get(1) : null;
        return switch (shape(parts)) {
            case "alerts" -> alerts.list(new Parameters(query, AlertReads.PARAMETERS));
            case "alerts/?" -> found(alerts.find(plain(query, id)), "alert");
            case "alerts/?/explain" ->
                found(explanation.of(id, new Parameters(query, Set.of("destination")).text("destination")), "alert");
            case "receipts" -> receipts.list(new Parameters(query, ReceiptReads.PARAMETERS));
            case "receipts/?" ->
                found(
                        receipts.find(Parameters.id("id", id), new Parameters(query, Set.of("body")).flag("body")),
                        "receipt");
            case "deliveries" -> deliveries.list(new Parameters(query, DeliveryReads.PARAMETERS));
            case "deliveries/?" -> found(deliveries.find(Parameters.id("id", plain(query, id))), "delivery");
            case "quarantine" -> receipts.quarantine(new Parameters(query, ReceiptReads.PARAMETERS));
            case "incidents" -> incidents.list(new Parameters(query, IncidentReads.PARAMETERS));
            case "incidents/?" -> found(incidents.find(Parameters.id("id", plain(query, id))), "incident");
            case "providers" -> withoutParameters(query, providers.list());
            case "providers/?" -> found(providers.find(plain(query, id)), "provider");
            case "providers/?/health" -> found(providers.health(plain(query, id)), "provider");
            case "integrations/?/?/alerts" ->
                asks.alerts(id, parts.get(2), new Parameters(query, ProviderAsks.PARAMETERS));
            case "integrations/?/?/metrics", "integrations/?/?/logs" ->
                asks.query(id, parts.get(2), parts.get(3), new Parameters(query, ProviderAsks.QUERY));
            case "notifiers" -> withoutParameters(query, notifiers.list(actions.paused()));
            case "destinations" -> withoutParameters(query, configured.destinations(actions.paused()));
            case "status" -> withoutParameters(query, actions.status());
            case "keys" -> withoutParameters(query, keys.list());
            case "audit" -> audit.list(new Parameters(query, AuditReads.PARAMETERS));
            case "audit/?" -> checkAudit(id, query);
            default -> throw nothing();
        };
    }

    /**
     * Answers a POST; see {@link #get}.
     *
     * @param body an object; its members are named by the paths: {@code deliveries/replay} takes {@code delivery}, or
     *             {@code destination} and {@code since}; {@code keys} takes {@code scopes}, {@code note}, {@code user},
     *             {@code team} and {@code expires}, {@code keys/ID/rotate} {@code overlap};
     *             {@code providers/NAME/pull} takes {@code since} and {@code instance}, {@code providers/NAME/check}
     *             {@code instance}; {@code providers/NAME/setup} that, {@code url}, {@code name} and {@code remove};
     *             {@code integrations/NAME/test} takes that and the provider's settings
     */
    public ObjectNode post(String path, JsonNode body, Principal who) {
        List<String> parts = List.of(path.split("/", -1));
        require(who, ADMINISTRATION.contains(parts.get(0)) ? "admin" : "operate");
        String id = parts.size() > 1 ? parts.get(1) : null;
        return switch (shape(parts)) {
            case "deliveries/?" -> {
                JsonNode which = members(body, "delivery", "destination", "since");
                if (!id.equals("replay")) {
                    throw nothing();
                }
                yield replays.deliveries(which, who);
            }
            case "receipts/?/replay" -> {
                long receipt = Parameters.id("id", id);
                members(body);
                yield replays.receipt(receipt, who);
            }
            case "providers/?/pull" -> pull(id, members(body, "since", "instance"), who);
            case "providers/?/check" -> asks.check(id, members(body, "instance"));
            case "providers/?/topology" -> {
                members(body, "instance");
                yield audited.run(who, "provider.topology", provider(id, body), NOTHING, () -> asks.topology(id, body));
            }
            case "providers/?/rules" -> {
                members(body, "instance", "name", "condition", "actions");
                yield audited.run(who, "provider.rule", provider(id, body), NOTHING, () -> asks.rule(id, body));
            }
            case "providers/?/setup" -> {
                // It makes a key.
                require(who, "admin");
                members(body, "instance", "url", "name", "remove");
                yield audited.run(
                        who,
                        body.path("remove").asBoolean(false) ? "provider.teardown" : "provider.setup",
                        provider(id, body),
                        () -> keys.ofProvider(id),
                        () -> asks.setup(id, body, Audited.name(who)));
            }
            case "reload" -> {
                members(body);
                yield audited.run(
                        who, "configuration.reload", "node " + node.get(), NOTHING, () -> actions.reload(who.id()));
            }
            case "integrations/?/test" -> asks.test(id, body);
            case "keys" ->
                keys.create(NewKey.of(members(body, "scopes", "note", "user", "team", "expires")), Audited.name(who));
            case "keys/?/rotate" -> rotateKey(id, members(body, "overlap"), who);
            case "keys/?/revoke" -> {
                members(body);
                yield keys.revoke(id, Audited.name(who));
            }
            default -> throw nothing();
        };
    }

    /** The path with its second part, the id, as a question mark; an integration's id is the third part. */
    private static String shape(List<String> parts) {
        List<String> shape = new ArrayList<>(parts);
        if (shape.size() > 1) {
            shape.set(1, "?");
        }
        if (shape.size() == 4 && shape.get(0).equals("integrations")) {
            shape.set(2, "?");
        }
        return String.join("/", shape);
    }

    private static Refusal nothing() {
        return new Refusal(ErrorCode.NOT_FOUND, "There is nothing at this path.");
    }

    private static void require(Principal who, String scope) {
        if (!who.allows(scope)) {
            throw new Refusal(ErrorCode.PERMISSION_DENIED, "This key lacks the scope " + scope + ".");
        }
    }

    private static ObjectNode withoutParameters(Map<String, String> query, ObjectNode answer) {
        plain(query, null);
        return answer;
    }

    private static String plain(Map<String, String> query, String id) {
        new Parameters(query, NONE);
        return id;
    }

    private static ObjectNode found(Optional<ObjectNode> answer, String what) {
        return answer.orElseThrow(() -> new Refusal(ErrorCode.NOT_FOUND, "There is no such " + what + "."));
    }

    private static JsonNode members(JsonNode body, String... names) {
        if (!body.isObject()) {
            throw new Refusal(ErrorCode.VALIDATION_ERROR, "The body must be a JSON object.");
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!List.of(names).contains(name)) {
                throw Parameters.wrong(
                        name.matches("[A-Za-z0-9_.-]{1,40}") ? name : "a member",
                        names.length == 0 ? "there is none here" : "is none of " + String.join(", ", names));
            }
        });
        return body;
    }

    private ObjectNode pull(String provider, JsonNode body, Principal who) {
        return audited.run(
                who,
                "provider.pull",
                provider(provider, body),
                NOTHING,
                () -> actions.pull(
                        provider,
                        body.path("instance").asText(DEFAULT),
                        body.hasNonNull("since") ? body.path("since").asText() : null));
    }

    private static String provider(String name, JsonNode body) {
        return "provider " + name + "/" + body.path("instance").asText(DEFAULT);
    }

    private ObjectNode checkAudit(String word, Map<String, String> query) {
        if (!word.equals("verify")) {
            throw nothing();
        }
        return audit.verify(new Parameters(query, Set.of("head")));
    }

    private ObjectNode rotateKey(String id, JsonNode body, Principal who) {
        Duration overlap = Parameters.duration("overlap", body.path("overlap"));
        return keys.rotate(id, overlap == null ? OVERLAP : overlap, Audited.name(who));
    }
}
