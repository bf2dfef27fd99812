package io.serai.door;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many of the files that this process may open its connections may take: each is one. */
final class OpenFiles {
    private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);
    /** Kept for the ledger, destinations and polls, beside what they have open when the door opens. */
    private static final long KEPT = 64;

    private static final int FEWEST = 16;

    private OpenFiles() {}

    /**
     * @param wished connections that may be open at a time
     * @return as many as wished, or as many as the process may open and leave enough to the rest
     */
    static int connections(int wished) {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return wished;
        }
        long most = system.getMaxFileDescriptorCount();
        int possible = possible(wished, most, system.getOpenFileDescriptorCount());
        if (possible < wished) {
            LOG.warn(
                    "serai.door.connections is {}, but this process may open {} files only: {} connections are taken. Raise its limit (ulimit -n).",
                    wished,
                    most,
                    possible);
        }
        return possible;
    }

    /**
     * @param most files that the process may open; not above 0 when that is not known
     * @param open files that it has open now
     */
    static int possible(int wished, long most, long open) {
        if (most <= 0) {
            return wished;
        }
        long left = most - open - Math.max(KEPT, most / 8);
        return (int) Math.min(wished, Math.max(FEWEST, left));
    }
}
