package io.serai.golden;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.json.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Real payloads with an outside oracle, which do not belong to this repository: {@code NAME.json} beside
 * {@code NAME.meta.json}, which says what independent projects make of the body. They are looked for in
 * {@code ../shared/payloads}, or where {@code -Dserai.corpus=DIR} says.
 */
public final class Corpus {
    /** The peers' severity scales in our words. A word that is not here is the same in both. */
    private static final Map<String, String> SEVERITY = Map.ofEntries(
            Map.entry("warning", "medium"),
            Map.entry("warn", "medium"),
            Map.entry("error", "high"),
            Map.entry("major", "high"),
            Map.entry("minor", "low"),
            Map.entry("information", "info"),
            Map.entry("informational", "info"),
            Map.entry("notice", "info"),
            Map.entry("page", "critical"));

    /** What the meta files call a field, and what a canonical alert calls it. */
    private static final Map<String, String> FIELDS = Map.of(
            "status", "status",
            "severity", "severity",
            "name", "title",
            "service", "service",
            "environment", "environment");

    private Corpus() {}

    /** The folder, or empty when there is none on this machine. */
    public static Optional<Path> folder() {
        Path folder = Path.of(System.getProperty("serai.corpus", "../shared/payloads"));
        return Optional.of(folder).filter(Files::isDirectory);
    }

    /**
     * One body.
     *
     * @param provider whose door it is for
     * @param meta     the file beside it
     */
    public record Case(String name, String provider, byte[] body, JsonNode meta) {

        /** The value of a header that the sender set, by lower-case name; null when it did not. */
        public UnaryOperator<String> headers() {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            meta.path("headers")
                    .properties()
                    .forEach(each -> headers.put(each.getKey(), each.getValue().asText()));
            meta.path("headers").forEach(each -> {
                if (each.isArray()) {
                    headers.put(each.get(0).asText(), each.get(1).asText());
                }
            });
            return headers::get;
        }

        /** When a recorded body had arrived (it is written in whole seconds); a fixed time for one that says nothing. */
        public Instant receivedAt() {
            JsonNode at = meta.get("captured_at");
            return at == null ? Golden.RECEIVED_AT : Instant.parse(at.asText()).plusSeconds(1);
        }

        /**
         * Where canonical alerts are not what is stated and undisputed.
         *
         * @param alerts     objects with {@code status}, {@code severity}, {@code title}, {@code service}, {@code environment}
         * @param receivedAt when the body was posted: an end in the past is a resolve for some senders
         */
        public List<String> differences(List<JsonNode> alerts, Instant receivedAt) {
            List<String> differences = new ArrayList<>();
            JsonNode expected = meta.has("expected") ? meta.get("expected") : read(receivedAt);
            if (stated(expected, "alert_count") && expected.get("alert_count").asInt() != alerts.size()) {
                differences.add("count: expected " + expected.get("alert_count") + ", got " + alerts.size());
            }
            if (alerts.isEmpty()) {
                return differences;
            }
            FIELDS.forEach((theirs, ours) -> {
                if (stated(expected, theirs)) {
                    compare(ours, text(ours, expected.get(theirs)), alerts.get(0), differences);
                }
                JsonNode each = expected.path("each_" + theirs);
                for (int i = 0; stated(expected, "each_" + theirs) && i < Math.min(each.size(), alerts.size()); i++) {
                    compare(ours, text(ours, each.get(i)), alerts.get(i), differences);
                }
            });
            return differences;
        }

        private boolean stated(JsonNode expected, String field) {
            if (!expected.hasNonNull(field)) {
                return false;
            }
            for (JsonNode contested : meta.path("contested")) {
                if (contested.asText().equals(field)) {
                    return false;
                }
            }
            return true;
        }

        private static void compare(String field, String expected, JsonNode alert, List<String> differences) {
            String actual = alert.path(field).asText(null);
            if (!expected.equals(actual)) {
                differences.add(field + ": expected " + expected + ", got " + actual);
            }
        }

        private static String text(String field, JsonNode value) {
            if (value.isArray()) {
                List<String> members = new ArrayList<>();
                value.forEach(member -> members.add(member.asText()));
                return String.join(", ", members);
            }
            String text = value.asText();
            return "severity".equals(field)
                    ? SEVERITY.getOrDefault(text.toLowerCase(Locale.ROOT), text.toLowerCase(Locale.ROOT))
                    : text;
        }

        /** What Prometheus and Alertmanager recorded on the wire say of themselves: no oracle is needed for their labels. */
        private JsonNode read(Instant receivedAt) {
            try {
                JsonNode document = StrictJson.read(body);
                JsonNode members = document.isArray() ? document : document.path("alerts");
                var expected = StrictJson.mapper().createObjectNode().put("alert_count", members.size());
                var status = expected.putArray("each_status");
                var severity = expected.putArray("each_severity");
                var title = expected.putArray("each_name");
                for (JsonNode member : members) {
                    boolean over = member.hasNonNull("endsAt")
                            && !OffsetDateTime.parse(member.get("endsAt").asText())
                                    .toInstant()
                                    .isAfter(receivedAt);
                    status.add(member.path("status").asText(over ? "resolved" : "firing"));
                    severity.add(member.path("labels").path("severity").asText());
                    title.add(member.path("labels").path("alertname").asText());
                }
                return expected;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** All bodies of the four first providers, and what Prometheus and Alertmanager's webhook were recorded to send. */
    public static List<Case> cases(Path folder) {
        List<Case> cases = new ArrayList<>();
        for (String vendor : List.of("prometheus", "dynatrace", "overwatch", "generic")) {
            add(folder.resolve(vendor), "", vendor, cases);
        }
        add(folder.resolve("captured"), "alertmanager-[0-9.]+-webhook-.*", "prometheus", cases);
        add(folder.resolve("captured"), "prometheus-.*", "prometheus", cases);
        return cases;
    }

    private static void add(Path folder, String pattern, String provider, List<Case> cases) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path meta : files.filter(file -> file.toString().endsWith(".meta.json"))
                    .sorted()
                    .toList()) {
                String name = meta.getFileName().toString().replace(".meta.json", "");
                Path body = meta.resolveSibling(name + ".json");
                if (Files.exists(body) && (pattern.isEmpty() || name.matches(pattern))) {
                    cases.add(new Case(
                            folder.getFileName() + "/" + name,
                            provider,
                            Files.readAllBytes(body),
                            StrictJson.read(Files.readAllBytes(meta))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
