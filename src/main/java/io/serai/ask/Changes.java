package io.serai.ask;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.record.Lease;
import io.serai.record.Leases;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** What changes something over there is done by one at a time on all nodes: two would each find nothing, and make it. */
final class Changes {
    /** Longer than all requests of one change with their time limits. */
    private static final Duration CHANGE = Duration.ofMinutes(5);

    private final Leases leases;
    private final String node;

    Changes(Leases leases, String node) {
        this.leases = leases;
        this.node = node;
    }

    /** @throws Refusal 503 while somebody else is changing something at the same instance */
    ObjectNode alone(Access access, Supplier<ObjectNode> work) {
        Lease lease = leases.acquire("ask/" + access, node + "/" + UUID.randomUUID(), CHANGE)
                .orElseThrow(() -> new Refusal(
                        ErrorCode.OVERLOADED, "Somebody else is changing something there now.", List.of(), 5));
        try {
            return work.get();
        } finally {
            leases.release(lease);
        }
    }
}
