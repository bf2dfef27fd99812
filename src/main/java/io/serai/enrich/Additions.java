package io.serai.enrich;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.route.Change;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Puts the cells of a found row on the alert and says so in the change's decisions. */
final class Additions {
    static final String STAGE = "enrich";

    private Additions() {}

    /**
     * @param columns   names of the columns to add, written as in {@code add}
     * @param row       gives a column's text; null or blank adds nothing
     * @param overwrite whether a text that is there already gives way
     * @param source    where the row comes from, for the decision
     */
    static void apply(
            Change change,
            ObjectNode alert,
            List<String> columns,
            Function<String, String> row,
            boolean overwrite,
            String source) {
        StringBuilder added = new StringBuilder(48);
        for (String column : columns) {
            AlertPath target = AlertPath.forColumn(column);
            String value = row.apply(AlertPath.parse(column).name());
            if (value == null || value.isBlank()) {
                continue;
            }
            Optional<String> present = target.read(alert);
            if (present.isPresent() && (!overwrite || present.get().equals(value))) {
                continue;
            }
            target.write(alert, value);
            added.append(added.isEmpty() ? "" : ", ").append(target).append('=').append(value);
        }
        change.decisions().add(STAGE, added.isEmpty() ? "added nothing new" : "added " + added, source);
    }

    static List<String> split(String columns) {
        return List.of(columns.trim().split("\\s*,\\s*"));
    }
}
