package io.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.door.Refusal;
import io.serai.record.LedgerUnavailable;
import java.util.Map;

/**
 * What operators ask of a ledger: the REST API's paths, answered by a running server or straight from the ledger. Both
 * give the same JSON, the {@code data} of the success envelope.
 */
public interface Operations extends AutoCloseable {
    /**
     * @param query parameters, without those that are not set
     * @throws Refusal when the answer is an error
     * @throws ServerUnreachable when there is no server at the address
     * @throws LedgerUnavailable when the ledger does not answer
     */
    ObjectNode get(String path, Map<String, String> query);

    /** @see #get */
    ObjectNode post(String path, ObjectNode body);

    @Override
    void close();
}
