package io.serai.provider;

import io.serai.alert.Severity;
import io.serai.alert.Status;
import io.serai.config.ConfigurationError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/**
 * The mapping that one instance of a provider has in the configuration.
 *
 * @param items      gives the alerts of a body; null when the body itself is the alert, or the list of them
 * @param titled     as the title is configured
 * @param key        gives what identifies an alert; null for what it is when nobody says
 * @param fields     by the name of the setting, in the order of the canonical form
 * @param statuses   our word by the sender's, in lower-case letters
 * @param severities likewise
 */
record MappingSettings(
        Jq items,
        String titled,
        Jq key,
        Map<String, Jq> fields,
        Map<String, String> statuses,
        Map<String, String> severities) {
    private static final String MAP = "map-";
    private static final List<String> FIELDS = List.of(
            "title",
            "description",
            "status",
            "severity",
            "service",
            "environment",
            "url",
            "starts-at",
            "ends-at",
            "event-time",
            "labels",
            "tags",
            "test");
    private static final Pattern PATH =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*(\\[[0-9]{1,4}])*(\\.[A-Za-z_][A-Za-z0-9_-]*(\\[[0-9]{1,4}])*)*");
    private static final Pattern STEP = Pattern.compile("([A-Za-z_][A-Za-z0-9_-]*)|(\\[[0-9]+])");
    private static final Pattern REFUSED =
            Pattern.compile("(?<![A-Za-z0-9_.$\"])(\\$ENV|env|inputs?|halt|halt_error)(?![A-Za-z0-9_])");

    /**
     * Empty when the instance has none.
     *
     * @throws ConfigurationError naming the first setting that is not jq, or a word that is not ours
     */
    static Optional<MappingSettings> read(ProviderSettings settings, String provider, String instance) {
        Map<String, Jq> fields = new LinkedHashMap<>();
        FIELDS.forEach(field -> compiled(settings, provider, instance, field).ifPresent(jq -> fields.put(field, jq)));
        Optional<Jq> items = compiled(settings, provider, instance, "items");
        Optional<Jq> key = compiled(settings, provider, instance, "key");
        Map<String, String> statuses = words(settings, provider, instance, "status-words");
        Map<String, String> severities = words(settings, provider, instance, "severity-words");
        if (fields.isEmpty() && items.isEmpty() && key.isEmpty() && statuses.isEmpty() && severities.isEmpty()) {
            return Optional.empty();
        }
        if (!fields.containsKey("title")) {
            throw new ConfigurationError(
                    key(provider, instance, "title"),
                    "is missing, and this instance has a mapping",
                    "Name the field that is the alert's title, such as alert.headline");
        }
        String titled = settings.value(provider, instance, MAP + "title").orElseThrow();
        return Optional.of(
                new MappingSettings(items.orElse(null), titled, key.orElse(null), fields, statuses, severities));
    }

    private static Optional<Jq> compiled(ProviderSettings settings, String provider, String instance, String name) {
        return settings.value(provider, instance, MAP + name).map(text -> {
            if (REFUSED.matcher(text).find()) {
                throw new ConfigurationError(
                        key(provider, instance, name),
                        "reads what is not in the body",
                        "A mapping may not use env, input or halt");
            }
            try {
                return Jq.compile(PATH.matcher(text).matches() ? path(text) : text);
            } catch (JsonQueryException | RuntimeException e) {
                throw new ConfigurationError(
                        key(provider, instance, name),
                        "is neither a path nor jq",
                        "Write a path such as alert.name, or jq such as .alert.name // .title");
            }
        });
    }

    /** {@code alert.host-name[0]} as jq: a hyphen would be a minus there. */
    private static String path(String text) {
        StringBuilder jq = new StringBuilder(".");
        Matcher steps = STEP.matcher(text);
        while (steps.find()) {
            jq.append(steps.group(1) == null ? steps.group(2) : "[\"" + steps.group(1) + "\"]");
        }
        return jq.toString();
    }

    private static Map<String, String> words(ProviderSettings settings, String provider, String instance, String name) {
        Map<String, String> words = new LinkedHashMap<>();
        for (String pair :
                settings.value(provider, instance, MAP + name).orElse("").split(",")) {
            int equals = pair.lastIndexOf('=');
            if (pair.isBlank()) {
                continue;
            }
            String ours = pair.substring(equals + 1).strip().toLowerCase(Locale.ROOT);
            boolean known = name.startsWith("status")
                    ? Status.of(ours).isPresent()
                    : Severity.of(ours).isPresent();
            if (equals < 1 || !known) {
                throw new ConfigurationError(
                        key(provider, instance, name),
                        "has a pair that is not a word of the sender, =, and a word of ours",
                        "Write " + (name.startsWith("status") ? "2=firing,0=resolved" : "sev1=critical,sev2=high"));
            }
            words.put(pair.substring(0, equals).strip().toLowerCase(Locale.ROOT), ours);
        }
        return words;
    }

    private static String key(String provider, String instance, String name) {
        return ProviderSettings.key(provider, instance, MAP + name);
    }
}
