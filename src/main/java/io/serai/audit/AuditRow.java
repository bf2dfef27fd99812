package io.serai.audit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;

/**
 * One link of the chain.
 *
 * @param seq      1, 2, 3, … without a gap
 * @param at       milliseconds since 1970
 * @param previous hash of the row before; of the first row {@link #START}
 * @param hash     SHA-256 over all that is before it, in hex
 */
public record AuditRow(long seq, long at, String node, AuditEntry entry, String previous, String hash) {
    static final String START = "0".repeat(64);
    static final String COLUMNS =
            "seq, at, node, who, action, subject, outcome, before_hash, after_hash, detail, previous, hash";

    static AuditRow next(long seq, long at, String node, AuditEntry entry, String previous) {
        return new AuditRow(seq, at, node, entry, previous, hash(seq, at, node, entry, previous));
    }

    static AuditRow of(ResultSet row) throws SQLException {
        return new AuditRow(
                row.getLong("seq"),
                row.getLong("at"),
                row.getString("node"),
                new AuditEntry(
                        row.getString("who"),
                        row.getString("action"),
                        row.getString("subject"),
                        row.getString("outcome"),
                        row.getString("before_hash"),
                        row.getString("after_hash"),
                        row.getString("detail")),
                row.getString("previous"),
                row.getString("hash"));
    }

    /** True when nothing of the row was changed since it was written. */
    boolean intact() {
        return hash(seq, at, node, entry, previous).equals(hash);
    }

    private static String hash(long seq, long at, String node, AuditEntry entry, String previous) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(seq);
            out.writeLong(at);
            for (String text : new String[] {
                node,
                entry.who(),
                entry.action(),
                entry.subject(),
                entry.outcome(),
                entry.before(),
                entry.after(),
                entry.detail(),
                previous
            }) {
                // With its length: where one text ends and the next begins makes a difference, and so does none.
                byte[] utf8 = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
                out.writeInt(text == null ? -1 : utf8.length);
                out.write(utf8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sha256(bytes.toByteArray());
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
