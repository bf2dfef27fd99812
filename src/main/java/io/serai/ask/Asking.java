package io.serai.ask;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.api.Asks;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.json.StrictJson;
import io.serai.parse.Normaliser;
import io.serai.poll.Poller;
import io.serai.poll.ReadFailure;
import io.serai.provider.Provider;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.ProviderSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;

/** Answers what operators ask of the providers' systems, by what the folders declare. */
public final class Asking implements Asks {
    private static final String DEFAULT = "default";

    private final Desk desk;
    private final Asker asker;
    private final Scopes scopes;
    private final Alerts alerts;
    private final Poller poller;

    /**
     * @param context started, with the poll routes and so the bean {@code readingClient}
     * @param hosts   what {@code serai.egress.hosts} allows
     * @param agent   what requests call themselves, {@code Serai/<version>}
     */
    public Asking(
            ProviderCatalog catalog,
            ProviderSettings settings,
            CamelContext context,
            Path routes,
            Normaliser normaliser,
            Poller poller,
            List<String> hosts,
            String agent) {
        this.desk = new Desk(catalog, settings, new Egress(hosts), context);
        this.asker = new Asker(context, routes, agent);
        this.scopes = new Scopes(asker);
        this.alerts = new Alerts(asker, context, routes, normaliser);
        this.poller = poller;
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
            throw refusal("Connection test failed: ", found.failed(), ErrorCode.CONNECTION_FAILED);
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
            throw refusal("Failed to fetch alerts: ", failure, code(failure));
        }
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
        return poller.state(provider, instance).map(state -> StrictJson.mapper()
                .createObjectNode()
                .put("at", state.at().toString())
                .put("problem", state.problem())
                .put("failures", state.failures()));
    }

    /** An exhausted quota is answered as one, so that who asks waits; everything else is a failed connection. */
    private static ErrorCode code(AskFailure failure) {
        return failure.kind() == ReadFailure.Kind.RATE_LIMIT ? ErrorCode.RATE_LIMITED : ErrorCode.CONNECTION_FAILED;
    }

    private static Refusal refusal(String before, AskFailure failure, ErrorCode code) {
        return new Refusal(
                code,
                before + failure.getMessage() + ".",
                List.of(new Refusal.Detail("failure", Scopes.word(failure.kind()))),
                failure.retryAfter()
                        .map(wait -> (int) Math.max(1, wait.toSeconds()))
                        .orElse(null));
    }
}
