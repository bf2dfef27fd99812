package io.serai.door.signature;

import io.serai.door.ProviderSecrets;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Verifies the HMAC-SHA256 of a request as its vendor's {@link Scheme} says (O13). */
public final class BodySignature {
    /** How far a signed time may lie from now, both ways: what Slack, Stripe and Standard Webhooks say. */
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final String ALGORITHM = "HmacSHA256";
    private static final String STANDARD_SECRET = "whsec_";

    private BodySignature() {}

    /**
     * True when one of the configured secrets made one of the signatures. Compared in constant time, any bytes.
     *
     * @param header gives a header's only value by its lower-case name, or null
     */
    public static boolean matches(
            ProviderSecrets.Hmac hmac, UnaryOperator<String> header, byte[] body, Instant received) {
        Scheme scheme = hmac.scheme();
        String presented = header.apply(scheme.header());
        Optional<byte[]> signed = presented == null ? Optional.empty() : signed(scheme, header, body, received);
        if (signed.isEmpty()) {
            return false;
        }
        List<byte[]> given = given(scheme, presented);
        boolean matched = false;
        for (String secret : hmac.secret().split(",")) {
            Optional<byte[]> key = key(scheme, secret.trim());
            byte[] expected =
                    key.map(each -> written(scheme, hmac(each, signed.get()))).orElse(new byte[0]);
            for (byte[] each : given) {
                matched |= key.isPresent() && MessageDigest.isEqual(expected, each);
            }
        }
        return matched;
    }

    private static Optional<byte[]> signed(Scheme scheme, UnaryOperator<String> header, byte[] body, Instant received) {
        Optional<byte[]> content = scheme.compact() ? CompactJson.of(body) : Optional.of(body);
        String before = scheme.before();
        if (before.contains("{timestamp}")) {
            String timestamp = header.apply(scheme.timestamp());
            if (timestamp == null || !near(timestamp, received)) {
                return Optional.empty();
            }
            before = before.replace("{timestamp}", timestamp);
        }
        if (before.contains("{id}")) {
            String id = header.apply(scheme.id());
            if (id == null) {
                return Optional.empty();
            }
            before = before.replace("{id}", id);
        }
        byte[] beginning = before.getBytes(StandardCharsets.UTF_8);
        return content.map(bytes -> {
            ByteArrayOutputStream whole = new ByteArrayOutputStream(beginning.length + bytes.length);
            whole.writeBytes(beginning);
            whole.writeBytes(bytes);
            return whole.toByteArray();
        });
    }

    private static boolean near(String timestamp, Instant received) {
        try {
            Instant time = timestamp.matches("[0-9]{1,11}")
                    ? Instant.ofEpochSecond(Long.parseLong(timestamp))
                    : OffsetDateTime.parse(timestamp).toInstant();
            return Duration.between(time, received).abs().compareTo(TOLERANCE) <= 0;
        } catch (DateTimeException notTime) {
            return false;
        }
    }

    private static List<byte[]> given(Scheme scheme, String presented) {
        List<String> values =
                scheme.separator() == null ? List.of(presented) : List.of(presented.split(scheme.separator()));
        return values.stream()
                .map(String::trim)
                .filter(each -> each.startsWith(scheme.beginning()))
                .map(each -> each.substring(scheme.beginning().length()))
                .map(each -> scheme.base64() ? each : each.toLowerCase(Locale.ROOT))
                .map(each -> each.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static byte[] written(Scheme scheme, byte[] mac) {
        String text = scheme.base64()
                ? Base64.getEncoder().encodeToString(mac)
                : HexFormat.of().formatHex(mac);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Empty for a secret that cannot be one: nothing matches it. */
    private static Optional<byte[]> key(Scheme scheme, String secret) {
        try {
            byte[] key = scheme.secret().equals("base64")
                    ? Base64.getDecoder()
                            .decode(
                                    secret.startsWith(STANDARD_SECRET)
                                            ? secret.substring(STANDARD_SECRET.length())
                                            : secret)
                    : secret.getBytes(StandardCharsets.UTF_8);
            return key.length == 0 ? Optional.empty() : Optional.of(key);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static byte[] hmac(byte[] key, byte[] bytes) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
