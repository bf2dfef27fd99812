package io.serai.route;

import io.serai.record.Inbox;
import io.serai.record.Lease;
import io.serai.record.Leases;
import io.serai.record.LedgerUnavailable;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lease under which one node routes while the others stand by. Used by one thread. */
final class RoutingLease {
    private static final Logger LOG = LoggerFactory.getLogger(RoutingLease.class);
    private static final Duration LEASE = Duration.ofSeconds(15);

    private final Leases leases;
    private final String node;
    private Lease lease;
    private long renewAt;

    /** @param node this node's name, its owner */
    RoutingLease(Leases leases, String node) {
        this.leases = leases;
        this.node = node;
    }

    /**
     * Takes or renews it where that is due; false when another node has it.
     *
     * @throws LedgerUnavailable when the ledger does not answer
     */
    boolean held() {
        long now = System.nanoTime();
        if (lease != null && now < renewAt) {
            return true;
        }
        Optional<Lease> held = leases.acquire(Inbox.ROUTE_LEASE, node, LEASE);
        if (held.isPresent() && lease == null) {
            LOG.info("This node routes.");
        } else if (held.isEmpty() && lease != null) {
            LOG.warn("Another node has taken over routing.");
        }
        lease = held.orElse(null);
        renewAt = now + LEASE.toNanos() / 3;
        return lease != null;
    }

    /** The fence of the lease that is held. */
    long token() {
        return lease.token();
    }

    /** Whether it is held as it was under that token: nobody else had it in between. */
    boolean still(long token) {
        return lease != null && lease.token() == token;
    }

    /** Another node was found to have it. */
    void lost() {
        lease = null;
    }

    /** Gives it to whoever stands by. */
    void release() {
        if (lease != null) {
            try {
                leases.release(lease);
            } catch (LedgerUnavailable e) {
                LOG.warn("The routing lease could not be given back; it ends by itself.");
            }
        }
    }
}
