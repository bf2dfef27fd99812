package io.serai.record;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Deletes what destinations called the things that they made of alerts which are gone. */
final class ReferenceRemoval {
    private static final int BATCH = 500;

    private static final String FIND =
            """
            select destination, alert, opened from reference
            where (destination, alert, opened) > (?, ?, ?)
                and not exists (select 1 from alert where alert.id = reference.alert)
                and alert <= (select coalesce(max(id), 0) from alert)
            order by destination, alert, opened limit %d"""
                    .formatted(BATCH);
    private static final String DELETE = "delete from reference where destination = ? and alert = ? and opened = ?";

    /** The name that a destination gave to what it made of an alert. */
    private record Reference(String destination, long alert, int opened) {
        void set(PreparedStatement statement) throws SQLException {
            statement.setString(1, destination);
            statement.setLong(2, alert);
            statement.setInt(3, opened);
        }
    }

    private final Store store;

    ReferenceRemoval(Store store) {
        this.store = store;
    }

    /** Deletes them in batches; gives how many. */
    long all() throws SQLException {
        long deleted = 0;
        Reference last = new Reference("", 0, 0);
        List<Reference> found;
        do {
            found = after(last);
            if (!found.isEmpty()) {
                last = found.get(found.size() - 1);
                deleted += delete(found);
            }
        } while (found.size() == BATCH);
        return deleted;
    }

    private List<Reference> after(Reference last) throws SQLException {
        try (Connection connection = store.reader().getConnection();
                PreparedStatement statement = connection.prepareStatement(FIND)) {
            last.set(statement);
            List<Reference> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Reference(row.getString(1), row.getLong(2), row.getInt(3)));
                }
            }
            return found;
        }
    }

    private int delete(List<Reference> references) throws SQLException {
        return store.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
                for (Reference each : references) {
                    each.set(statement);
                    statement.addBatch();
                }
                return Arrays.stream(statement.executeBatch()).sum();
            }
        });
    }
}
