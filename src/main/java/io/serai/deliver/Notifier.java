package io.serai.deliver;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

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
     */
    public record Setting(
            String type,
            boolean required,
            boolean sensitive,
            String description,
            @JsonProperty("default") String fallback,
            List<String> values) {}

    public Notifier {
        settings = settings == null ? Map.of() : Map.copyOf(settings);
    }
}
