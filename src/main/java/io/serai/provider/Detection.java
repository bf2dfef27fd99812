package io.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.config.ConfigurationError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/**
 * Whose body is this? All detectors are asked (O22: a list where the first match wins hides what is ambiguous). Headers
 * break a tie and claim what no detector knows, as the data of CloudEvents' binary mode; providers marked
 * {@code fallback} are asked when no other one matched.
 */
public final class Detection {
    private final List<Detector> specific = new ArrayList<>();
    private final List<Detector> fallback = new ArrayList<>();

    private record Detector(Provider provider, Jq body, Map<String, Pattern> headers) {
        /** A User-Agent says which program sends, not in whose form: Alertmanager speaks to many systems in theirs. */
        boolean headersClaim() {
            return body == null || !headers.containsKey("user-agent");
        }

        boolean claims(JsonNode document) {
            return body != null && body.test(document);
        }

        boolean headersMatch(UnaryOperator<String> header) {
            return !headers.isEmpty()
                    && headers.entrySet().stream().allMatch(each -> {
                        String value = header.apply(each.getKey());
                        return value != null && each.getValue().matcher(value).find();
                    });
        }
    }

    /** @throws ConfigurationError naming the provider whose detector is not jq */
    public Detection(ProviderCatalog catalog) {
        for (Provider provider : catalog.all()) {
            if (provider.detect() == null && provider.detectHeaders().isEmpty()) {
                continue;
            }
            try {
                Jq body = provider.detect() == null ? null : Jq.compile(provider.detect());
                Map<String, Pattern> headers = provider.detectHeaders().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, each -> Pattern.compile(each.getValue(), Pattern.CASE_INSENSITIVE)));
                (provider.fallback() ? fallback : specific).add(new Detector(provider, body, headers));
            } catch (JsonQueryException e) {
                throw new ConfigurationError(
                        "routes/providers/" + provider.name() + "/provider.yaml",
                        "detect is not a jq expression",
                        "Correct it and run ./serai lint");
            }
        }
    }

    /**
     * @param header gives the value of a request header by its lower-case name, or null
     * @return the names of all providers that claim the body: one is a match, none or several is a reason to quarantine
     */
    public List<String> match(JsonNode body, UnaryOperator<String> header) {
        List<String> names = match(specific, body, header);
        return names.isEmpty() ? match(fallback, body, header) : names;
    }

    /** Whether one provider's detector or headers know the body, whoever else's do. */
    public boolean knows(String provider, JsonNode body, UnaryOperator<String> header) {
        return of(provider)
                .filter(each -> each.claims(body) || each.headersMatch(header))
                .isPresent();
    }

    private Optional<Detector> of(String provider) {
        return Stream.concat(specific.stream(), fallback.stream())
                .filter(each -> each.provider().name().equals(provider))
                .findFirst();
    }

    /**
     * True when the headers alone say whose message it is: an event whose attributes are headers needs no body.
     *
     * @param provider whose headers are looked for; null for anybody's
     */
    public boolean byHeaders(String provider, UnaryOperator<String> header) {
        return specific.stream()
                .filter(each -> provider == null || each.provider().name().equals(provider))
                .anyMatch(each -> each.headersClaim() && each.headersMatch(header));
    }

    /**
     * Whose body it is, when it came to the door of a provider whose own detector and headers do not know it.
     *
     * @return the only other provider that knows it by its body; empty when it may be this one's, or nobody is sure
     */
    public Optional<String> foreign(Provider provider, JsonNode body, UnaryOperator<String> header) {
        if (of(provider.name()).isEmpty() || knows(provider.name(), body, header)) {
            return Optional.empty();
        }
        List<String> others = specific.stream()
                .filter(each -> each.claims(body))
                .map(each -> each.provider().name())
                .toList();
        return others.size() == 1 ? Optional.of(others.get(0)) : Optional.empty();
    }

    private static List<String> match(List<Detector> detectors, JsonNode body, UnaryOperator<String> header) {
        List<Detector> claimed =
                detectors.stream().filter(each -> each.claims(body)).toList();
        if (claimed.size() != 1) {
            List<Detector> byHeader = (claimed.isEmpty()
                            ? detectors.stream().filter(Detector::headersClaim)
                            : claimed.stream())
                    .filter(each -> each.headersMatch(header))
                    .toList();
            claimed = byHeader.isEmpty() ? claimed : byHeader;
        }
        return claimed.stream().map(each -> each.provider().name()).toList();
    }
}
