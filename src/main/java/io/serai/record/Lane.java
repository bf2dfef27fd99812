package io.serai.record;

/** What a receipt in the inbox waits for. The code is what the ledger stores. */
public enum Lane {
    /** Its changes are complete: enrich, correlate and route them. */
    ROUTE(1),
    /** Its details are to be read back from the sender first (D11). */
    FETCH(2);

    private final int code;

    Lane(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
