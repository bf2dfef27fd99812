package io.serai.record;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/** Rows turned into the array parameters of a PostgreSQL {@code unnest}, one column after the other. */
final class Columns<T> {
    private final List<Object> parameters;
    private final List<T> rows;

    Columns(List<Object> parameters, List<T> rows) {
        this.parameters = parameters;
        this.rows = rows;
    }

    Columns<T> longs(ToLongFunction<T> column) {
        return add(rows.stream().mapToLong(column).toArray());
    }

    Columns<T> ints(ToIntFunction<T> column) {
        return add(rows.stream().mapToInt(column).toArray());
    }

    Columns<T> nullableLongs(Function<T, Long> column) {
        return add(rows.stream().map(column).toArray(Long[]::new));
    }

    Columns<T> texts(Function<T, String> column) {
        return add(rows.stream().map(column).toArray(String[]::new));
    }

    Columns<T> bytes(Function<T, byte[]> column) {
        return add(rows.stream().map(column).toArray(byte[][]::new));
    }

    private Columns<T> add(Object array) {
        parameters.add(array);
        return this;
    }
}
