package io.serai.notify;

import io.serai.deliver.Credentials;
import io.serai.deliver.Delivery;
import io.serai.deliver.SendFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Headers;
import org.apache.camel.Variable;

/**
 * The bean {@code webhookSignature}: signs a request after Standard Webhooks 1.0, scheme {@code v1}: HMAC-SHA256 over
 * {@code id.timestamp.body}, in base64. The id is the delivery's idempotency key, so that a receiver may drop a repeat.
 */
public final class WebhookSignature {
    private static final String PREFIX = "whsec_";

    /** What {@code serai-http-sink} says when nothing is to be signed. */
    private static final String NONE = "none";

    private final Credentials credentials;
    private final Clock clock;

    public WebhookSignature(Credentials credentials, Clock clock) {
        this.credentials = credentials;
        this.clock = clock;
    }

    /**
     * Sets {@code webhook-id} and {@code webhook-timestamp}, and {@code webhook-signature} where the destination has that
     * setting.
     *
     * @param setting name of the destination's setting that holds the secret; {@code none} leaves the request as it is
     * @throws SendFailure when the secret is not base64
     */
    public void sign(
            @Variable("delivery") Delivery delivery,
            @ExchangeProperty("httpSign") String setting,
            @Body byte[] body,
            @Headers Map<String, Object> headers)
            throws SendFailure {
        if (setting.equals(NONE)) {
            return;
        }
        String id = delivery.idempotencyKey();
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", timestamp);
        String secret = credentials.of(delivery, setting);
        if (secret != null) {
            headers.put("webhook-signature", "v1," + signature(secret, id, timestamp, body));
        }
    }

    private static String signature(String secret, String id, String timestamp, byte[] body) throws SendFailure {
        try {
            byte[] key =
                    Base64.getDecoder().decode(secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            ByteArrayOutputStream signed = new ByteArrayOutputStream();
            signed.writeBytes((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            signed.writeBytes(body);
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.toByteArray()));
        } catch (IllegalArgumentException e) {
            throw new SendFailure("the secret of this destination is not base64: write whsec_ and the key in base64");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has HmacSHA256", e);
        }
    }
}
