package io.serai.aws;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Message;

/**
 * Signs a POST to the root path of an AWS service with Signature Version 4, after AWS's guide "Signing AWS API requests",
 * checked against its published test vectors. Own code: it is two digests and five HMACs, and the SDK that has it brings
 * an HTTP client of its own.
 */
public final class RequestSignature {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Clock clock;
    private String endpoint;
    private String region;
    private String service = "monitoring";
    private String accessKey;
    private String secretKey;

    public RequestSignature() {
        this(Clock.systemUTC());
    }

    RequestSignature(Clock clock) {
        this.clock = clock;
    }

    /** The address that the request goes to. */
    public void setEndpoint(String endpoint) {
        this.endpoint = endpoint;
    }

    public void setRegion(String region) {
        this.region = region;
    }

    public void setService(String service) {
        this.service = service;
    }

    public void setAccessKey(String accessKey) {
        this.accessKey = accessKey;
    }

    public void setSecretKey(String secretKey) {
        this.secretKey = secretKey;
    }

    /** Adds the date and the authorisation to the message's headers, all of which are signed with its body. */
    public void sign(Message message) {
        byte[] body = message.getBody(byte[].class);
        URI uri = URI.create(endpoint);
        message.setHeader("X-Amz-Date", TIME.format(clock.instant()));
        SortedMap<String, String> signed = new TreeMap<>();
        message.getHeaders().forEach((name, value) -> {
            if (!name.startsWith("Camel")) {
                signed.put(name.toLowerCase(Locale.ROOT), String.valueOf(value).strip());
            }
        });
        signed.put("host", uri.getRawAuthority());
        message.setHeader("Authorization", authorization("POST", signed, body == null ? new byte[0] : body));
        message.setBody(body);
    }

    /** @param headers that are signed, by lower-case name, {@code host} and {@code x-amz-date} among them */
    String authorization(String method, SortedMap<String, String> headers, byte[] body) {
        String names = String.join(";", headers.keySet());
        String canonical = method + "\n/\n\n"
                + headers.entrySet().stream()
                        .map((Map.Entry<String, String> header) -> header.getKey() + ":" + header.getValue() + "\n")
                        .collect(Collectors.joining())
                + "\n" + names + "\n" + hex(sha256(body));
        String time = headers.get("x-amz-date");
        String day = time.substring(0, 8);
        String scope = String.join("/", day, region, service, "aws4_request");
        String text =
                String.join("\n", ALGORITHM, time, scope, hex(sha256(canonical.getBytes(StandardCharsets.UTF_8))));
        byte[] key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {day, region, service, "aws4_request"}) {
            key = hmac(key, part);
        }
        return ALGORITHM + " Credential=" + accessKey + "/" + scope + ", SignedHeaders=" + names + ", Signature="
                + hex(hmac(key, text));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
