package io.serai.record;

import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Set;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.sqlite.SQLiteException;

/** What a database error means to us. */
final class StoreFailure {
    private static final int SQLITE_CONSTRAINT = 19;
    private static final int SQLITE_TOO_BIG = 18;
    private static final int SQLITE_MISMATCH = 20;
    /** Serialization failure, deadlock, lock not available, and a key that another node inserted in between. */
    private static final Set<String> RETRYABLE = Set.of("40001", "40P01", "55P03", "23505");

    /** The state of "cannot execute … in a read-only transaction". */
    static final String READ_ONLY = "25006";

    private StoreFailure() {}

    /** A failed start in one line: what failed and what to do, without address parameters, user or password. */
    static LedgerUnavailable opening(String name, Exception failure) {
        if (failure instanceof FlywayValidateException) {
            return new LedgerUnavailable(
                    name + " was written by another release. Start the release that wrote it, or restore its backup.",
                    failure);
        }
        SQLException cause = sqlCause(failure);
        String state = cause == null || cause.getSQLState() == null ? "" : cause.getSQLState();
        if (cause instanceof SQLiteException) {
            return new LedgerUnavailable(
                    name + " cannot be opened ("
                            + ((SQLiteException) cause).getResultCode().name()
                            + "). Let serai.data name a folder on a local disk with free space that this user may write.",
                    failure);
        }
        if (state.startsWith("28")) {
            return new LedgerUnavailable(
                    name + " refused the login. Set serai.ledger.user and serai.ledger.password.", failure);
        }
        if (state.startsWith("3D")) {
            return new LedgerUnavailable(
                    name + " does not exist. Create the database, or correct serai.ledger.url.", failure);
        }
        if (state.startsWith("42")) {
            return new LedgerUnavailable(
                    name + " could not be migrated (SQL state " + state
                            + "). Let serai.ledger.user own an empty schema, or one that this release made.",
                    failure);
        }
        if (state.equals(READ_ONLY)) {
            return LedgerUnavailable.passing(
                    name
                            + " takes no writes: it is a standby, or set to read only. Let serai.ledger.url name the primary.",
                    failure);
        }
        if (cause != null && cause.getCause() instanceof UnknownHostException && !name.contains(",")) {
            // Of several hosts, separated by commas, the driver names the last one only.
            return new LedgerUnavailable(
                    name + " cannot be looked for: its host has no address. Correct serai.ledger.url.", failure);
        }
        return LedgerUnavailable.passing(
                name + " does not answer" + (state.isEmpty() ? "" : " (SQL state " + state + ")")
                        + ". Start PostgreSQL, or correct serai.ledger.url.",
                failure);
    }

    /** True when the rows themselves are at fault, so that the same rows would fail again. */
    static boolean ofData(SQLException failure) {
        if (failure instanceof SQLiteException sqlite) {
            int code = sqlite.getResultCode().code & 0xff;
            return code == SQLITE_CONSTRAINT || code == SQLITE_TOO_BIG || code == SQLITE_MISMATCH;
        }
        String state = failure.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
    }

    /** True when another node was in the way and the same transaction may succeed now. */
    static boolean retryable(SQLException failure) {
        return failure.getSQLState() != null && RETRYABLE.contains(failure.getSQLState());
    }

    private static SQLException sqlCause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }
}
