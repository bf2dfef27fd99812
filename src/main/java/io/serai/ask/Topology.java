package io.serai.ask;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.json.StrictJson;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * Which services a system knows and what each calls, as the table {@code topology.csv} that the enrichment looks up and
 * that an operator may write himself (K1, K29). What one provider's instance told replaces what it told before; rows of
 * others stay.
 */
final class Topology {
    private static final String FILE = "topology.csv";
    private static final String SERVICE = "service";
    private static final String DEPENDS_ON = "depends_on";
    private static final String SYSTEM = "system";
    private static final String SOURCE = "source";
    private static final String BETWEEN = "; ";

    private final Path tables;

    Topology(Path tables) {
        this.tables = tables;
    }

    /** One service: what it calls and who said so. */
    private record Row(Set<String> dependsOn, String source) {}

    /**
     * @param source   who told it, {@code provider/instance}
     * @param services list of {@code {service, depends_on: [...]}}
     * @return {@code services}, {@code systems} and {@code table}
     */
    ObjectNode write(String source, ArrayNode services) {
        // One file for all sources, and for two versions of the configuration while one replaces the other.
        synchronized (Topology.class) {
            return replace(source, services);
        }
    }

    private ObjectNode replace(String source, ArrayNode services) {
        try {
            Map<String, Row> rows = read();
            rows.values().removeIf(row -> row.source().equals(source));
            for (JsonNode each : services) {
                String service = each.path(SERVICE).asText("").strip();
                if (!service.isEmpty()) {
                    Row row = rows.computeIfAbsent(service, first -> new Row(new TreeSet<>(), source));
                    each.path(DEPENDS_ON)
                            .forEach(other -> row.dependsOn().add(other.asText().strip()));
                }
            }
            Map<String, String> systems = systems(rows);
            save(rows, systems);
            return StrictJson.mapper()
                    .createObjectNode()
                    .put("services", services.size())
                    .put("systems", new HashSet<>(systems.values()).size())
                    .put("table", FILE);
        } catch (IOException e) {
            throw new Refusal(ErrorCode.OVERLOADED, "The table " + FILE + " cannot be written in serai.tables.");
        }
    }

    private Map<String, Row> read() throws IOException {
        Map<String, Row> rows = new TreeMap<>();
        Path file = tables.resolve(FILE);
        if (Files.exists(file)) {
            CSVFormat format = CSVFormat.RFC4180
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .get();
            try (CSVParser parser = CSVParser.parse(file, StandardCharsets.UTF_8, format)) {
                for (CSVRecord record : parser) {
                    Set<String> dependsOn = new TreeSet<>();
                    for (String other : record.get(DEPENDS_ON).split(BETWEEN.strip())) {
                        dependsOn.add(other.strip());
                    }
                    dependsOn.remove("");
                    // Without either it was written because somebody called it, who may do so no more.
                    if (!dependsOn.isEmpty() || !record.get(SOURCE).isEmpty()) {
                        rows.put(record.get(SERVICE), new Row(dependsOn, record.get(SOURCE)));
                    }
                }
            }
        }
        return rows;
    }

    /** Services that call one another, directly or by others, are one system, called like the first that nobody calls. */
    private static Map<String, String> systems(Map<String, Row> rows) {
        Map<String, Set<String>> near = new TreeMap<>();
        Set<String> called = new HashSet<>();
        rows.forEach((service, row) -> {
            near.computeIfAbsent(service, first -> new TreeSet<>()).addAll(row.dependsOn());
            row.dependsOn().forEach(other -> near.computeIfAbsent(other, first -> new TreeSet<>())
                    .add(service));
            called.addAll(row.dependsOn());
        });
        Map<String, String> systems = new TreeMap<>();
        for (String start : near.keySet()) {
            if (systems.containsKey(start)) {
                continue;
            }
            Set<String> together = new TreeSet<>();
            Deque<String> open = new ArrayDeque<>(Set.of(start));
            while (!open.isEmpty()) {
                String service = open.pop();
                if (together.add(service)) {
                    open.addAll(near.get(service));
                }
            }
            String name = together.stream()
                    .filter(each -> !called.contains(each))
                    .findFirst()
                    .orElse(start);
            together.forEach(each -> systems.put(each, name));
        }
        return systems;
    }

    /** Whole or not at all: the tables are read again while this runs. */
    private void save(Map<String, Row> rows, Map<String, String> systems) throws IOException {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader(SERVICE, DEPENDS_ON, SYSTEM, SOURCE)
                .get();
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, format)) {
            for (Map.Entry<String, String> each : systems.entrySet()) {
                Row row = rows.getOrDefault(each.getKey(), new Row(Set.of(), ""));
                printer.printRecord(
                        each.getKey(), String.join(BETWEEN, row.dependsOn()), each.getValue(), row.source());
            }
        }
        Path file = tables.resolve(FILE);
        if (Files.exists(file) && Files.readString(file).equals(text.toString())) {
            return;
        }
        Path fresh = tables.resolve("." + FILE + ".new");
        Files.writeString(fresh, text.toString());
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
