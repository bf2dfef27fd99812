package io.serai.ask;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import io.serai.parse.Normaliser;
import io.serai.provider.Provider;
import io.serai.record.Item;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.DefaultExchange;

/** Reads the alerts that a system has, by time and severity, in our form (O8). Looks only: nothing is recorded. */
final class Alerts {
    private final Asker asker;
    private final CamelContext context;
    private final Path routes;
    private final Normaliser normaliser;

    Alerts(Asker asker, CamelContext context, Path routes, Normaliser normaliser) {
        this.asker = asker;
        this.context = context;
        this.routes = routes;
        this.normaliser = normaliser;
    }

    /**
     * @param severities of ours; empty for all
     * @throws AskFailure when they cannot be had
     */
    ArrayNode of(Access access, Instant start, Instant end, Set<String> severities) {
        ObjectNode parameters = Span.parameters(start, end);
        if (!severities.isEmpty()) {
            parameters.put("severity", String.join(",", severities));
        }
        ArrayNode found = StrictJson.mapper().createArrayNode();
        Expression mapping = mapping(access.provider());
        for (JsonNode body : bodies(access, parameters)) {
            for (Item item :
                    normaliser.items(access.provider(), access.instance(), mapped(mapping, access, body, end))) {
                if (item instanceof Item.Mapped alert) {
                    ObjectNode content = json(alert.content());
                    content.put("fingerprint", alert.fingerprint().toString());
                    if (wanted(content, start, end, severities)) {
                        found.add(content);
                    }
                } else if (item instanceof Item.Unmapped unmapped) {
                    found.addObject().put("error", unmapped.reason()).put("field", unmapped.field());
                }
            }
        }
        return found;
    }

    private ArrayNode bodies(Access access, ObjectNode parameters) {
        Provider.Request first = access.provider().asks().get("alerts");
        ArrayNode bodies = StrictJson.mapper().createArrayNode();
        Stream.concat(Stream.of(first), first.also().stream())
                .filter(each -> access.has(each.when()))
                .forEach(each -> bodies.addAll(asker.list(access, each, parameters)));
        return bodies;
    }

    private Expression mapping(Provider provider) {
        Path file = routes.resolve("providers").resolve(provider.name()).resolve(provider.name() + ".jq");
        Expression mapping = context.resolveLanguage("jq")
                .createExpression("resource:file:" + file.toAbsolutePath().normalize(), new Object[] {JsonNode.class});
        mapping.init(context);
        return mapping;
    }

    private JsonNode mapped(Expression mapping, Access access, JsonNode body, Instant now) {
        Exchange exchange = new DefaultExchange(context);
        // What parse routes set beside these are settings: the tenant that links begin with.
        access.provider().settings().forEach((name, setting) -> {
            if (!setting.sensitive() && access.values().hasNonNull(name)) {
                exchange.setVariable(name, access.values().path(name).asText());
            }
        });
        exchange.setVariable("provider", access.provider().name());
        exchange.setVariable("instance", access.instance());
        exchange.setVariable("received_at", now.toString());
        exchange.setVariable("received_epoch", String.valueOf(now.getEpochSecond()));
        exchange.getMessage().setBody(body);
        try {
            return mapping.evaluate(exchange, JsonNode.class);
        } catch (RuntimeCamelException e) {
            return StrictJson.mapper().createObjectNode().put("error", "the mapping cannot read it");
        }
    }

    /** Was there at some time of the span, and is of a severity that was asked for; without times it is taken. */
    private static boolean wanted(ObjectNode alert, Instant start, Instant end, Set<String> severities) {
        boolean over = alert.hasNonNull("ends_at")
                && Instant.parse(alert.path("ends_at").asText()).isBefore(start);
        boolean later = alert.hasNonNull("starts_at")
                && Instant.parse(alert.path("starts_at").asText()).isAfter(end);
        return !over
                && !later
                && (severities.isEmpty()
                        || severities.contains(alert.path("severity").asText()));
    }

    private static ObjectNode json(String content) {
        try {
            return (ObjectNode) StrictJson.read(content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("the normaliser wrote an alert that is not JSON", e);
        }
    }
}
