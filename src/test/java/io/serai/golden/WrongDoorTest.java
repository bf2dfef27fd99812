package io.serai.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.door.Refusal;
import io.serai.json.StrictJson;
import io.serai.parse.BodyReader;
import io.serai.provider.Provider;
import io.serai.provider.ProviderCatalog;
import io.serai.record.Item;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Fault 51: every provider's samples at every other provider's own door. */
class WrongDoorTest {
    private static final Path ROUTES = Path.of("routes");

    private static final String MACROS = "the same macros, and a word that is in both tables";
    private static final String NOBODYS = "a body in no vendor's form, which no detector but the generic one knows";

    /** What becomes an alert of another severity all the same, and why. */
    private static final Map<String, String> EXCEPTIONS = Map.ofEntries(
            Map.entry("generic/event-type-create at uptimekuma", NOBODYS),
            Map.entry("generic/severity-ok-resolved at checkmk", NOBODYS),
            Map.entry("generic/severity-ok-resolved at nagios", NOBODYS),
            Map.entry("generic/state-and-level-resolved at checkmk", NOBODYS),
            Map.entry("generic/state-and-level-resolved at datadog", NOBODYS),
            Map.entry("generic/state-and-level-resolved at icinga2", NOBODYS),
            Map.entry("generic/state-and-level-resolved at nagios", NOBODYS),
            Map.entry(
                    "checkmk/host-down-script at generic",
                    "its severity is of the state before; its own door reads the status"),
            Map.entry(
                    "newrelic/priorities-of-several-incidents-firing at elastic",
                    "several priorities, of which its own door takes the highest"),
            Map.entry("icinga2/missing-host at checkmk", MACROS),
            Map.entry("icinga2/missing-host at nagios", MACROS),
            Map.entry("zabbix/link-only-resolved at checkmk", MACROS),
            Map.entry("zabbix/link-only-resolved at nagios", MACROS),
            Map.entry("overwatch/resolved at zabbix", "a severity in figures, which count otherwise there"),
            Map.entry("overwatch/webhook-faults at elastic", "the one member that its own door cannot use"),
            Map.entry("uptimekuma/pagertree-test at elastic", "an urgency that is a severity there"),
            Map.entry("uptimekuma/pagertree-test at generic", "an urgency that is a severity there"));

    private static Golden golden;
    private static ProviderCatalog catalog;

    private record Body(String sender, Sample sample) {}

    /** How the severity of an alert came about. */
    private enum End {
        REFUSED_AS_FOREIGN,
        REFUSED_OTHERWISE,
        NOTHING,
        SAME_SEVERITY,
        STATED_DEFAULT,
        OTHER_SEVERITY
    }

    @BeforeAll
    static void start() {
        golden = new Golden(ROUTES, false);
        catalog = ProviderCatalog.load(ROUTES);
    }

    @AfterAll
    static void stop() {
        golden.close();
    }

    @Test
    void nobodysBodyBecomesAnAlertOfAnotherSeverity() throws Exception {
        Map<End, Integer> counts = new TreeMap<>();
        Map<String, Integer> taken = new TreeMap<>();
        Set<String> wrong = new TreeSet<>();
        for (Body body : bodies()) {
            Set<String> own = severities(body.sender(), body);
            for (Provider door : catalog.all()) {
                if (!door.name().equals(body.sender())) {
                    End end = end(door, body, own);
                    counts.merge(end, 1, Integer::sum);
                    if (door.foreign().equals("take")) {
                        assertThat(end).as(door.name() + " takes all").isNotEqualTo(End.REFUSED_AS_FOREIGN);
                    }
                    String pair = body.sender() + "/" + body.sample().name() + " at " + door.name();
                    if (end == End.OTHER_SEVERITY) {
                        wrong.add(pair);
                    }
                    if (end.compareTo(End.SAME_SEVERITY) >= 0) {
                        taken.merge(body.sender() + " at " + door.name(), 1, Integer::sum);
                    }
                }
            }
        }
        System.out.println("wrong doors: " + counts + "; taken: " + taken);
        assertThat(wrong).isEqualTo(new TreeSet<>(EXCEPTIONS.keySet()));
        assertThat(counts.get(End.REFUSED_AS_FOREIGN)).isPositive();
    }

    /** Nothing that real senders are known to send to their own door is refused there. */
    @Test
    void noBodyIsRefusedAtItsOwnDoor() throws Exception {
        List<String> refused = new ArrayList<>();
        int tried = 0;
        for (Corpus.Case each : Corpus.cases(Corpus.folder().orElseGet(() -> abort("no corpus")))) {
            Provider provider = catalog.find(each.sender()).orElse(null);
            if (provider != null) {
                tried++;
                JsonNode body = BodyReader.read(each.body(), each.contentType(), provider.body());
                golden.owner(provider.name(), body, each.headers(), each.receivedAt())
                        .ifPresent(owner -> refused.add(each.name() + " as " + owner));
            }
        }
        System.out.println("own doors: " + tried + " bodies");
        assertThat(refused).isEmpty();
    }

    private static End end(Provider door, Body body, Set<String> own) throws IOException {
        Optional<JsonNode> read = read(door, body);
        if (read.isEmpty()) {
            return End.REFUSED_OTHERWISE;
        }
        try {
            if (golden.owner(door.name(), read.get(), name -> null, Golden.RECEIVED_AT)
                    .isPresent()) {
                return End.REFUSED_AS_FOREIGN;
            }
            List<Item> items = golden.items(door.name(), read.get(), name -> null, Golden.RECEIVED_AT);
            if (items.isEmpty()) {
                return End.NOTHING;
            }
            End worst = End.REFUSED_OTHERWISE;
            for (Item item : items) {
                End end = item instanceof Item.Mapped mapped ? severity(mapped, own) : End.REFUSED_OTHERWISE;
                worst = end.compareTo(worst) > 0 ? end : worst;
            }
            return worst;
        } catch (Mapping.Failure e) {
            return End.REFUSED_OTHERWISE;
        }
    }

    private static End severity(Item.Mapped mapped, Set<String> own) throws IOException {
        JsonNode alert = StrictJson.read(mapped.content().getBytes(StandardCharsets.UTF_8));
        for (JsonNode note : alert.path("notes")) {
            if (note.asText().startsWith("severity ")) {
                return End.STATED_DEFAULT;
            }
        }
        return own.contains(alert.path("severity").asText()) ? End.SAME_SEVERITY : End.OTHER_SEVERITY;
    }

    private static Set<String> severities(String provider, Body body) throws Exception {
        Set<String> severities = new TreeSet<>();
        Optional<JsonNode> read = read(catalog.get(provider), body);
        if (read.isPresent()) {
            for (Item item : golden.items(provider, read.get(), body.sample().headers()::get, Golden.RECEIVED_AT)) {
                if (item instanceof Item.Mapped mapped) {
                    severities.add(StrictJson.read(mapped.content().getBytes(StandardCharsets.UTF_8))
                            .path("severity")
                            .asText());
                }
            }
        }
        return severities;
    }

    private static Optional<JsonNode> read(Provider door, Body body) throws IOException {
        Path file = body.sample().file();
        String name = file.getFileName().toString();
        String type = name.endsWith(".form")
                ? "application/x-www-form-urlencoded"
                : name.endsWith(".txt") ? "text/plain" : "application/json";
        try {
            return Optional.of(BodyReader.read(Files.readAllBytes(file), type, door.body()));
        } catch (Refusal | UncheckedIOException refused) {
            return Optional.empty();
        }
    }

    private static List<Body> bodies() {
        return Folder.all(ROUTES).stream()
                .filter(each -> each.kind() == Folder.Kind.PROVIDER)
                .flatMap(each -> each.samples().stream().map(sample -> new Body(each.name(), sample)))
                .toList();
    }
}
