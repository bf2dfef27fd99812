package io.serai.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where Serai differs from what independent projects make of a real body, on purpose: {@code corpus-exceptions.csv}, a
 * body, a field and a reason in each line. An exception that is no longer needed is an error too.
 */
final class CorpusExceptions {
    private final Map<String, Map<String, String>> reasons = new TreeMap<>();

    private CorpusExceptions() {}

    static CorpusExceptions read() {
        CorpusExceptions exceptions = new CorpusExceptions();
        try (var reader = new BufferedReader(new InputStreamReader(
                CorpusExceptions.class.getResourceAsStream("/corpus-exceptions.csv"), StandardCharsets.UTF_8))) {
            reader.lines().skip(1).forEach(exceptions::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return exceptions;
    }

    private void add(String line) {
        String[] columns = line.split(",", 3);
        assertThat(columns).as(line).hasSize(3).doesNotContain("");
        reasons.computeIfAbsent(columns[0], body -> new TreeMap<>()).put(columns[1], columns[2]);
    }

    Set<String> bodies() {
        return reasons.keySet();
    }

    /** Each difference begins with its field and a colon. */
    void check(String body, Collection<String> differences) {
        Map<String, String> excepted = reasons.getOrDefault(body, Map.of());
        Set<String> needed = new TreeSet<>();
        assertThat(differences).allSatisfy(difference -> {
            String field = difference.substring(0, difference.indexOf(':'));
            assertThat(excepted).as(difference).containsKey(field);
            needed.add(field);
        });
        assertThat(needed).as("exceptions that are needed").isEqualTo(new TreeSet<>(excepted.keySet()));
    }
}
