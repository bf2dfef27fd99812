package io.serai.ask;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.provider.Provider;
import java.util.Map;

/**
 * One provider's instance, ready to be asked.
 *
 * @param address     checked, without a slash at the end
 * @param authorities name of the bean with the trusted certificates; null for those of Java
 * @param values      its settings by name, secrets too: for requests only, never for an answer or a log
 */
record Access(Provider provider, String instance, String address, String authorities, ObjectNode values) {
    /** True when the settings have these values. */
    boolean has(Map<String, String> wanted) {
        return wanted.entrySet().stream()
                .allMatch(each -> values.path(each.getKey()).asText().equals(each.getValue()));
    }

    /** Without the values: they hold secrets. */
    @Override
    public String toString() {
        return provider.name() + "/" + instance;
    }
}
