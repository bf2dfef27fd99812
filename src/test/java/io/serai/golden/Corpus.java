package io.serai.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
 * Real payloads with an outside oracle, which do not belong to this repository: a body in {@code SENDER/NAME.json}
 * (or {@code .form}, {@code .txt}, ...) beside {@code NAME.meta.json}, which says what independent projects make of it;
 * in {@code captured} what real programs sent, whoever's form they sent it in. They are looked for in
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
            Map.entry("page", "critical"),
            Map.entry("p1", "critical"),
            Map.entry("p2", "high"),
            Map.entry("p3", "medium"),
            Map.entry("p4", "low"),
            Map.entry("p5", "info"));

    /** What the meta files call a field, and what a canonical alert calls it. */
    private static final Map<String, String> FIELDS = Map.of(
            "status", "status",
            "severity", "severity",
            "name", "title",
            "service", "service",
            "environment", "environment");

    /** Whose form a program's recorded body has; all others are nobody's here. */
    private static final List<Map.Entry<String, String>> CAPTURED = List.of(
            Map.entry("alertmanager-.*-webhook-.*|prometheus-.*", "prometheus"),
            Map.entry(".*-opsgenie-create|sdk-opsgenie-.*", "opsgenie"),
            Map.entry(".*-pagerduty-(trigger|resolve)", "pagerduty"),
            Map.entry("icinga2-.*-notification-.*", "icinga2"),
            Map.entry("nagios-.*", "nagios"),
            Map.entry("sdk-cloudevents-.*", "cloudevents"),
            Map.entry("zabbix-.*-(custom-webhook|ilert|victorops)-.*", "zabbix"));

    /** What the end of a recorded body's name says of it. */
    private static final List<Map.Entry<String, String>> STATUS_OF_NAME = List.of(
            Map.entry(".*-(problem|trigger|create|firing)", "firing"),
            Map.entry(".*-ack", "acknowledged"),
            Map.entry(".*-(recovery|resolved?)", "resolved"));

    private static final Map<String, String> TYPES = Map.of(
            "json",
            "application/json",
            "form",
            "application/x-www-form-urlencoded",
            "txt",
            "text/plain",
            "xml",
            "text/xml");

    private Corpus() {}

    /** The folder, or empty when there is none on this machine. */
    public static Optional<Path> folder() {
        Path folder = Path.of(System.getProperty("serai.corpus", "../shared/payloads"));
        return Optional.of(folder).filter(Files::isDirectory);
    }

    /**
     * One body.
     *
     * @param sender      the folder it lies in: that of the provider whose door it is for, or of a sender without one
     * @param contentType the request's; null when the sender gave none
     * @param meta        the file beside it
     */
    public record Case(String name, String sender, String contentType, byte[] body, JsonNode meta) {

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
            JsonNode expected = expected(receivedAt);
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

        /** Whether the body is known to hold no alert: a handshake, or an event about something else. */
        public boolean nothing() {
            return meta.path("expected").path("alert_count").asInt(-1) == 0;
        }

        /** What is stated of the status, disputed or not; null when nothing is. */
        public String status() {
            return meta.path("expected").path("status").asText(null);
        }

        private JsonNode expected(Instant receivedAt) {
            if (meta.has("expected")) {
                return meta.get("expected");
            }
            if (sender.equals("prometheus")) {
                return read(receivedAt);
            }
            ObjectNode expected = StrictJson.mapper().createObjectNode();
            STATUS_OF_NAME.stream()
                    .filter(each -> name.matches(each.getKey()))
                    .forEach(each -> expected.put("status", each.getValue()));
            return expected;
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
                ObjectNode expected = StrictJson.mapper().createObjectNode().put("alert_count", members.size());
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

    /** All bodies of all senders. */
    public static List<Case> cases(Path folder) {
        List<Case> cases = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder, 2)) {
            for (Path meta : files.filter(file -> file.toString().endsWith(".meta.json"))
                    .sorted()
                    .toList()) {
                cases.add(read(meta));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    private static Case read(Path meta) throws IOException {
        String name = meta.getFileName().toString().replace(".meta.json", "");
        String folder = meta.getParent().getFileName().toString();
        JsonNode about = StrictJson.read(Files.readAllBytes(meta));
        try (Stream<Path> siblings = Files.list(meta.getParent())) {
            Path body = siblings.filter(file -> file.getFileName().toString().matches("\\Q" + name + "\\E\\.[a-z]+"))
                    .findFirst()
                    .orElseThrow();
            String ending = body.toString().substring(body.toString().lastIndexOf('.') + 1);
            String type = about.path("content_type").asText(TYPES.get(ending));
            String sender = folder.equals("captured") ? captured(name) : folder;
            return new Case(folder + "/" + name, sender, type, Files.readAllBytes(body), about);
        }
    }

    private static String captured(String name) {
        return CAPTURED.stream()
                .filter(each -> name.matches(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("captured");
    }
}
