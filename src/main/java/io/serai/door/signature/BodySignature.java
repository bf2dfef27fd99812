package io.serai.door.signature;

import io.serai.door.Arrival;
import io.serai.door.ProviderSecrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Verifies the HMAC of a request as its vendor's {@link Scheme} says (O13). */
public final class BodySignature {
    /** How far a signed time may lie from now, both ways: what Slack, Stripe and Standard Webhooks say. */
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final int SECONDS_DIGITS = 11;
    private static final String STANDARD_SECRET = "whsec_";

    private BodySignature() {}

    /** True when one of the configured secrets made one of the signatures. Compared in constant time, any bytes. */
    public static boolean matches(ProviderSecrets.Hmac hmac, Arrival arrival) {
        Scheme scheme = hmac.scheme();
        String presented = arrival.header(scheme.header());
        Optional<byte[]> signed = presented == null ? Optional.empty() : signed(hmac, presented, arrival);
        if (signed.isEmpty()) {
            return false;
        }
        List<byte[]> given = given(scheme, presented);
        boolean matched = false;
        for (String secret : hmac.secret().split(",")) {
            Optional<byte[]> key = key(scheme, secret.trim());
            byte[] expected = key.map(each -> written(scheme, hmac(scheme, each, signed.get())))
                    .orElse(new byte[0]);
            for (byte[] each : given) {
                matched |= key.isPresent() && MessageDigest.isEqual(expected, each);
            }
        }
        return matched;
    }

    private static Optional<byte[]> signed(ProviderSecrets.Hmac hmac, String presented, Arrival arrival) {
        Scheme scheme = hmac.scheme();
        if (scheme.signsForm()) {
            return SignedForm.of(scheme, hmac.url(), arrival);
        }
        Optional<byte[]> content = scheme.compact() ? CompactJson.of(arrival.body()) : Optional.of(arrival.body());
        String before = scheme.before();
        if (before.contains("{timestamp}")) {
            String timestamp = scheme.timeWithin() ? within(scheme, presented) : arrival.header(scheme.timestamp());
            if (timestamp == null || !near(timestamp, arrival.receivedAt())) {
                return Optional.empty();
            }
            before = before.replace("{timestamp}", timestamp);
        }
        if (before.contains("{id}")) {
            String id = arrival.header(scheme.id());
            if (id == null) {
                return Optional.empty();
            }
            before = before.replace("{id}", id);
        }
        byte[] beginning = before.getBytes(StandardCharsets.UTF_8);
        return content.map(bytes -> {
            byte[] whole = Arrays.copyOf(beginning, beginning.length + bytes.length);
            System.arraycopy(bytes, 0, whole, beginning.length, bytes.length);
            return whole;
        });
    }

    /** The time between the signatures, as Stripe writes it; null when it is not there or there twice. */
    private static String within(Scheme scheme, String presented) {
        List<String> times = parts(scheme, presented)
                .filter(each -> each.startsWith(scheme.timestamp()))
                .map(each -> each.substring(scheme.timestamp().length()))
                .toList();
        return times.size() == 1 ? times.get(0) : null;
    }

    private static Stream<String> parts(Scheme scheme, String presented) {
        return (scheme.separator() == null ? Stream.of(presented) : Arrays.stream(presented.split(scheme.separator())))
                .map(String::trim);
    }

    private static boolean near(String timestamp, Instant received) {
        try {
            Instant time = seconds(timestamp)
                    ? Instant.ofEpochSecond(Long.parseLong(timestamp))
                    : OffsetDateTime.parse(timestamp).toInstant();
            return Duration.between(time, received).abs().compareTo(TOLERANCE) <= 0;
        } catch (DateTimeException notTime) {
            return false;
        }
    }

    private static boolean seconds(String timestamp) {
        return !timestamp.isEmpty()
                && timestamp.length() <= SECONDS_DIGITS
                && timestamp.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static List<byte[]> given(Scheme scheme, String presented) {
        return parts(scheme, presented)
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

    private static byte[] hmac(Scheme scheme, byte[] key, byte[] bytes) {
        String algorithm = scheme.algorithm().equals("sha1") ? "HmacSHA1" : "HmacSHA256";
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
