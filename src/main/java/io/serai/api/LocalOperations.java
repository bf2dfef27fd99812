package io.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.door.Principal;
import java.util.Map;
import java.util.Set;

/** Asks the ledger itself, for a command on the same machine: who may read its files may do everything. */
public final class LocalOperations implements Operations {
    private static final Principal OPERATOR =
            new Principal("command line, " + System.getProperty("user.name"), Set.of("admin"));
    private static final String BASE = "/api/";

    private final ApiHandler handler;
    private final AutoCloseable store;

    /** @param store what is closed with this */
    public LocalOperations(ApiHandler handler, AutoCloseable store) {
        this.handler = handler;
        this.store = store;
    }

    @Override
    public ObjectNode get(String path, Map<String, String> query) {
        return handler.get(path.substring(BASE.length()), query, OPERATOR);
    }

    @Override
    public ObjectNode post(String path, ObjectNode body) {
        return handler.post(path.substring(BASE.length()), body, OPERATOR);
    }

    @Override
    public void close() {
        try {
            store.close();
        } catch (Exception e) {
            throw new IllegalStateException("the ledger could not be closed", e);
        }
    }
}
