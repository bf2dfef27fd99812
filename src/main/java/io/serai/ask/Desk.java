package io.serai.ask;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.egress.WebAddress;
import io.serai.json.StrictJson;
import io.serai.poll.Authorities;
import io.serai.provider.Provider;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.ProviderSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.CamelContext;

/** Finds out whether and where an instance can be asked: by its settings, or by those that an operator wants to try. */
final class Desk {
    private static final String CA_FILE = "ca-file";

    private final ProviderCatalog catalog;
    private final ProviderSettings settings;
    private final Egress egress;
    private final CamelContext context;

    Desk(ProviderCatalog catalog, ProviderSettings settings, Egress egress, CamelContext context) {
        this.catalog = catalog;
        this.settings = settings;
        this.egress = egress;
        this.context = context;
    }

    /** @throws Refusal 404 when there is no such provider */
    Provider provider(String name) {
        return catalog.find(name)
                .orElseThrow(() -> new Refusal(ErrorCode.NOT_FOUND, "There is no provider of this name."));
    }

    /** True when anything is configured for it. */
    boolean configured(String provider, String instance) {
        return settings.instances(provider).contains(instance);
    }

    /** @throws Refusal 400 naming the settings that are missing, or when this provider cannot be asked at all */
    Access access(Provider provider, String instance) {
        return access(provider, instance, Map.of());
    }

    /**
     * As {@link #access}, with settings of a request on top. With an address among them nothing of the configuration goes
     * along: a stored key must not be sent to wherever somebody says (O27).
     */
    Access access(Provider provider, String instance, Map<String, String> tried) {
        requireConnection(provider);
        boolean elsewhere = tried.containsKey(provider.connection().url());
        if (!elsewhere) {
            Map<String, String> values = configuredValues(provider, instance);
            values.putAll(tried);
            String address = address(provider, values);
            return new Access(
                    provider, instance, address, authorities(provider.name(), instance, values), json(values));
        }
        Map<String, String> values = new TreeMap<>();
        provider.settings().forEach((name, setting) -> {
            if (setting.fallback() != null) {
                values.put(name, setting.fallback());
            }
        });
        values.putAll(tried);
        String address = address(provider, values);
        if (!egress.allows(address)) {
            throw refused(
                    provider.connection().url(), "is no host of serai.egress.hosts, the list of where requests may go");
        }
        return new Access(provider, instance, address, null, json(values));
    }

    private static void requireConnection(Provider provider) {
        if (provider.connection() == null) {
            throw new Refusal(
                    ErrorCode.VALIDATION_ERROR, "This provider cannot be asked: its folder says nothing of an API.");
        }
    }

    private Map<String, String> configuredValues(Provider provider, String instance) {
        Map<String, String> values = new TreeMap<>();
        provider.settings().keySet().forEach(name -> settings.value(provider.name(), instance, name)
                .ifPresent(value -> values.put(name, value)));
        return values;
    }

    private String address(Provider provider, Map<String, String> values) {
        Provider.Connection connection = provider.connection();
        List<Refusal.Detail> missing = new ArrayList<>();
        List<String> needed = new ArrayList<>(connection.needs());
        needed.add(0, connection.url());
        for (String name : needed) {
            if (values.getOrDefault(name, "").isBlank()) {
                missing.add(new Refusal.Detail(name, "is not configured"));
            }
        }
        if (!missing.isEmpty()) {
            throw new Refusal(ErrorCode.VALIDATION_ERROR, "This provider is not set up to be asked.", missing);
        }
        WebAddress.problem(values.get(connection.url()).strip(), settings.egress())
                .ifPresent(problem -> {
                    throw refused(connection.url(), problem);
                });
        return Egress.address(values.get(connection.url()))
                .orElseThrow(() -> refused(connection.url(), "is no http or https address"));
    }

    private String authorities(String provider, String instance, Map<String, String> values) {
        String file = values.get(CA_FILE);
        if (file == null) {
            return null;
        }
        String bean = "ask-ca-" + provider + "-" + instance;
        if (context.getRegistry().lookupByName(bean) == null) {
            context.getRegistry().bind(bean, Authorities.of(ProviderSettings.key(provider, instance, CA_FILE), file));
        }
        return bean;
    }

    private static ObjectNode json(Map<String, String> values) {
        ObjectNode json = StrictJson.mapper().createObjectNode();
        values.forEach(json::put);
        return json;
    }

    /**
     * The settings that a request body gives, {@code api_url} being {@code api-url}.
     *
     * @throws Refusal 400 naming the member that is none, never its value
     */
    Map<String, String> tried(Provider provider, JsonNode body) {
        Map<String, String> tried = new TreeMap<>();
        body.properties().forEach(member -> {
            String name = member.getKey().replace('_', '-');
            if (name.equals(CA_FILE) || !provider.settings().containsKey(name)) {
                throw refused(
                        Optional.of(member.getKey())
                                .filter(text -> text.matches("[A-Za-z0-9_.-]{1,40}"))
                                .orElse("a member"),
                        "is no setting of this provider that can be tried");
            }
            if (!member.getValue().isTextual()) {
                throw refused(name, "must be a text");
            }
            tried.put(name, member.getValue().asText());
        });
        return tried;
    }

    private static Refusal refused(String field, String problem) {
        return new Refusal(
                ErrorCode.VALIDATION_ERROR, "This cannot be asked.", List.of(new Refusal.Detail(field, problem)));
    }
}
