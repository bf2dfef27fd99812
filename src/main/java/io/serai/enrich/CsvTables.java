package io.serai.enrich;

import io.serai.config.ConfigurationError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lookup tables of the enrich stage, bean {@code tables}: every {@code *.csv} of one folder. A file that changes is
 * read again; one that has become unreadable is refused and the last good one stays in use (P9).
 */
public final class CsvTables {
    private static final Logger LOG = LoggerFactory.getLogger(CsvTables.class);
    private static final long CHECK_NANOS = 2_000_000_000L;

    private final Path folder;
    private final ConcurrentMap<String, Loaded> tables = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, String> faults = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> used = new HashMap<>();
    private final AtomicLong checkedAt = new AtomicLong(System.nanoTime());

    private CsvTables(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads all tables. A folder that does not exist holds none.
     *
     * @throws ConfigurationError naming the file that cannot be used, and why
     */
    public static CsvTables load(Path folder) {
        CsvTables loaded = new CsvTables(folder);
        loaded.refresh();
        loaded.faults.forEach((file, fault) -> {
            throw new ConfigurationError(folder.resolve(file).toString(), fault, "Correct or remove the table");
        });
        return loaded;
    }

    /** The same tables for other routes, which will say anew what they need of them. */
    public CsvTables successor() {
        CsvTables next = new CsvTables(folder);
        next.tables.putAll(tables);
        next.faults.putAll(faults);
        return next;
    }

    /** File names of tables whose newest version is refused, with the reason; the version before it is in use. */
    public Map<String, String> faults() {
        return new TreeMap<>(faults);
    }

    /**
     * Notes that a lookup uses these columns: a later version of the table without them is refused.
     *
     * @throws ConfigurationError when the table or one of the columns does not exist
     */
    synchronized void require(String name, List<String> columns) {
        Loaded loaded = tables.get(name);
        if (loaded == null) {
            throw new ConfigurationError(
                    "routes/core/alert-enrich.camel.yaml",
                    "the table " + name + " does not exist",
                    "Put it into " + folder + " or take the lookup out");
        }
        for (String column : columns) {
            if (!loaded.table().columns().contains(column)) {
                throw new ConfigurationError(
                        "routes/core/alert-enrich.camel.yaml",
                        "the table " + name + " has no column " + column,
                        "Use one of " + String.join(", ", loaded.table().columns()));
            }
        }
        used.computeIfAbsent(name, any -> new TreeSet<>()).addAll(columns);
    }

    /** The table of this file name as it is now; one that was {@link #require}d is always there. */
    CsvTable find(String name) {
        long last = checkedAt.get();
        long now = System.nanoTime();
        if (now - last > CHECK_NANOS && checkedAt.compareAndSet(last, now)) {
            refresh();
        }
        return tables.get(name).table();
    }

    /** Reads what has changed since the last time. A table that was removed stays in use until the next start. */
    synchronized void refresh() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.toString().endsWith(".csv")).sorted().forEach(this::refresh);
        } catch (IOException e) {
            LOG.error("The folder {} cannot be read; the tables in use stay.", folder);
        }
    }

    private void refresh(Path file) {
        String name = file.getFileName().toString();
        Loaded before = tables.get(name);
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            Stamp stamp = new Stamp(now.lastModifiedTime(), now.size());
            if (before != null && before.stamp().equals(stamp)) {
                return;
            }
            // Stamped before it is read: the same bad file is neither read nor reported again.
            if (before != null) {
                tables.put(name, new Loaded(stamp, before.table()));
            }
            CsvTable table = CsvTable.read(file);
            for (String column : used.getOrDefault(name, new TreeSet<>())) {
                if (!table.columns().contains(column)) {
                    throw new IOException("it has lost the column " + column + ", which a lookup uses");
                }
            }
            tables.put(name, new Loaded(stamp, table));
            faults.remove(name);
            LOG.info("Table {} read: {} rows.", name, table.size());
        } catch (IOException e) {
            String fault = e.getMessage() == null ? "it cannot be read" : e.getMessage();
            faults.put(name, fault);
            LOG.error("Table {} is refused, the version before it stays in use: {}.", file, fault);
        }
    }

    private record Stamp(FileTime modified, long size) {}

    private record Loaded(Stamp stamp, CsvTable table) {}
}
