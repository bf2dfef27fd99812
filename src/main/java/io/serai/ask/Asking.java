package io.serai.ask;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.api.Asks;
import io.serai.api.Keys;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.json.StrictJson;
import io.serai.parse.Normaliser;
import io.serai.poll.PollState;
import io.serai.poll.Poller;
import io.serai.poll.ReadingListener;
import io.serai.provider.Provider;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.ProviderSettings;
import io.serai.record.Leases;
import io.serai.record.PollCursors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;

/** Answers what operators ask of the providers' systems, by what the folders declare. */
public final class Asking implements Asks {
    private static final String DEFAULT = "default";

    private final Desk desk;
    private final Asker asker;
    private final Scopes scopes;
    private final Alerts alerts;
    private final Things things;
    private final Setup setup;
    private final TopologyBook topology;
    private final TopologyRefresh refresh;
    private final Measuring measuring;
    private final Poller poller;
    private final Changes changes;

    /**
     * @param context started, with the poll routes and so the bean {@code readingClient}
     * @param tables  folder of the tables that the enrichment looks up
     * @param cursors of the ledger, where what was read is kept for all nodes
     * @param hosts   what {@code serai.egress.hosts} allows
     * @param agent   what requests call themselves, {@code Serai/<version>}
     * @param readings is told how readings of topologies end
     */
    public Asking(
            ProviderCatalog catalog,
            ProviderSettings settings,
            CamelContext context,
            Path routes,
            Path tables,
            Normaliser normaliser,
            Poller poller,
            Keys keys,
            Leases leases,
            PollCursors cursors,
            Clock clock,
            String node,
            List<String> hosts,
            String agent,
            ReadingListener readings) {
        this.desk = new Desk(catalog, settings, new Egress(hosts), context);
        this.asker = new Asker(context, routes, agent);
        this.scopes = new Scopes(asker);
        this.alerts = new Alerts(asker, context, routes, normaliser);
        this.things = new Things(asker);
        this.setup = new Setup(asker, keys);
        this.topology = new TopologyBook(cursors, new Topology(tables), clock);
        this.refresh = new TopologyRefresh(settings, topology, leases, node, readings);
        this.measuring = new Measuring(asker);
        this.poller = poller;
        this.changes = new Changes(leases, node);
    }

    @Override
    public ObjectNode check(String name, String instance) {
        Provider provider = checkable(name);
        return scopes.check(desk.access(provider, instance)).answer();
    }

    @Override
    public ObjectNode test(String name, JsonNode body) {
        Provider provider = checkable(name);
        ObjectNode given = ((ObjectNode) body).deepCopy();
        JsonNode instance = given.remove("instance");
        Access access =
                desk.access(provider, instance == null ? DEFAULT : instance.asText(), desk.tried(provider, given));
        Scopes.Found found = scopes.check(access);
        if (found.failed() != null) {
            throw found.failed().refusal("Connection test failed: ", ErrorCode.CONNECTION_FAILED);
        }
        ObjectNode answer = StrictJson.mapper().createObjectNode();
        answer.put("success", true).put("message", "Connection successful");
        answer.set("scopes", found.answer().path("scopes"));
        return answer;
    }

    private Provider checkable(String name) {
        Provider provider = desk.provider(name);
        if (provider.scopes().isEmpty()) {
            throw new Refusal(
                    ErrorCode.VALIDATION_ERROR, "This provider's folder declares nothing that can be checked.");
        }
        return provider;
    }

    @Override
    public ObjectNode alerts(String name, String instance, Instant start, Instant end, Set<String> severities) {
        Provider provider = integration(name, instance);
        if (!provider.asks().containsKey("alerts")) {
            throw new Refusal(
                    ErrorCode.VALIDATION_ERROR, "Invalid integration type: it cannot be asked for its alerts.");
        }
        Access access = desk.access(provider, instance);
        try {
            ArrayNode found = alerts.of(access, start, end, severities);
            ObjectNode answer = StrictJson.mapper().createObjectNode();
            answer.put("count", found.size()).set("alerts", found);
            return answer;
        } catch (AskFailure failure) {
            throw failure.refusal("Failed to fetch alerts: ");
        }
    }

    @Override
    public ObjectNode query(String name, String instance, String what, String query, Instant start, Instant end) {
        Provider provider = integration(name, instance);
        Provider.Request request = provider.asks().get(what);
        if (request == null) {
            throw new Refusal(
                    ErrorCode.VALIDATION_ERROR, "Invalid integration type: it cannot be asked for its " + what + ".");
        }
        ObjectNode parameters = Span.parameters(start, end).put("query", query);
        try {
            ArrayNode found = asker.list(desk.access(provider, instance), request, parameters);
            ObjectNode answer = StrictJson.mapper().createObjectNode();
            answer.put("count", found.size()).set(what, found);
            return answer;
        } catch (AskFailure failure) {
            String before = what.equals("metrics") ? "Metrics query failed: " : "Failed to fetch " + what + ": ";
            throw failure.refusal(before);
        }
    }

    /**
     * The metrics that a query of an enrichment gives (O9); see {@link Measuring}.
     *
     * @throws AskFailure when they cannot be had
     * @throws Refusal when the instance is not set up to be asked
     */
    public ArrayNode metrics(
            String name, String instance, Function<UnaryOperator<String>, String> query, Duration before) {
        Provider provider = desk.provider(name);
        return measuring.of(desk.access(provider, instance), provider.asks().get("metrics"), query, before);
    }

    @Override
    public ObjectNode topology(String name, String instance) {
        Provider provider = integration(name, instance);
        Provider.Request request = provider.asks().get("topology");
        if (request == null) {
            throw new Refusal(ErrorCode.VALIDATION_ERROR, "Invalid integration type: it knows no topology.");
        }
        Access access = desk.access(provider, instance);
        return changes.alone(access, () -> {
            try {
                ArrayNode services =
                        asker.list(access, request, StrictJson.mapper().createObjectNode());
                ObjectNode written = topology.write(access.toString(), services);
                refresh.succeeded(name, instance);
                return written;
            } catch (AskFailure failure) {
                throw failure.refusal("Failed to read the topology: ");
            }
        });
    }

    /** A strike of the timer of an instance whose topology is read on a schedule, as the routes see it. Never throws. */
    public void refreshTopology(String name, String instance) {
        refresh.look(name, instance, (provider, which) -> {
            Provider asked = desk.provider(provider);
            return asker.list(
                    desk.access(asked, which),
                    asked.asks().get("topology"),
                    StrictJson.mapper().createObjectNode());
        });
    }

    @Override
    public ObjectNode rule(String name, String instance, ObjectNode rule) {
        Provider provider = integration(name, instance);
        if (provider.rule() == null) {
            throw new Refusal(ErrorCode.VALIDATION_ERROR, "Invalid integration type: no rules can be made there.");
        }
        Access access = desk.access(provider, instance);
        // Of the name alone: the same rule asked for again, by whomever, is the same request.
        UUID once =
                UUID.nameUUIDFromBytes((access + "/" + rule.path("name").asText()).getBytes(StandardCharsets.UTF_8));
        ObjectNode parameters = rule.deepCopy().put("key", once.toString());
        return changes.alone(access, () -> {
            try {
                Things.Done done = things.make(access, provider.rule(), parameters);
                ObjectNode answer = StrictJson.mapper().createObjectNode();
                return answer.put("created", done.did().equals("created")).set("id", done.id());
            } catch (AskFailure failure) {
                throw failure.refusal("Failed to create alert rule: ");
            }
        });
    }

    @Override
    public ObjectNode setup(String name, String instance, String url, String called, String who) {
        Provider provider = desk.provider(name);
        if (provider.setup().isEmpty()) {
            throw new Refusal(
                    ErrorCode.VALIDATION_ERROR,
                    "This provider has to be set up by hand: its folder's README says how.");
        }
        Access access = desk.access(provider, instance);
        String own = url == null
                ? null
                : Egress.address(url)
                        .orElseThrow(() -> new Refusal(
                                ErrorCode.VALIDATION_ERROR,
                                "Nothing was set up.",
                                List.of(new Refusal.Detail("url", "must be the http or https address of this Serai"))));
        return changes.alone(access, () -> {
            try {
                return own == null ? setup.remove(access, called, who) : setup.apply(access, own, called, who);
            } catch (AskFailure failure) {
                throw failure.refusal(own == null ? "Removing failed: " : "Set-up failed: ");
            }
        });
    }

    private Provider integration(String name, String instance) {
        try {
            Provider provider = desk.provider(name);
            if (desk.configured(name, instance)) {
                return provider;
            }
        } catch (Refusal unknown) {
            // the same answer: there is no such integration
        }
        throw new Refusal(ErrorCode.NOT_FOUND, "Integration not found.");
    }

    @Override
    public Optional<ObjectNode> poll(String provider, String instance) {
        return poller.state(provider, instance).map(Asking::told);
    }

    @Override
    public Optional<ObjectNode> topologyReading(String provider, String instance) {
        return refresh.state(provider, instance).map(Asking::told);
    }

    private static ObjectNode told(PollState state) {
        return StrictJson.mapper()
                .createObjectNode()
                .put("at", state.at().toString())
                .put("problem", state.problem())
                .put("failures", state.failures());
    }
}
