package io.serai.config;

/** A configuration that must stop the start. The message is one line that names the key and the remedy, never a value. */
public final class ConfigurationError extends RuntimeException {
    public ConfigurationError(String key, String problem, String remedy) {
        this(key + ": " + problem + ". " + remedy + (remedy.endsWith("?") ? "" : "."));
    }

    private ConfigurationError(String line) {
        super(line, null, false, false);
    }

    /** The same about a file of the operator's, where the line names our copy of it. */
    public ConfigurationError naming(String file, String copy) {
        return new ConfigurationError(getMessage().replace(copy, file));
    }
}
