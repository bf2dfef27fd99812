package io.serai.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.main.Main;
import org.apache.camel.spi.PropertiesFunction;

/**
 * Secrets out of a vault, by Camel's own functions for vaults, as <code>{{hashicorp:secret:slack#url}}</code>. Camel's part
 * for a vault is not shipped: whoever has one puts it on the class path, and its settings are {@code camel.vault.*}. It is
 * asked whenever the settings are read. What it gives is hidden from logs and answers, whatever the setting is called.
 */
final class VaultSecrets implements AutoCloseable {
    private static final Set<String> KINDS = Set.of("aws", "azure", "gcp", "hashicorp", "ibm");

    private final Map<String, String> properties;
    private Main camel;

    /** @param properties {@code camel.vault.*}, without placeholders */
    VaultSecrets(Map<String, String> properties) {
        this.properties = properties;
    }

    static boolean named(String reference) {
        return KINDS.contains(kind(reference));
    }

    private static String kind(String reference) {
        return reference.substring(0, Math.max(0, reference.indexOf(':')));
    }

    /** @throws ConfigurationError naming the key, never what the vault said */
    String value(String key, String reference) {
        String kind = kind(reference);
        try {
            PropertiesFunction vault =
                    camel().getCamelContext().getPropertiesComponent().getPropertiesFunction(kind);
            if (vault == null) {
                throw new ConfigurationError(
                        key,
                        "names the vault " + kind + ", and Camel's part for it is not there",
                        "Add it as docs/security.md says, or write {{env:NAME}} or {{file:/path}}");
            }
            String value = vault.apply(reference.substring(kind.length() + 1));
            if (value == null || value.isEmpty()) {
                throw new ConfigurationError(
                        key, "the vault " + kind + " has no such secret", "Make it, or correct its name");
            }
            Redaction.hide(List.of(value));
            return value;
        } catch (ConfigurationError e) {
            throw e;
        } catch (Exception e) {
            throw new ConfigurationError(
                    key,
                    "the vault " + kind + " did not give it (" + e.getClass().getSimpleName() + ")",
                    "Correct its name, camel.vault." + kind + ".* or the rights over there");
        }
    }

    private Main camel() throws Exception {
        if (camel == null) {
            Main starting = new Main();
            starting.setDefaultPropertyPlaceholderLocation("false");
            starting.configure().withAutoConfigurationEnvironmentVariablesEnabled(false);
            starting.configure().withAutoConfigurationSystemPropertiesEnabled(false);
            starting.configure().withAutoConfigurationLogSummary(false);
            starting.configure().withRoutesIncludePattern("false");
            starting.configure().withJmxEnabled(false);
            properties.forEach(starting::addInitialProperty);
            starting.start();
            camel = starting;
        }
        return camel;
    }

    @Override
    public void close() {
        if (camel != null) {
            camel.stop();
        }
    }
}
