package io.serai.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.serai.door.Arrival;
import io.serai.door.ErrorCode;
import io.serai.door.LaterAnswer;
import io.serai.door.Refusal;
import io.serai.provider.Detection;
import io.serai.provider.Provider;
import io.serai.provider.ProviderCatalog;
import io.serai.record.Item;
import io.serai.record.Origin;
import io.serai.record.Recorder;
import io.serai.record.Recording;
import io.serai.record.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;

/** The parse stage as the routes see it: bean {@code parse}. */
public final class ParseStage {
    private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
    private static final int REASON_LENGTH = 200;
    /** The variable with a pushed or replayed body as it came; a poll's answer is nobody else's. */
    static final String BODY = "as_it_came";

    private final ProviderCatalog catalog;
    private final Detection detection;
    private final Normaliser normaliser;
    private final Recorder recorder;
    private final BiPredicate<String, String> fetchable;
    private final Handshakes handshakes;
    private final WrongDoor wrongDoor;

    /** @param fetchable whether details can be fetched for a provider's instance: its system's address is configured */
    public ParseStage(
            ProviderCatalog catalog,
            Detection detection,
            Normaliser normaliser,
            Recorder recorder,
            BiPredicate<String, String> fetchable) {
        this.catalog = catalog;
        this.detection = detection;
        this.normaliser = normaliser;
        this.recorder = recorder;
        this.fetchable = fetchable;
        this.handshakes = new Handshakes(catalog);
        this.wrongDoor = new WrongDoor(detection);
    }

    /**
     * The raw bytes become a JSON tree; the request becomes the variables {@code instance}, {@code received_at},
     * {@code received_epoch} and {@code header.<name>}. A handshake becomes its {@link LaterAnswer}, and the route ends here.
     *
     * @throws Refusal 400 when the body is nothing that the provider takes
     */
    public Object json(Exchange exchange) {
        Arrival arrival = exchange.getVariable("arrival", Arrival.class);
        exchange.setVariable("instance", instance(arrival));
        exchange.setVariable("received_at", arrival.receivedAt().toString());
        exchange.setVariable(
                "received_epoch", String.valueOf(arrival.receivedAt().getEpochSecond()));
        String name = exchange.getVariable("provider", String.class);
        Provider provider = name == null ? null : catalog.get(name);
        if (provider != null) {
            headers(provider, header -> first(arrival, header), exchange);
        }
        // CloudEvents of the binary mode may have no data.
        if (arrival.body().length == 0 && detection.byHeaders(name, header -> first(arrival, header))) {
            return NullNode.getInstance();
        }
        JsonNode body = BodyReader.read(
                arrival.body(), first(arrival, "content-type"), provider == null ? catalog.forms() : provider.body());
        if (handshakes.asked(name, header -> first(arrival, header))) {
            exchange.setRouteStop(true);
            return new LaterAnswer(CompletableFuture.completedFuture(handshakes.answer(name, body)));
        }
        exchange.setVariable(BODY, body);
        return body;
    }

    /** Sets the variables by which a provider's mapping sees the request headers that its provider.yaml names. */
    static void headers(Provider provider, UnaryOperator<String> header, Exchange exchange) {
        for (String name : provider.readHeaders()) {
            String value = header.apply(name);
            if (value != null) {
                exchange.setVariable("header." + name, value);
            }
        }
    }

    private static String instance(Arrival arrival) {
        String instance = arrival.parameter("provider_id");
        if (instance == null || instance.isEmpty()) {
            return "default";
        }
        if (!INSTANCE.matcher(instance).matches()) {
            throw new Refusal(
                    ErrorCode.VALIDATION_ERROR,
                    "The parameter provider_id is not the name of an instance.",
                    List.of(new Refusal.Detail(
                            "provider_id", "letters, digits, dot, dash and underscore, 64 at most")));
        }
        return instance;
    }

    /**
     * Finds whose body it is and sets the variable {@code provider}.
     *
     * @throws Undetected when none or several providers claim it
     * @throws Refusal 403 when the sender's key is for another provider
     */
    public void detect(@Body JsonNode body, Exchange exchange) {
        Arrival arrival = exchange.getVariable("arrival", Arrival.class);
        List<String> names = detection.match(body, name -> first(arrival, name));
        if (names.size() != 1) {
            throw new Undetected(names);
        }
        if (!arrival.principal().allows("ingest:" + names.get(0))) {
            throw new Refusal(ErrorCode.PERMISSION_DENIED, "This key may not send for " + names.get(0) + ".");
        }
        exchange.setVariable("provider", names.get(0));
        headers(catalog.get(names.get(0)), header -> first(arrival, header), exchange);
    }

    /**
     * What the provider's mapping gave becomes items for the ledger.
     *
     * @throws WrongDoor.Foreign when it had to guess, and the body is another provider's
     */
    public List<Item> items(@Body JsonNode mapped, Exchange exchange) {
        String instance = exchange.getVariable("instance", "default", String.class);
        Provider provider = catalog.get(exchange.getVariable("provider", String.class));
        JsonNode body = exchange.getVariable(BODY, JsonNode.class);
        if (body != null) {
            wrongDoor
                    .owner(provider, body, mapped, name -> exchange.getVariable("header." + name, String.class))
                    .ifPresent(owner -> {
                        throw new WrongDoor.Foreign(owner);
                    });
        }
        if (exchange.getVariable(Origin.VARIABLE) == null) {
            exchange.setVariable(Origin.VARIABLE, origin(exchange, provider, instance));
        }
        return normaliser.items(provider, instance, mapped);
    }

    /**
     * Keeps a request that no mapping could use, whole, with the reason.
     *
     * @throws Refusal what was refused already stays refused
     */
    public Recording quarantine(Exchange exchange) throws Exception {
        Exception failure = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Exception.class);
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof Refusal refusal) {
                throw refusal;
            }
        }
        String name = exchange.getVariable("provider", "unknown", String.class);
        Provider provider = catalog.find(name).orElse(null);
        String instance = exchange.getVariable("instance", "default", String.class);
        exchange.setVariable(Origin.VARIABLE, origin(exchange, provider, instance));
        exchange.setVariable("provider", name);
        return recorder.accept(List.of(new Item.Unmapped("", reason(name, failure))), exchange);
    }

    private static String reason(String provider, Exception failure) {
        if (failure instanceof Undetected undetected) {
            return undetected.getMessage();
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof WrongDoor.Foreign) {
            return root.getMessage();
        }
        String message = String.valueOf(root.getMessage());
        return "the mapping of " + provider + " cannot use this body: "
                + message.substring(0, Math.min(REASON_LENGTH, message.length()));
    }

    private Origin origin(Exchange exchange, Provider provider, String instance) {
        Arrival arrival = exchange.getVariable("arrival", Arrival.class);
        String deliveryId =
                provider == null || provider.deliveryId() == null ? null : first(arrival, provider.deliveryId());
        return new Origin(
                Source.PUSH,
                arrival.receivedAt(),
                null,
                arrival.principal().id(),
                arrival.remote(),
                first(arrival, "content-type"),
                kept(arrival, provider),
                arrival.body(),
                deliveryId,
                null,
                provider != null && provider.fetches() && fetchable.test(provider.name(), instance));
    }

    /** Only what a parser or an operator needs is kept; a credential never is. */
    private Map<String, String> kept(Arrival arrival, Provider provider) {
        Map<String, String> kept = new HashMap<>();
        keep(arrival, "user-agent", kept);
        Iterable<Provider> providers = provider == null ? catalog.all() : List.of(provider);
        for (Provider each : providers) {
            each.readHeaders().forEach(header -> keep(arrival, header, kept));
        }
        return kept;
    }

    private static void keep(Arrival arrival, String name, Map<String, String> kept) {
        String value = first(arrival, name);
        if (value != null) {
            kept.put(name, value);
        }
    }

    private static String first(Arrival arrival, String name) {
        List<String> values = arrival.headers().get(name);
        return values == null ? null : values.get(0);
    }

    /** No detector or several claim a body: quarantine, with the reason (O22). */
    static final class Undetected extends RuntimeException {
        Undetected(List<String> names) {
            super(
                    names.isEmpty()
                            ? "no provider recognises this body"
                            : "several providers claim this body: " + String.join(", ", names),
                    null,
                    false,
                    false);
        }
    }
}
