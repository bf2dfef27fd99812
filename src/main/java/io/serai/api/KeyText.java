package io.serai.api;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The text of a key: {@code serai_<id>_<secret>_<checksum>}. The id finds the row, the secret is 32 random bytes in base 62,
 * the checksum (CRC-32 of what is before it, in base 62) lets scanners for leaked secrets recognise one.
 */
record KeyText(String id, String text) {
    private static final Pattern FORM = Pattern.compile("(serai_([0-9a-z]{10})_[0-9A-Za-z]{43})_([0-9A-Za-z]{6})");
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());
    private static final String ID_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int ID_START = "serai_".length();
    private static final int ID_END = ID_START + 10;
    private static final SecureRandom RANDOM = new SecureRandom();

    static KeyText generate() {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            id.append(ID_DIGITS.charAt(RANDOM.nextInt(ID_DIGITS.length())));
        }
        byte[] secret = new byte[32];
        RANDOM.nextBytes(secret);
        return of(id.toString(), base62(new BigInteger(1, secret), 43));
    }

    static KeyText of(String id, String secret) {
        String body = "serai_" + id + "_" + secret;
        return new KeyText(id, body + "_" + checksum(body));
    }

    /** Empty for what cannot be a key. */
    static Optional<KeyText> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches() && checksum(form.group(1)).equals(form.group(3))
                ? Optional.of(new KeyText(form.group(2), text))
                : Optional.empty();
    }

    /** The id that a presented text has where a key has it; empty for what is too short. For the way of every request. */
    static String id(String presented) {
        return presented.length() < ID_END ? "" : presented.substring(ID_START, ID_END);
    }

    byte[] hash() {
        return hash(text);
    }

    static byte[] hash(String presented) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(presented.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String checksum(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return base62(BigInteger.valueOf(crc.getValue()), 6);
    }

    private static String base62(BigInteger number, int length) {
        StringBuilder digits = new StringBuilder(length);
        BigInteger rest = number;
        for (int i = 0; i < length; i++) {
            BigInteger[] step = rest.divideAndRemainder(BASE);
            digits.append(DIGITS.charAt(step[1].intValue()));
            rest = step[0];
        }
        return digits.reverse().toString();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "key " + id;
    }
}
