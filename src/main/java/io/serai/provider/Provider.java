package io.serai.provider;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.serai.door.signature.Scheme;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One provider folder's {@code provider.yaml}: what it is, how it is recognised, and what its words mean.
 *
 * @param kind       {@code webhook}, {@code poll}, {@code fetch}
 * @param auth       what may authenticate its webhook: {@code key}, {@code basic}, {@code hmac}; {@code query} for a key
 *                   in the address, where the vendor can send it nowhere else
 * @param detect     jq predicate over the body; null when the body alone never tells
 * @param detectHeaders regular expressions on request headers that break a tie between detectors, or claim what none knows
 * @param fallback   true when it is asked only after no other detector matched
 * @param foreign    {@code refuse} or {@code take}: what is done with a body that the mapping had to guess about and that
 *                   another provider alone knows
 * @param key        canonical fields, as dot paths, that make the fingerprint
 * @param status     the sender's words to ours, lower case; {@code default} for the rest
 * @param severity   the sender's words to ours, lower case; {@code default} for the rest
 * @param test       jq predicate over one mapped alert that is true for the vendor's test message
 * @param changeOn   what makes a change: of {@code status}, {@code severity}, {@code title}
 * @param deliveryId request header with the vendor's own delivery id
 * @param headers    further request headers that the mapping sees and that are kept with the receipt
 * @param signature  how the vendor signs; null for {@code sha256=<hex>} over the body
 * @param handshake  what its system asks before it sends; null when it asks nothing
 * @param body       forms of body that it takes: {@code json}, {@code form}, {@code text}
 * @param connection how its API is reached; null when it cannot be asked
 * @param scopes     what the credential must or may be allowed (K4)
 * @param asks       what it can be asked, by name: {@code alerts}, {@code metrics}, {@code logs}, {@code topology}
 * @param rule       how an alert rule is made over there; null when that is not offered (O10)
 * @param setup      what has to be made over there so that it posts to Serai (K13)
 */
public record Provider(
        String name,
        String title,
        String description,
        Set<String> kind,
        List<String> auth,
        String detect,
        @JsonProperty("detect_headers") Map<String, String> detectHeaders,
        boolean fallback,
        String foreign,
        List<String> key,
        Map<String, String> status,
        Map<String, String> severity,
        String test,
        @JsonProperty("change_on") Set<String> changeOn,
        @JsonProperty("delivery_id") String deliveryId,
        List<String> headers,
        Scheme signature,
        Handshake handshake,
        Set<String> body,
        Map<String, Setting> settings,
        Connection connection,
        List<Scope> scopes,
        Map<String, Request> asks,
        Thing rule,
        List<Thing> setup,
        String docs) {
    private static final Set<String> CHANGE = Set.of("status", "severity", "title");

    /** A typed setting of a provider or notifier: feeds the start's checks, lint, the docs and redaction (K3). */
    public record Setting(
            String type,
            boolean required,
            boolean sensitive,
            String description,
            @JsonProperty("default") String fallback,
            List<String> values) {}

    /**
     * A request that holds no alert but asks whether we want any.
     *
     * @param headers regular expressions on request headers, lower-case names, that all match such a request and no other
     * @param answer  jq over its body: the JSON that is answered
     */
    public record Handshake(Map<String, String> headers, String answer) {
        public Handshake {
            headers = headers == null ? Map.of() : Map.copyOf(headers);
        }
    }

    /**
     * @param url     the setting that holds the address
     * @param needs   further settings without which nothing can be asked
     * @param headers sent with every request, with {@code {setting}} in them
     * @param aws     how requests are signed for AWS; null when they are not
     * @param failure jq over what the system answers when it refuses: {@code auth}, {@code rate_limit} or null; null when the
     *                HTTP status tells
     */
    public record Connection(
            String url, List<String> needs, Map<String, String> headers, AwsSignature aws, String failure) {
        public Connection {
            needs = needs == null ? List.of() : List.copyOf(needs);
            headers = headers == null ? Map.of() : Map.copyOf(headers);
        }
    }

    /**
     * What AWS's Signature Version 4 is made with: POST requests to the root path only.
     *
     * @param service   AWS's name of the service
     * @param region    the setting with the region
     * @param accessKey the setting with the access key's id
     * @param secretKey the setting with the secret access key
     */
    public record AwsSignature(
            String service,
            String region,
            @JsonProperty("access_key") String accessKey,
            @JsonProperty("secret_key") String secretKey) {}

    /**
     * One permission of the credential and how it is found out.
     *
     * @param when settings that must have these values, else it is not checked
     */
    public record Scope(
            String name, String description, boolean mandatory, Map<String, String> when, String docs, Request check) {
        public Scope {
            when = when == null ? Map.of() : Map.copyOf(when);
        }
    }

    /**
     * One request; see schema/provider.schema.json.
     *
     * @param body   jq over settings and parameters; null for none
     * @param ok     jq predicate over the answer; null when the HTTP status tells
     * @param bind   jq that quotes a text for the query language; null when only plain words may be put into a query
     * @param answer jq over the answer, or {@code file:NAME.jq}; null for the answer as it is
     * @param next   jq over the answer that gives what the next page is asked with
     * @param when   settings that must have these values, else it is not asked
     * @param also   further requests whose lists are put behind this one's
     */
    public record Request(
            String method,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            String body,
            boolean text,
            String ok,
            String bind,
            String answer,
            String next,
            @JsonProperty("next_query") Map<String, String> nextQuery,
            Map<String, String> when,
            List<Request> also) {
        public Request {
            when = when == null ? Map.of() : Map.copyOf(when);
            also = also == null ? List.of() : List.copyOf(also);
            method = method == null ? "GET" : method;
            query = query == null ? Map.of() : new LinkedHashMap<>(query);
            headers = headers == null ? Map.of() : Map.copyOf(headers);
            nextQuery = nextQuery == null ? query : new LinkedHashMap<>(nextQuery);
        }
    }

    /** Something that is made over there once and found again; {@code update} and {@code remove} may be null. */
    public record Thing(String name, Request find, Request create, Request update, Request remove) {}

    public Provider {
        kind = kind == null ? Set.of() : Set.copyOf(kind);
        auth = auth == null ? List.of("key") : List.copyOf(auth);
        detectHeaders = detectHeaders == null ? Map.of() : Map.copyOf(detectHeaders);
        foreign = foreign == null ? "refuse" : foreign;
        key = key == null ? List.of() : List.copyOf(key);
        status = lower(status);
        severity = lower(severity);
        changeOn = changeOn == null ? CHANGE : Set.copyOf(changeOn);
        deliveryId = deliveryId == null ? null : deliveryId.toLowerCase(Locale.ROOT);
        headers = headers == null ? List.of() : List.copyOf(headers);
        body = body == null ? Set.of("json") : Set.copyOf(body);
        settings = settings == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        settings.values().forEach(Objects::requireNonNull);
        scopes = scopes == null ? List.of() : List.copyOf(scopes);
        asks = asks == null ? Map.of() : Map.copyOf(asks);
        setup = setup == null ? List.of() : List.copyOf(setup);
    }

    private static Map<String, String> lower(Map<String, String> table) {
        return table == null
                ? Map.of()
                : table.entrySet().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                word -> word.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue));
    }

    /** Lower-case names of all request headers that it reads, for whatever reason. None of them is a credential. */
    public Set<String> readHeaders() {
        Set<String> names = new TreeSet<>(headers);
        names.addAll(detectHeaders.keySet());
        if (deliveryId != null) {
            names.add(deliveryId);
        }
        return names;
    }

    /** What it can do, sorted: its kinds, what it can be asked, and {@code check}, {@code setup}, {@code rule} (K1). */
    public SortedSet<String> capabilities() {
        SortedSet<String> words = new TreeSet<>(kind);
        words.addAll(asks.keySet());
        if (!scopes.isEmpty()) {
            words.add("check");
        }
        if (!setup.isEmpty()) {
            words.add("setup");
        }
        if (rule != null) {
            words.add("rule");
        }
        return words;
    }

    public boolean fetches() {
        return kind.contains("fetch");
    }
}
