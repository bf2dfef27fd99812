package io.serai.record;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * Writes many rows of one table: on PostgreSQL with one statement and a parameter array per column, on SQLite row by row
 * with one prepared statement.
 */
final class Bulk<T> {
    private final String table;
    private final boolean update;
    private final List<Column<T>> columns = new ArrayList<>();

    private Bulk(String table, boolean update) {
        this.table = table;
        this.update = update;
    }

    static <T> Bulk<T> insert(String table) {
        return new Bulk<>(table, false);
    }

    /** Sets all columns but the first, which tells the row. */
    static <T> Bulk<T> update(String table) {
        return new Bulk<>(table, true);
    }

    Bulk<T> number(String name, Function<T, Long> value) {
        columns.add(new Column<>(name, "bigint", Types.BIGINT, value, Long[]::new));
        return this;
    }

    Bulk<T> integer(String name, Function<T, Integer> value) {
        columns.add(new Column<>(name, "int", Types.INTEGER, value, Integer[]::new));
        return this;
    }

    Bulk<T> text(String name, Function<T, String> value) {
        columns.add(new Column<>(name, "text", Types.VARCHAR, value, String[]::new));
        return this;
    }

    void write(Store store, Connection connection, List<T> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        if (store.dialect() == Dialect.POSTGRESQL) {
            writeArrays(store.prepared(connection, update ? updateArrays() : insertArrays()), rows);
        } else {
            writeRows(store.prepared(connection, update ? updateRow() : insertRow()), rows);
        }
    }

    private void writeArrays(PreparedStatement statement, List<T> rows) throws SQLException {
        int position = 0;
        for (Column<T> column : columns) {
            statement.setObject(++position, rows.stream().map(column.value).toArray(column.array::of));
        }
        statement.executeUpdate();
    }

    private void writeRows(PreparedStatement statement, List<T> rows) throws SQLException {
        for (T row : rows) {
            int position = 0;
            for (Column<T> column : columns) {
                Object value = column.value.apply(row);
                if (value == null) {
                    statement.setNull(++position, column.jdbcType);
                } else {
                    statement.setObject(++position, value);
                }
            }
            statement.executeUpdate();
        }
    }

    private String insertArrays() {
        return "insert into " + table + " (" + names() + ") select "
                + String.join(
                        ", ",
                        columns.stream()
                                .map(column -> "unnest(?::" + column.type + "[])")
                                .toList());
    }

    private String insertRow() {
        return "insert into " + table + " (" + names() + ") values ("
                + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
    }

    private String updateArrays() {
        String id = columns.get(0).name;
        return "update " + table + " t set " + assignments("u.%s") + " from unnest(" + arrays() + ") as u (" + names()
                + ") where t." + id + " = u." + id;
    }

    private String updateRow() {
        return "update " + table + " set " + assignments("?%2$d") + " where " + columns.get(0).name + " = ?1";
    }

    private String assignments(String value) {
        List<String> assignments = new ArrayList<>();
        for (int i = 1; i < columns.size(); i++) {
            String name = columns.get(i).name;
            assignments.add(name + " = " + value.formatted(name, i + 1));
        }
        return String.join(", ", assignments);
    }

    private String names() {
        return String.join(", ", columns.stream().map(Column::name).toList());
    }

    private String arrays() {
        return String.join(
                ", ", columns.stream().map(column -> "?::" + column.type + "[]").toList());
    }

    private record Column<T>(String name, String type, int jdbcType, Function<T, ?> value, NewArray array) {}

    /** Typed arrays, so that the driver knows the element type even when all elements are null. */
    @FunctionalInterface
    private interface NewArray {
        Object[] of(int length);
    }
}
