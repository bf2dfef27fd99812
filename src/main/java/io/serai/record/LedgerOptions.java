package io.serai.record;

import java.nio.file.Path;

/**
 * Where and how the ledger keeps its rows.
 *
 * @param data          the data folder; made when it is missing
 * @param url           JDBC URL of a PostgreSQL database; empty for SQLite in {@code data/serai.db}
 * @param user          database user; empty for none
 * @param password      its password; empty for none
 * @param node          this node's name: the same after a restart, different on every node of one database
 * @param queueCapacity how many receipts may wait for the writer before further ones are refused
 * @param batchSize     how many receipts one transaction takes at most
 */
public record LedgerOptions(
        Path data, String url, String user, String password, String node, int queueCapacity, int batchSize) {

    /** An embedded ledger with the usual sizes. */
    public static LedgerOptions embedded(Path data, String node) {
        return new LedgerOptions(data, "", "", "", node, 8192, 512);
    }

    @Override
    public String toString() {
        return "LedgerOptions[data=" + data + ", embedded=" + url.isEmpty() + ", node=" + node + "]";
    }
}
