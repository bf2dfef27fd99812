package io.serai.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The signature inside an SNS message, after AWS's guide "Verifying the signatures of Amazon SNS messages": RSA over the
 * signed fields, each as its name and its value on lines of their own. Version 1 is SHA-1, version 2 SHA-256.
 */
final class SnsSignature {
    private static final List<String> NOTIFICATION =
            List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");
    private static final List<String> CONFIRMATION =
            List.of("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");
    private static final Map<String, String> ALGORITHMS = Map.of("1", "SHA1withRSA", "2", "SHA256withRSA");

    private SnsSignature() {}

    /** True when the certificate's key made it. A message without one of the signed fields was not made by SNS. */
    static boolean matches(JsonNode message, X509Certificate certificate) {
        String algorithm = ALGORITHMS.get(message.path("SignatureVersion").asText());
        String signed = signed(message);
        if (algorithm == null || signed == null) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initVerify(certificate);
            signature.update(signed.getBytes(StandardCharsets.UTF_8));
            return signature.verify(
                    Base64.getDecoder().decode(message.path("Signature").asText()));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Only the subject may be absent; null when anything else is. */
    private static String signed(JsonNode message) {
        boolean notification = message.path("Type").asText().equals("Notification");
        StringBuilder text = new StringBuilder();
        for (String field : notification ? NOTIFICATION : CONFIRMATION) {
            JsonNode value = message.path(field);
            if (value.isTextual()) {
                text.append(field).append('\n').append(value.textValue()).append('\n');
            } else if (!field.equals("Subject")) {
                return null;
            }
        }
        return text.toString();
    }
}
