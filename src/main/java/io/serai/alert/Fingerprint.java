package io.serai.alert;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * What identifies an alert: the first 16 bytes of a SHA-256 over provider, instance and the provider's key fields,
 * without status (DESIGN 1). Written as 32 lower-case hex digits.
 */
public final class Fingerprint implements Comparable<Fingerprint> {
    private static final int LENGTH = 16;

    private final byte[] bytes;

    private Fingerprint(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException unless there are at least 16 bytes; more are cut off */
    public static Fingerprint of(byte[] digest) {
        if (digest.length < LENGTH) {
            throw new IllegalArgumentException("a fingerprint has 16 bytes, not " + digest.length);
        }
        return new Fingerprint(Arrays.copyOf(digest, LENGTH));
    }

    /** @throws IllegalArgumentException unless it is 32 hex digits */
    public static Fingerprint parse(String hex) {
        if (hex.length() != 2 * LENGTH) {
            throw new IllegalArgumentException("a fingerprint has 32 hex digits");
        }
        return new Fingerprint(HexFormat.of().parseHex(hex));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public int compareTo(Fingerprint other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fingerprint that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
