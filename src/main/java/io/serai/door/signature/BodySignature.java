package io.serai.door.signature;

import io.serai.door.ProviderSecrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 over a body, written {@code sha256=<hex>} as GitHub and the Overwatch guide do (O13). */
public final class BodySignature {
    private static final String PREFIX = "sha256=";
    private static final String ALGORITHM = "HmacSHA256";

    private BodySignature() {}

    /** True when one of the configured secrets made the signature. Compared in constant time, any bytes. */
    public static boolean matches(ProviderSecrets.Hmac hmac, String presented, byte[] body) {
        Optional<byte[]> signed = hmac.compact() ? CompactJson.of(body) : Optional.of(body);
        if (signed.isEmpty() || !presented.startsWith(PREFIX)) {
            return false;
        }
        byte[] given =
                presented.substring(PREFIX.length()).toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        boolean matched = false;
        for (String secret : hmac.secret().split(",")) {
            String expected = HexFormat.of().formatHex(hmac(secret.trim(), signed.get()));
            matched |= MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given);
        }
        return matched;
    }

    private static byte[] hmac(String secret, byte[] bytes) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
