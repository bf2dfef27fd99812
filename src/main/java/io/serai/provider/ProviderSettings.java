package io.serai.provider;

import io.serai.config.ConfigurationError;
import io.serai.config.Family;
import io.serai.config.Values;
import io.serai.door.ProviderSecrets;
import io.serai.door.signature.Scheme;
import io.serai.egress.EgressPolicy;
import io.serai.egress.WebAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What an operator configured for the instances of the providers: {@code serai.provider.<name>.<setting>} for the
 * instance {@code default}, {@code serai.provider.<name>.<instance>.<setting>} for another. What a provider can be told
 * is declared in its provider.yaml.
 */
public final class ProviderSettings implements ProviderSecrets {
    private static final String PREFIX = "serai.provider.";
    private static final String DEFAULT = "default";
    /** Under which a vendor reaches us, and which it signs whole, query and all; nothing here connects to it. */
    private static final String OUR_ADDRESS = "webhook-url";

    private static final Pattern WHOLE = Pattern.compile("\\d{1,9}");
    private static final Pattern ADDRESS = Pattern.compile("(?i)https?://[^\\s/?#]+\\S*");

    private final ProviderCatalog catalog;
    private final EgressPolicy egress;
    private final Map<String, Map<String, String>> values = new TreeMap<>();

    /**
     * @param settings the whole configuration; other keys are not looked at
     * @throws ConfigurationError naming the first key that no provider.yaml declares, or whose value is not allowed
     */
    public ProviderSettings(Map<String, String> settings, ProviderCatalog catalog) {
        this.catalog = catalog;
        this.egress = EgressPolicy.of(settings);
        settings.forEach((key, value) -> {
            if (key.startsWith(PREFIX) && !value.isBlank()) {
                put(key, value);
            }
        });
        values.forEach((name, set) -> {
            int slash = name.indexOf('/');
            wholeToken(name.substring(0, slash), name.substring(slash + 1), set.keySet());
        });
    }

    /** Half of what a token must say would let in more than was meant. */
    private static void wholeToken(String provider, String instance, Set<String> set) {
        boolean some = set.stream().anyMatch(each -> each.startsWith("token-"));
        for (String needed : List.of("token-audience", "token-issuer", "token-metadata")) {
            if (some && !set.contains(needed)) {
                throw new ConfigurationError(
                        key(provider, instance, needed),
                        "is missing, and other settings of the token are there",
                        "Say whose tokens, for whom, and where their keys are published");
            }
        }
    }

    private void put(String key, String value) {
        String[] parts = key.substring(PREFIX.length()).split("\\.");
        Provider provider = catalog.find(parts[0])
                .orElseThrow(() -> new ConfigurationError(
                        key, "there is no provider '" + parts[0] + "'", "Name one of " + String.join(", ", names())));
        String setting = parts[parts.length - 1];
        if (parts.length < 2 || parts.length > 3 || !provider.settings().containsKey(setting)) {
            throw new ConfigurationError(
                    key,
                    "is no setting of the provider " + provider.name(),
                    provider.settings().isEmpty()
                            ? "It has none"
                            : "It has "
                                    + String.join(
                                            ", ",
                                            new TreeSet<>(provider.settings().keySet())));
        }
        Provider.Setting declared = provider.settings().get(setting);
        check(key, declared.type(), value);
        if (declared.values() != null && !declared.values().contains(value)) {
            throw new ConfigurationError(
                    key, "is none of the values allowed", "Choose of " + String.join(", ", declared.values()));
        }
        if ("url".equals(declared.type()) && !setting.equals(OUR_ADDRESS)) {
            WebAddress.problem(value, egress)
                    .or(() -> value.matches("[^?#]*") ? Optional.empty() : Optional.of("has a query or a fragment"))
                    .ifPresent(problem -> {
                        throw new ConfigurationError(key, problem, "Write https://host/path");
                    });
        }
        values.computeIfAbsent(parts[0] + "/" + (parts.length == 3 ? parts[1] : DEFAULT), none -> new TreeMap<>())
                .put(setting, value);
    }

    /** What lint and the schema know as a type; an enum's values are checked besides. */
    private static void check(String key, String type, String value) {
        Family given = new Family("", Map.of(key, value));
        switch (type == null ? "string" : type) {
            case "int" -> {
                if (!WHOLE.matcher(value).matches()) {
                    throw given.wrong(key, "is not a whole number", "Use 0 to 999999999");
                }
            }
            case "bool" -> given.flag(key, false);
            case "duration" -> given.duration(key, Duration.ZERO);
            case "url" -> {
                if (!ADDRESS.matcher(value).matches()) {
                    throw given.wrong(key, "is no address", "Write https://host/path");
                }
            }
            default -> {}
        }
    }

    private Iterable<String> names() {
        return catalog.all().stream().map(Provider::name).toList();
    }

    /** Where connections to their systems may go. */
    public EgressPolicy egress() {
        return egress;
    }

    /** The instances of a provider for which anything is configured. */
    public List<String> instances(String provider) {
        return values.keySet().stream()
                .filter(each -> each.startsWith(provider + "/"))
                .map(each -> each.substring(provider.length() + 1))
                .toList();
    }

    /** What is configured, else the default that provider.yaml declares. */
    public Optional<String> value(String provider, String instance, String setting) {
        String value = values.getOrDefault(provider + "/" + instance, Map.of()).get(setting);
        if (value != null) {
            return Optional.of(value);
        }
        return catalog.find(provider).map(each -> each.settings().get(setting)).map(Provider.Setting::fallback);
    }

    /**
     * The same as a length of time.
     *
     * @throws ConfigurationError when it is none
     */
    public Optional<Duration> duration(String provider, String instance, String setting) {
        return value(provider, instance, setting).map(text -> {
            String key = key(provider, instance, setting);
            return new Family("", Map.of(key, text)).duration(key, Duration.ZERO);
        });
    }

    /** The whole key of one. */
    public static String key(String provider, String instance, String setting) {
        return PREFIX + provider + (instance.equals(DEFAULT) ? "." : "." + instance + ".") + setting;
    }

    /** The configured values that a provider.yaml calls sensitive, for redaction (K3, K17). */
    public Collection<String> secrets() {
        return values.entrySet().stream()
                .flatMap(each -> {
                    Map<String, Provider.Setting> declared = catalog.get(
                                    each.getKey().substring(0, each.getKey().indexOf('/')))
                            .settings();
                    return each.getValue().entrySet().stream()
                            .filter(value -> declared.get(value.getKey()).sensitive());
                })
                .map(Map.Entry::getValue)
                .toList();
    }

    @Override
    public Optional<Hmac> hmac(String provider, String instance) {
        Scheme scheme = catalog.find(provider).map(Provider::signature).orElseGet(Scheme::plain);
        return value(provider, instance, "webhook-secret")
                .map(secret -> new Hmac(
                        secret,
                        scheme.with(
                                value(provider, instance, "signature-header").orElse(null),
                                value(provider, instance, "signature-timestamp-header")
                                        .orElse(null),
                                value(provider, instance, "signature-over")
                                        .orElse("raw")
                                        .equals("compact-json")),
                        value(provider, instance, OUR_ADDRESS).orElse(null)));
    }

    @Override
    public Optional<Basic> basic(String provider, String instance) {
        Optional<String> password = value(provider, instance, "password");
        return value(provider, instance, "username")
                .flatMap(username -> password.map(secret -> new Basic(username, secret)));
    }

    @Override
    public Optional<Bearer> bearer(String provider, String instance) {
        List<String> audiences = words(provider, instance, "token-audience");
        List<String> issuers = words(provider, instance, "token-issuer");
        return audiences.isEmpty()
                ? Optional.empty()
                : value(provider, instance, "token-metadata")
                        .map(address -> new Bearer(
                                URI.create(address), issuers, audiences, words(provider, instance, "token-tenant")));
    }

    private List<String> words(String provider, String instance, String setting) {
        return value(provider, instance, setting).stream()
                .flatMap(text -> Values.words(text).stream())
                .toList();
    }

    /** The origins whose question whether they may send is answered with yes; none when it is not answered. */
    public List<String> origins(String provider, String instance) {
        return words(provider, instance, "webhook-origins");
    }

    @Override
    public boolean keyInQuery(String provider) {
        return catalog.find(provider).map(each -> each.auth().contains("query")).orElse(false);
    }
}
