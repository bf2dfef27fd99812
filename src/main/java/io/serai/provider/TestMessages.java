package io.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.config.ConfigurationError;
import java.util.HashMap;
import java.util.Map;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** Knows a vendor's test message when it sees one: exactly, by the provider's predicate, never by a substring (D12). */
public final class TestMessages {
    private final Map<String, Jq> predicates = new HashMap<>();

    /** @throws ConfigurationError naming the provider whose predicate is not jq */
    public TestMessages(ProviderCatalog catalog) {
        for (Provider provider : catalog.all()) {
            if (provider.test() != null) {
                try {
                    predicates.put(provider.name(), Jq.compile(provider.test()));
                } catch (JsonQueryException e) {
                    throw new ConfigurationError(
                            "routes/providers/" + provider.name() + "/provider.yaml",
                            "test is not a jq expression",
                            "Correct it and run ./serai lint");
                }
            }
        }
    }

    public boolean isTest(String provider, JsonNode alert) {
        Jq predicate = predicates.get(provider);
        return predicate != null && predicate.test(alert);
    }
}
