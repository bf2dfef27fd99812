import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/** Looks into Serai's ledger from outside, so that the product does not vouch for itself. */
final class Ledger {

    /**
     * @param receipts accepted requests
     * @param alerts   distinct alerts
     * @param backlog  receipts that are not routed yet
     * @param seconds  until the backlog was gone, or how long was waited in vain
     */
    record State(long receipts, long alerts, long backlog, double seconds) {}

    private Ledger() {}

    /** Waits until nothing is left to route. */
    static State settle(String url, int seconds) throws SQLException, InterruptedException {
        long start = System.nanoTime();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            while (true) {
                long backlog = count(statement, "inbox");
                double waited = (System.nanoTime() - start) / 1e9;
                if (backlog == 0 || waited > seconds) {
                    return new State(count(statement, "receipt"), count(statement, "alert"), backlog, waited);
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    private static long count(Statement statement, String table) throws SQLException {
        try (ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
