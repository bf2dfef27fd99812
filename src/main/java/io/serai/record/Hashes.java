package io.serai.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** SHA-256, cut to what a column holds. */
final class Hashes {
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Hashes::sha256);

    private Hashes() {}

    /** The first 16 bytes over all parts; where one part ends and the next begins makes a difference. */
    static byte[] key(String... parts) {
        return Arrays.copyOf(digest(parts), 16);
    }

    /** As {@link #key}, in 32 lower-case hex digits. */
    static String text(String... parts) {
        return HexFormat.of().formatHex(digest(parts), 0, 16);
    }

    /** The first 8 bytes as a number. */
    static long number(String text) {
        return ByteBuffer.wrap(SHA_256.get().digest(text.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    private static byte[] digest(String... parts) {
        MessageDigest digest = SHA_256.get();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(4).putInt(0, bytes.length));
            digest.update(bytes);
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
