package io.serai.door.signature;

import java.util.Locale;

/**
 * How a vendor signs its requests: the block {@code signature} of a provider.yaml, HMAC-SHA256 in every case.
 *
 * @param header    name of the header with the signature, lower case
 * @param value     how a signature is written: {@code {hex}} or {@code {base64}} behind a fixed beginning
 * @param separator between several signatures in one header; null when there is only one
 * @param signed    what is signed: {@code {body}}, preceded by text, {@code {timestamp}} and {@code {id}}
 * @param timestamp name of the header with the time, in epoch seconds or RFC 3339; null when none is signed, and then the
 *     body alone is
 * @param id        name of the header with the delivery's id
 * @param secret    {@code text}, or {@code base64} as Standard Webhooks writes it, behind {@code whsec_}
 * @param compact   true to sign the compact re-serialised JSON instead of the raw bytes (O13, compatibility)
 */
public record Scheme(
        String header,
        String value,
        String separator,
        String signed,
        String timestamp,
        String id,
        String secret,
        boolean compact) {
    private static final String BODY = "{body}";

    public Scheme {
        header = header == null ? "x-signature" : header.toLowerCase(Locale.ROOT);
        value = value == null ? "sha256={hex}" : value;
        signed = signed == null ? BODY : signed;
        timestamp = timestamp == null ? null : timestamp.toLowerCase(Locale.ROOT);
        id = id == null ? null : id.toLowerCase(Locale.ROOT);
        secret = secret == null ? "text" : secret;
    }

    /** {@code sha256=<hex>} over the body, as GitHub and the Overwatch guide do (O13). */
    public static Scheme plain() {
        return new Scheme(null, null, null, null, null, null, null, false);
    }

    /** The same with what an operator can set: another header, another header with the time, the compact form. */
    public Scheme with(String otherHeader, String otherTimestamp, boolean compactJson) {
        return new Scheme(
                otherHeader == null ? header : otherHeader,
                value,
                separator,
                signed,
                otherTimestamp == null ? timestamp : otherTimestamp,
                id,
                secret,
                compactJson);
    }

    boolean base64() {
        return value.endsWith("{base64}");
    }

    /** The fixed beginning of a signature: {@code sha256=}, {@code v1=}, or nothing. */
    String beginning() {
        return value.substring(0, value.indexOf('{'));
    }

    /** What stands before the body in what is signed; nothing when no time is configured. */
    String before() {
        boolean timeless = signed.contains("{timestamp}") && timestamp == null;
        return timeless ? "" : signed.substring(0, signed.length() - BODY.length());
    }
}
