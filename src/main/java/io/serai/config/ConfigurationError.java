package io.serai.config;

/** A configuration that must stop the start. The message is one line that names the key and the remedy, never a value. */
public final class ConfigurationError extends RuntimeException {
    public ConfigurationError(String key, String problem, String remedy) {
        super(key + ": " + problem + ". " + remedy + (remedy.endsWith("?") ? "" : "."), null, false, false);
    }
}
