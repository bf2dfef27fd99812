package io.serai.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Reads a properties file in UTF-8. A key that is written twice is refused: the last one would win without a word. */
final class PropertiesFile {
    private PropertiesFile() {}

    /** Properties that remember a key written twice. */
    private static final class Once extends Properties {
        private String twice;

        @Override
        public synchronized Object put(Object key, Object value) {
            if (super.put(key, value) != null) {
                twice = (String) key;
            }
            return null;
        }
    }

    /** @throws ConfigurationError naming the file, or the key that is in it twice */
    static Map<String, String> read(Path file) {
        Once properties = new Once();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationError(
                    file.toString(), "cannot be read as a properties file in UTF-8", "Correct it or its permissions");
        }
        if (properties.twice != null) {
            throw new ConfigurationError(properties.twice, "is set twice in " + file, "Delete one of the lines");
        }
        Map<String, String> values = new TreeMap<>();
        properties
                .stringPropertyNames()
                .forEach(key -> values.put(key, properties.getProperty(key).strip()));
        return values;
    }
}
