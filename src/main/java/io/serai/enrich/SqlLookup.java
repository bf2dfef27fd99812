package io.serai.enrich;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.route.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One use of an operator's database in a route: the Java part of the Kamelet {@code serai-lookup-sql-action}. The text of
 * the query is the operator's and never changes; what a sender wrote is only ever bound to {@code :?value}.
 */
public final class SqlLookup {
    private static final Logger LOG = LoggerFactory.getLogger(SqlLookup.class);
    private static final String SOURCE = "the database";

    private final AlertPath match;
    private final List<String> add;
    private final boolean overwrite;

    /**
     * @param match     the alert's text to look up: {@code service}, {@code labels.host}
     * @param add       columns of the result to add, as for a table; empty for all
     * @param overwrite whether a text that the alert has already gives way
     */
    public SqlLookup(String match, String add, boolean overwrite) {
        this.match = AlertPath.parse(match);
        this.add = add.isBlank() ? List.of() : Additions.split(add);
        this.overwrite = overwrite;
    }

    /** Sets the header {@code value}, which the query binds; says false, and why, when there is nothing to ask for. */
    public boolean ask(Exchange exchange) {
        Optional<String> value = match.read(Change.alertOf(exchange));
        if (value.isEmpty()) {
            Change.of(exchange)
                    .decisions()
                    .add(Additions.STAGE, "added nothing", SOURCE + " not asked: the alert has no " + match);
            return false;
        }
        exchange.getMessage().setHeader("value", value.get());
        return true;
    }

    /** Adds what the first row of the variable {@code rows} has. */
    public void enrich(Exchange exchange) {
        Change change = Change.of(exchange);
        ObjectNode alert = Change.alertOf(exchange);
        String value = exchange.getMessage().getHeader("value", String.class);
        List<?> rows = exchange.getVariable("rows", List.class);
        if (rows == null || rows.isEmpty()) {
            change.decisions().add(Additions.STAGE, "added nothing", SOURCE + " has no row for " + match + "=" + value);
            return;
        }
        Map<?, ?> row = (Map<?, ?>) rows.get(0);
        List<String> columns = new ArrayList<>(add);
        if (columns.isEmpty()) {
            row.keySet().forEach(column -> columns.add(column.toString()));
        }
        Additions.apply(
                change,
                alert,
                columns,
                column -> row.get(column) == null ? null : row.get(column).toString(),
                overwrite,
                SOURCE + " row for " + match + "=" + value);
    }

    /** The database did not answer: the alert goes on as it is (P7). */
    public void failed(Exchange exchange) {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (failure == null) {
            Change.of(exchange)
                    .decisions()
                    .add(Additions.STAGE, "added nothing", SOURCE + " not asked: it has failed too often just now");
            return;
        }
        LOG.warn(
                "The enrichment database did not answer ({}); alerts go on without.",
                failure.getClass().getSimpleName());
        Change.of(exchange).decisions().add(Additions.STAGE, "added nothing", SOURCE + " did not answer");
    }
}
