package io.serai.deliver;

import io.serai.config.Family;
import io.serai.egress.EgressPolicy;
import io.serai.egress.WebAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What a destination sets of that which its notifier's folder declares, checked by the declaration. */
final class NotifierOptions {
    private final Family settings;
    private final EgressPolicy egress;

    NotifierOptions(Family settings, EgressPolicy egress) {
        this.settings = settings;
        this.egress = egress;
    }

    /**
     * By name, as set or by default; without those that are neither.
     *
     * @throws io.serai.config.ConfigurationError for the first, in the order of the folder's file, that is missing or wrong
     */
    Map<String, String> of(Notifier notifier) {
        Map<String, String> options = new HashMap<>();
        notifier.settings().forEach((name, declared) -> {
            String value = settings.text(name);
            if (value == null && (declared.required() || wanted(notifier, declared))) {
                throw settings.wrong(name, "is missing", "Set it: " + declared.description());
            }
            check(name, declared, value);
            if (value != null || declared.fallback() != null) {
                options.put(name, value == null ? declared.fallback() : value);
            }
        });
        return Map.copyOf(options);
    }

    /** Whether the other settings, as they are set or by default, make this one required. */
    private boolean wanted(Notifier notifier, Notifier.Setting declared) {
        return !declared.requiredWhen().isEmpty()
                && declared.requiredWhen().entrySet().stream().allMatch(each -> {
                    String value = settings.text(each.getKey());
                    Notifier.Setting other = notifier.settings().get(each.getKey());
                    return each.getValue().equals(value == null && other != null ? other.fallback() : value);
                });
    }

    private void check(String name, Notifier.Setting declared, String value) {
        if (value == null || declared.type() == null) {
            return;
        }
        if (declared.pattern() != null && !value.matches(declared.pattern())) {
            throw settings.wrong(name, declared.wrong(), "Set it: " + declared.description());
        }
        switch (declared.type()) {
            case "int" -> settings.integer(name, 0, 0, declared.max() == null ? Integer.MAX_VALUE : declared.max());
            case "duration" -> settings.duration(name, Duration.ZERO);
            case "bool" -> settings.flag(name, false);
            case "url" ->
                WebAddress.problem(value, egress).ifPresent(problem -> {
                    throw settings.wrong(name, problem, "Write https://host/path");
                });
            case "enum" -> {
                if (!declared.values().contains(value)) {
                    throw settings.wrong(
                            name, "is none of the known words", "Write one of " + String.join(", ", declared.values()));
                }
            }
            default -> {}
        }
    }
}
