package io.serai.enrich;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/** One lookup table as it was when it was read: RFC 4180, UTF-8, the first line names the columns. */
final class CsvTable {
    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
            .setAllowMissingColumnNames(false)
            .setTrim(true)
            .get();

    private final List<String> columns;
    private final List<CSVRecord> rows;
    private final Map<String, Map<String, CSVRecord>> indexes = new ConcurrentHashMap<>();

    private CsvTable(List<String> columns, List<CSVRecord> rows) {
        this.columns = columns;
        this.rows = rows;
    }

    /** @throws IOException with one sentence that names the line at fault and no cell */
    static CsvTable read(Path file) throws IOException {
        try (CSVParser parser = FORMAT.parse(new StringReader(text(file)))) {
            List<String> columns = List.copyOf(parser.getHeaderNames());
            if (columns.isEmpty()) {
                throw new IOException("it is empty: the first line must name the columns");
            }
            List<CSVRecord> rows = parser.getRecords();
            for (CSVRecord row : rows) {
                if (!row.isConsistent()) {
                    throw new IOException("row " + row.getRecordNumber() + " has " + row.size()
                            + " cells, the first line " + "names " + columns.size() + " columns");
                }
            }
            return new CsvTable(columns, rows);
        } catch (IllegalArgumentException e) {
            throw new IOException("its first line has a column without a name, or the same name twice", e);
        } catch (UncheckedIOException e) {
            throw new IOException("a quote is not closed or stands in the wrong place", e);
        }
    }

    private static String text(Path file) throws IOException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            // Spreadsheets write a byte order mark, which would become part of the first column's name.
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IOException("it is not UTF-8", e);
        }
    }

    List<String> columns() {
        return columns;
    }

    int size() {
        return rows.size();
    }

    /** The first row that has this value in this column; null when there is none. */
    CSVRecord find(String column, String value) {
        return indexes.computeIfAbsent(column, this::index).get(value);
    }

    private Map<String, CSVRecord> index(String column) {
        Map<String, CSVRecord> index = new HashMap<>(rows.size() * 2);
        rows.forEach(row -> index.putIfAbsent(row.get(column), row));
        return index;
    }
}
