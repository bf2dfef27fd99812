package io.serai.door.signature;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * How a vendor signs its requests: the block {@code signature} of a provider.yaml.
 *
 * @param header    name of the header with the signature, lower case
 * @param value     how a signature is written: {@code {hex}} or {@code {base64}} behind a fixed beginning
 * @param separator between several signatures in one header; null when there is only one
 * @param signed    what is signed: {@code {body}}, preceded by text, {@code {timestamp}} and {@code {id}}; or
 *     {@code {url}{form}}, the configured address and the form's fields, sorted, names and values without separators
 * @param timestamp name of the header with the time, in epoch seconds or RFC 3339; {@code t=} for a part of the
 *     signature's own header; null when none is signed, and then the body alone is
 * @param id        name of the header with the delivery's id
 * @param secret    {@code text}, or {@code base64} as Standard Webhooks writes it, behind {@code whsec_}
 * @param algorithm {@code sha256}, or {@code sha1} for the one vendor that still signs so
 * @param bodyHash  query parameter with the SHA-256 of a body that is no form, where the address is signed; null if none
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
        String algorithm,
        @JsonProperty("body_hash") String bodyHash,
        boolean compact) {
    private static final String FORM = "{url}{form}";
    private static final String BODY = "{body}";

    public Scheme {
        header = header == null ? "x-signature" : header.toLowerCase(Locale.ROOT);
        value = value == null ? "sha256={hex}" : value;
        signed = signed == null ? BODY : signed;
        timestamp = timestamp == null ? null : timestamp.toLowerCase(Locale.ROOT);
        id = id == null ? null : id.toLowerCase(Locale.ROOT);
        secret = secret == null ? "text" : secret;
        algorithm = algorithm == null ? "sha256" : algorithm;
    }

    /** {@code sha256=<hex>} over the body, as GitHub and the Overwatch guide do (O13). */
    public static Scheme plain() {
        return new Scheme(null, null, null, null, null, null, null, null, null, false);
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
                algorithm,
                bodyHash,
                compactJson);
    }

    /** True when the address is signed with the form's fields, not the bytes. */
    boolean signsForm() {
        return signed.equals(FORM);
    }

    /** True when the time stands in the signature's own header. */
    boolean timeWithin() {
        return timestamp != null && timestamp.endsWith("=");
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
