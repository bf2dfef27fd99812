package io.serai.door.signature;

import io.serai.door.Arrival;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a vendor signs that signs the address it was given and the form's fields (Twilio, "Secure your webhooks"). A body
 * that is no form counts by its hash, which is then a parameter of the signed address.
 */
final class SignedForm {
    private SignedForm() {}

    /** Empty when nothing that this request holds can have been signed. */
    static Optional<byte[]> of(Scheme scheme, String url, Arrival arrival) {
        if (url == null) {
            return Optional.empty();
        }
        String hash = scheme.bodyHash() == null ? null : arrival.parameter(scheme.bodyHash());
        if (hash != null) {
            boolean same = MessageDigest.isEqual(hash(arrival.body()), hash.getBytes(StandardCharsets.UTF_8));
            String signed = url + (url.indexOf('?') < 0 ? '?' : '&') + scheme.bodyHash() + '=' + hash;
            return same ? Optional.of(signed.getBytes(StandardCharsets.UTF_8)) : Optional.empty();
        }
        try {
            return Optional.of((url + fields(arrival.body())).getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notForm) {
            return Optional.empty();
        }
    }

    private static String fields(byte[] body) {
        Map<String, TreeSet<String>> fields = new TreeMap<>();
        for (String field : new String(body, StandardCharsets.UTF_8).split("&")) {
            List<String> pair = List.of(field.split("=", 2));
            fields.computeIfAbsent(decoded(pair.get(0)), first -> new TreeSet<>())
                    .add(pair.size() == 1 ? "" : decoded(pair.get(1)));
        }
        StringBuilder text = new StringBuilder();
        fields.forEach(
                (name, values) -> values.forEach(value -> text.append(name).append(value)));
        return text.toString();
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static byte[] hash(byte[] body) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(body))
                    .getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
