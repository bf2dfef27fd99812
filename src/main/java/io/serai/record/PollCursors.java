package io.serai.record;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * How far each poll has read. A cursor is written together with the receipt of what was read up to it
 * ({@link Ledger#record(Receipt, java.util.List, PollCursor)}), or after all receipts of a run were committed.
 */
public final class PollCursors {
    static final String WRITE =
            """
            insert into poll_cursor (name, value, updated_at) values (?, ?, ?)
            on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at""";

    private final Store store;

    public PollCursors(Store store) {
        this.store = store;
    }

    /**
     * Empty before the first poll.
     *
     * @throws LedgerUnavailable when the store does not answer
     */
    public Optional<PollCursor> read(String name) {
        try (Connection connection = store.reader().getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("select value from poll_cursor where name = ?")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(new PollCursor(name, row.getString(1))) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new LedgerUnavailable("The poll cursor could not be read: the ledger does not answer.", e);
        }
    }

    /**
     * Moves a cursor once everything up to it is committed: a run that found nothing new has no receipt to go with it.
     *
     * @throws LedgerUnavailable when the store does not answer
     */
    public void write(PollCursor cursor, Instant now) {
        try (Connection connection = store.writer().getConnection();
                PreparedStatement statement = connection.prepareStatement(WRITE)) {
            statement.setString(1, cursor.name());
            statement.setString(2, cursor.value());
            statement.setLong(3, now.toEpochMilli());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new LedgerUnavailable("The poll cursor could not be moved: the ledger does not answer.", e);
        }
    }
}
