package io.serai.enrich;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.route.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.commons.csv.CSVRecord;

/** One use of a lookup table in a route: what the Kamelet {@code serai-lookup-csv-action} makes of its parameters. */
public final class CsvLookup {
    private final CsvTables tables;
    private final String table;
    private final AlertPath match;
    private final String column;
    private final List<String> add;
    private final boolean overwrite;

    /**
     * @param table     file name in the tables folder
     * @param match     the alert's text to look up: {@code service}, {@code labels.host}
     * @param column    the column that must hold it
     * @param add       columns to add, separated by commas: {@code service}, {@code environment} and {@code url} go to
     *                  the field, {@code annotations.x} to an annotation, any other to a label
     * @param overwrite whether a text that the alert has already gives way
     * @throws io.serai.config.ConfigurationError when the table or one of its columns does not exist
     */
    public CsvLookup(CsvTables tables, String table, String match, String column, String add, boolean overwrite) {
        this.tables = tables;
        this.table = table;
        this.match = AlertPath.parse(match);
        this.column = column;
        this.add = Additions.split(add);
        this.overwrite = overwrite;
        List<String> columns = new ArrayList<>(List.of(column));
        this.add.forEach(each -> columns.add(AlertPath.parse(each).name()));
        tables.require(table, columns);
    }

    /** Adds what the first matching row has; a decision says what, or why nothing. */
    public void enrich(Exchange exchange) {
        Change change = Change.of(exchange);
        ObjectNode alert = Change.alertOf(exchange);
        Optional<String> value = match.read(alert);
        if (value.isEmpty()) {
            change.decisions().add(Additions.STAGE, "added nothing", table + " not asked: the alert has no " + match);
            return;
        }
        CSVRecord row = tables.find(table).find(column, value.get());
        if (row == null) {
            change.decisions()
                    .add(Additions.STAGE, "added nothing", table + " has no row " + column + "=" + value.get());
            return;
        }
        Additions.apply(change, alert, add, row::get, overwrite, table + " row " + column + "=" + value.get());
    }
}
