package io.serai.provider;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.serai.door.signature.Scheme;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One provider folder's {@code provider.yaml}: what it is, how it is recognised, and what its words mean.
 *
 * @param kind       {@code webhook}, {@code poll}, {@code fetch}
 * @param auth       what may authenticate its webhook besides a Serai key: {@code key}, {@code basic}, {@code hmac}
 * @param detect     jq predicate over the body; null when the body alone never tells
 * @param detectHeaders regular expressions on request headers that break a tie between detectors
 * @param fallback   true when it is asked only after no other detector matched
 * @param key        canonical fields, as dot paths, that make the fingerprint
 * @param status     the sender's words to ours, lower case; {@code default} for the rest
 * @param severity   the sender's words to ours, lower case; {@code default} for the rest
 * @param test       jq predicate over one mapped alert that is true for the vendor's test message
 * @param changeOn   what makes a change: of {@code status}, {@code severity}, {@code title}
 * @param deliveryId request header with the vendor's own delivery id
 * @param headers    further request headers that the mapping sees and that are kept with the receipt
 * @param signature  how the vendor signs; null for {@code sha256=<hex>} over the body
 * @param body       forms of body that it takes: {@code json}, {@code form}, {@code text}
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
        List<String> key,
        Map<String, String> status,
        Map<String, String> severity,
        String test,
        @JsonProperty("change_on") Set<String> changeOn,
        @JsonProperty("delivery_id") String deliveryId,
        List<String> headers,
        Scheme signature,
        Set<String> body,
        Map<String, Setting> settings,
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

    public Provider {
        kind = kind == null ? Set.of() : Set.copyOf(kind);
        auth = auth == null ? List.of("key") : List.copyOf(auth);
        detectHeaders = detectHeaders == null ? Map.of() : Map.copyOf(detectHeaders);
        key = key == null ? List.of() : List.copyOf(key);
        status = lower(status);
        severity = lower(severity);
        changeOn = changeOn == null ? CHANGE : Set.copyOf(changeOn);
        deliveryId = deliveryId == null ? null : deliveryId.toLowerCase(Locale.ROOT);
        headers = headers == null ? List.of() : List.copyOf(headers);
        body = body == null ? Set.of("json") : Set.copyOf(body);
        settings = settings == null ? Map.of() : Map.copyOf(settings);
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

    public boolean fetches() {
        return kind.contains("fetch");
    }
}
