package io.serai.cli;

import io.serai.Main;
import io.serai.config.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code serai run}: the server, until it is stopped. */
@Command(name = "run", description = "Starts the server; SIGTERM or Ctrl-C stops it.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Mixin
    private Configuration configuration;

    @Option(names = "--port", paramLabel = "N", description = "The same as --set serai.port=N.")
    private String port;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any setting; wins over file and environment.")
    private Map<String, String> set = new HashMap<>();

    @Override
    public Integer call() throws Exception {
        Map<String, String> overrides = new HashMap<>(set);
        if (port != null) {
            overrides.put("serai.port", port);
        }
        Settings settings = configuration.load(overrides);
        return Main.run(settings);
    }
}
