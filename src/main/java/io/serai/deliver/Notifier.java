package io.serai.deliver;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One notifier folder's {@code notifier.yaml}.
 *
 * @param reportOnly true for a kind that can only tell how another destination's delivery ended
 * @param settings what a destination of this kind may set, by the name after {@code serai.destination.<name>.}
 */
public record Notifier(
        String name,
        String title,
        String description,
        @JsonProperty("report_only") boolean reportOnly,
        Map<String, Setting> settings,
        String docs) {

    /**
     * @param type      {@code string}, {@code int}, {@code bool}, {@code duration}, {@code url}, {@code enum}
     * @param sensitive true for what must never be shown: it is not part of the body that the mapping sees
     * @param fallback  the value when nothing is set; null when there is none
     * @param values    the words of an {@code enum}
     * @param requiredWhen other settings with the values that make this one required
     * @param pattern   regular expression that a whole value must match; null for any
     * @param wrong     what an error says of one that does not, such as {@code is no project key}
     * @param max       highest value of an {@code int}; null for any
     */
    public record Setting(
            String type,
            boolean required,
            boolean sensitive,
            String description,
            @JsonProperty("default") String fallback,
            List<String> values,
            @JsonProperty("required_when") Map<String, String> requiredWhen,
            String pattern,
            String wrong,
            Integer max) {

        public Setting {
            requiredWhen = requiredWhen == null ? Map.of() : Map.copyOf(requiredWhen);
        }
    }

    public Notifier {
        // In the order of the file: what is missing first is said first, at every start the same.
        settings = settings == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        settings.values().forEach(Objects::requireNonNull);
    }
}
