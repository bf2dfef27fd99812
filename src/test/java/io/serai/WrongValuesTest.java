package io.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.serai.config.ConfigurationError;
import io.serai.config.Setting;
import io.serai.config.Settings;
import io.serai.config.SettingsCatalog;
import io.serai.deliver.Destinations;
import io.serai.deliver.Notifier;
import io.serai.deliver.NotifierCatalog;
import io.serai.poll.PollRoutes;
import io.serai.provider.Provider;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.ProviderSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fault 68: a wrong value of any declared setting stops the start with one line that names the key and never the value. */
class WrongValuesTest {
    private static final Path ROUTES = Path.of("routes");
    private static final String WRONG = "wr0ng-v4lue";
    /** Of every destination; those that are any text are not here. */
    private static final List<String> COMMON = List.of(
            "notifier",
            "severities",
            "concurrency",
            "breaker.requests",
            "breaker.failures",
            "breaker.delay",
            "breaker.timeout",
            "connect-timeout",
            "timeout",
            "proxy.protocol",
            "proxy.port",
            "ca-file",
            "pause-after-refusal",
            "report-to",
            "retry.enabled",
            "retry.count",
            "retry.codes",
            "retry.delay-cap",
            "retry.budget",
            "retry.back-off",
            "retry.age-limit",
            "retry.retry-after-limit");

    @TempDir
    Path home;

    private final List<String> faults = new ArrayList<>();
    private int tried;

    private interface Start {
        void with(Map<String, String> settings);
    }

    private void refused(String key, String value, Map<String, String> settings, Start start) {
        tried++;
        Throwable failure = catchThrowable(() -> start.with(settings));
        String said = failure == null ? "nothing" : failure.getMessage();
        if (!(failure instanceof ConfigurationError)
                || !said.startsWith(key + ": ")
                || said.contains(value)
                || said.lines().count() != 1) {
            faults.add(key + "=" + value + ": " + said);
        }
    }

    @Test
    void everySettingOfSerai() {
        for (Setting setting : SettingsCatalog.all()) {
            List<String> wrong = new ArrayList<>();
            switch (setting.type()) {
                case NUMBER, DECIMAL, SIZE, DURATION -> wrong.addAll(List.of(WRONG, "-7313", "99999999999999999999"));
                case FLAG -> wrong.addAll(List.of(WRONG, "yes"));
                default -> {}
            }
            for (String value : wrong) {
                refused(
                        setting.key(),
                        value,
                        Map.of(setting.key(), value),
                        all -> Settings.load(home, null, Map.of(), all));
            }
        }
        refused("serai.portt", WRONG, Map.of("serai.portt", WRONG), all -> Settings.load(home, null, Map.of(), all));
        for (String value : List.of("{{env:NO_SUCH_VARIABLE}}" + WRONG, "{{" + WRONG + "}}")) {
            refused(
                    "serai.ledger.password",
                    WRONG,
                    Map.of("serai.ledger.password", value),
                    all -> Settings.load(home, null, Map.of(), all));
        }
        verdict("settings of Serai", 60);
    }

    @Test
    void everySettingOfEveryProvider() {
        ProviderCatalog catalog = ProviderCatalog.load(ROUTES);
        Start start = all -> new PollRoutes(catalog, new ProviderSettings(all, catalog));
        for (Provider provider : catalog.all()) {
            String prefix = "serai.provider." + provider.name() + ".";
            provider.settings().forEach((name, setting) -> {
                if (!setting.type().equals("string") || Set.of("poll").contains(name)) {
                    refused(prefix + name, WRONG, Map.of(prefix + name, WRONG), start);
                }
            });
            refused(prefix + "no-such-setting", WRONG, Map.of(prefix + "no-such-setting", WRONG), start);
        }
        verdict("settings of providers", 60);
    }

    @Test
    void everySettingOfEveryDestination() {
        NotifierCatalog catalog = NotifierCatalog.load(ROUTES);
        Start start = all -> Destinations.of(all, catalog);
        for (Notifier notifier : catalog.all()) {
            String prefix = "serai.destination.ops.";
            Map<String, String> right = right(notifier, prefix);
            assertThat(catchThrowable(() -> start.with(right)))
                    .as(notifier.name())
                    .isNull();
            notifier.settings().forEach((name, setting) -> {
                if (!setting.type().equals("string") || setting.pattern() != null) {
                    refused(prefix + name, WRONG, with(right, prefix + name, WRONG), start);
                }
                if (setting.required()) {
                    refused(prefix + name, WRONG, with(right, prefix + name, ""), start);
                }
            });
            for (String name : COMMON) {
                Map<String, String> wrong = with(right, prefix + name, WRONG);
                if (name.startsWith("proxy.")) {
                    wrong.put(prefix + "proxy.host", "proxy.example.org");
                }
                refused(prefix + name, WRONG, wrong, start);
            }
            refused(prefix + "no-such-setting", WRONG, with(right, prefix + "no-such-setting", WRONG), start);
        }
        verdict("settings of destinations", 300);
    }

    private static Map<String, String> right(Notifier notifier, String prefix) {
        Map<String, String> right = new LinkedHashMap<>(Map.of(prefix + "notifier", notifier.name()));
        notifier.settings().forEach((name, setting) -> {
            if (setting.required() || !setting.requiredWhen().isEmpty()) {
                right.put(prefix + name, setting.type().equals("url") ? "https://target.example.org" : "OPS");
            }
        });
        return right;
    }

    private static Map<String, String> with(Map<String, String> settings, String key, String value) {
        Map<String, String> changed = new TreeMap<>(settings);
        changed.put(key, value);
        return changed;
    }

    private void verdict(String what, int least) {
        System.out.println("wrong values: " + what + ", " + tried + " tried, faults " + faults.size());
        assertThat(faults).isEmpty();
        assertThat(tried).isGreaterThan(least);
    }
}
