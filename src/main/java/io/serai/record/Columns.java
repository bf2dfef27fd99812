package io.serai.record;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/** Rows turned into the array parameters of a PostgreSQL {@code unnest}, one column after the other. */
final class Columns<T> {
    private final PreparedStatement statement;
    private final List<T> rows;
    private int position;

    Columns(PreparedStatement statement, List<T> rows) {
        this.statement = statement;
        this.rows = rows;
    }

    Columns<T> longs(ToLongFunction<T> column) throws SQLException {
        return bind(rows.stream().mapToLong(column).toArray());
    }

    Columns<T> ints(ToIntFunction<T> column) throws SQLException {
        return bind(rows.stream().mapToInt(column).toArray());
    }

    Columns<T> nullableLongs(Function<T, Long> column) throws SQLException {
        return bind(rows.stream().map(column).toArray(Long[]::new));
    }

    Columns<T> texts(Function<T, String> column) throws SQLException {
        return bind(rows.stream().map(column).toArray(String[]::new));
    }

    Columns<T> bytes(Function<T, byte[]> column) throws SQLException {
        return bind(rows.stream().map(column).toArray(byte[][]::new));
    }

    private Columns<T> bind(Object array) throws SQLException {
        statement.setObject(++position, array);
        return this;
    }
}
