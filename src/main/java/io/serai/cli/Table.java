package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Rows in aligned columns. What stands in a cell is made safe for a terminal first. */
final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... titles) {
        rows.add(List.of(titles));
    }

    /** Adds a row; texts, numbers and lists of JSON as they read, nothing for null. */
    Table row(Object... cells) {
        List<String> row = new ArrayList<>(cells.length);
        for (Object cell : cells) {
            row.add(Visible.of(text(cell)));
        }
        rows.add(row);
        return this;
    }

    static String text(Object cell) {
        if (cell instanceof JsonNode node) {
            if (node.isNull() || node.isMissingNode()) {
                return "";
            }
            return node.isArray()
                    ? StreamSupport.stream(node.spliterator(), false)
                            .map(JsonNode::asText)
                            .collect(Collectors.joining(", "))
                    : node.asText();
        }
        return cell == null ? "" : cell.toString();
    }

    /** A time to the second. */
    static String time(JsonNode node) {
        return text(node).replaceFirst("\\.\\d+Z$", "Z");
    }

    void print(PrintWriter out) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i));
                if (i < columns - 1) {
                    line.append(" ".repeat(widths[i] - width(row.get(i)))).append(GAP);
                }
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
