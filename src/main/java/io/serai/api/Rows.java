package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import io.serai.record.LedgerUnavailable;
import io.serai.record.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One query on the ledger's reading pool: text of ours, values bound. */
final class Rows {
    private final Store store;
    private final StringBuilder sql;
    private final List<Object> values = new ArrayList<>();

    /** Makes one thing of a row. */
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    Rows(Store store, String sql) {
        this.store = store;
        this.sql = new StringBuilder(sql);
    }

    /** Binds the next value of the text so far. */
    Rows bind(Object value) {
        values.add(value);
        return this;
    }

    /** Adds a condition with one value, if there is a value. */
    Rows and(String condition, Optional<?> value) {
        value.ifPresent(each -> {
            sql.append(" and ").append(condition);
            values.add(each);
        });
        return this;
    }

    Rows then(String text) {
        sql.append(' ').append(text);
        return this;
    }

    <T> List<T> read(Reader<T> reader) {
        try (Connection connection = store.reader().getConnection();
                PreparedStatement query = connection.prepareStatement(sql.toString())) {
            for (int i = 0; i < values.size(); i++) {
                query.setObject(i + 1, values.get(i));
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    rows.add(reader.read(row));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new LedgerUnavailable("The ledger cannot be read: it does not answer.", e);
        }
    }

    /**
     * Reads one page, newest first, of rows whose JSON has the number of {@code column} as {@code id}.
     *
     * @param name what the array of the answer is called
     * @return the array and {@code next_cursor}, null on the last page
     */
    ObjectNode page(String name, String column, Parameters parameters, Reader<ObjectNode> reader) {
        int limit = parameters.limit();
        and(column + " < ?", parameters.cursor());
        then("order by " + column + " desc limit ?").bind(limit + 1);
        List<ObjectNode> rows = read(reader);
        ObjectNode page = object();
        ArrayNode array = page.putArray(name);
        rows.stream().limit(limit).forEach(array::add);
        page.put(
                "next_cursor",
                rows.size() > limit ? rows.get(limit - 1).path("id").asText() : null);
        return page;
    }

    static ObjectNode object() {
        return StrictJson.mapper().createObjectNode();
    }

    /** JSON that we wrote ourselves. */
    static JsonNode json(String text) {
        try {
            return text == null ? object().nullNode() : StrictJson.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("the ledger holds a row that is not JSON", e);
        }
    }

    /** RFC 3339 in UTC; null for no time. */
    static String time(Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis).toString();
    }

    static Long number(ResultSet row, int column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    static Long number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    /** A number as JSON has ids: a string. */
    static String id(Long number) {
        return number == null ? null : String.valueOf(number);
    }
}
