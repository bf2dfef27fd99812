package io.serai.record;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Several PostgreSQL statements that go to the server together and cost one round trip. */
final class Script {
    private final List<String> statements = new ArrayList<>();
    private final List<Object> parameters = new ArrayList<>();

    Script add(String sql, Object... values) {
        statements.add(sql);
        parameters.addAll(List.of(values));
        return this;
    }

    /** A statement over many rows; its parameters are the columns that the answer is given. */
    <T> Columns<T> rows(String sql, List<T> rows) {
        statements.add(sql);
        return new Columns<>(parameters, rows);
    }

    /** Ready to be executed; closed with its connection. */
    PreparedStatement on(Connection connection) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(String.join(";\n", statements));
        for (int i = 0; i < parameters.size(); i++) {
            statement.setObject(i + 1, parameters.get(i));
        }
        return statement;
    }
}
