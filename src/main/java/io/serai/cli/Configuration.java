package io.serai.cli;

import io.serai.config.Redaction;
import io.serai.config.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that say which configuration and which data folder are meant. Relative paths start from the caller's folder. */
final class Configuration {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Properties file, default application.properties beside ./serai.")
    private Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "Data folder with the ledger, default serai.data.")
    private Path data;

    /** Where Serai is: the launcher says so. */
    static Path home() {
        return Path.of(System.getProperty("serai.home", "")).toAbsolutePath().normalize();
    }

    /** @throws io.serai.config.ConfigurationError when it is wrong */
    Settings load(Map<String, String> overrides) {
        Map<String, String> all = new HashMap<>(overrides);
        if (data != null) {
            all.put("serai.data", data.toAbsolutePath().toString());
        }
        Settings settings =
                Settings.load(home(), config == null ? null : config.toAbsolutePath(), System.getenv(), all);
        Redaction.hide(settings.secretValues());
        return settings;
    }
}
