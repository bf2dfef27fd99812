import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** One server under load. */
interface Contender extends AutoCloseable {

    String name();

    /** Starts with nothing stored and returns when it answers. */
    void start(Path fresh) throws IOException, InterruptedException;

    /** Where the load goes. */
    String url();

    /** Which body it understands: {@code webhook} or {@code alertmanager}. */
    String shape();

    /** The ingest key; null where none is asked. */
    String key();

    Server server();

    /** True when each sample must start with an empty server, because it keeps everything in memory. */
    boolean restarts();

    /**
     * Waits until all that was accepted is also routed.
     *
     * @return what the ledger holds then; null for a server without one
     */
    default Ledger.State settle(int seconds) throws SQLException, InterruptedException {
        return null;
    }

    @Override
    default void close() {
        if (server() != null) {
            server().close();
        }
    }
}
