package io.serai.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** Somebody with a certificate, who signs as SNS does: the text to sign is written out here a second time. */
final class Signer {
    private static final String SECRET = "changeit";
    private final PrivateKey key;
    private final X509Certificate certificate;

    Signer(Path folder) throws Exception {
        Path store = folder.resolve("signer.p12");
        Process made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "sns",
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-dname",
                        "CN=sns.example.org",
                        "-startdate",
                        "2031/01/01 00:00:00",
                        "-validity",
                        "365",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        SECRET)
                .redirectErrorStream(true)
                .start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (made.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, SECRET.toCharArray());
        }
        key = (PrivateKey) keys.getKey("sns", SECRET.toCharArray());
        certificate = (X509Certificate) keys.getCertificate("sns");
    }

    byte[] pem() throws Exception {
        return ("-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                                .encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** A message with the fields of the envelope, signed. */
    ObjectNode sign(ObjectNode message, String version) throws Exception {
        String middle = message.has("Token")
                ? "SubscribeURL\n" + message.get("SubscribeURL").asText() + "\nTimestamp\n"
                        + message.get("Timestamp").asText() + "\nToken\n"
                        + message.get("Token").asText() + "\n"
                : (message.has("Subject") ? "Subject\n" + message.get("Subject").asText() + "\n" : "") + "Timestamp\n"
                        + message.get("Timestamp").asText() + "\n";
        String text = "Message\n" + message.get("Message").asText() + "\nMessageId\n"
                + message.get("MessageId").asText() + "\n" + middle + "TopicArn\n"
                + message.get("TopicArn").asText() + "\nType\n"
                + message.get("Type").asText() + "\n";
        Signature signature = Signature.getInstance(version.equals("1") ? "SHA1withRSA" : "SHA256withRSA");
        signature.initSign(key);
        signature.update(text.getBytes(StandardCharsets.UTF_8));
        return message.put("SignatureVersion", version)
                .put("Signature", Base64.getEncoder().encodeToString(signature.sign()));
    }

    static ObjectNode notification(String topic) {
        return StrictJson.mapper()
                .createObjectNode()
                .put("Type", "Notification")
                .put("MessageId", "m-1")
                .put("TopicArn", topic)
                .put("Subject", "ALARM: \"caf\u00e9\"")
                .put("Message", "{\"AlarmName\":\"caf\u00e9\",\"NewStateValue\":\"ALARM\"}")
                .put("Timestamp", "2031-03-17T08:29:00.000Z")
                .put("SigningCertURL", "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0abc.pem");
    }

    static ObjectNode confirmation(String topic) {
        return StrictJson.mapper()
                .createObjectNode()
                .put("Type", "SubscriptionConfirmation")
                .put("MessageId", "m-2")
                .put("Token", "t0ken")
                .put("TopicArn", topic)
                .put("Message", "You have chosen to subscribe.")
                .put(
                        "SubscribeURL",
                        "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=" + topic
                                + "&Token=t0ken")
                .put("Timestamp", "2031-03-17T08:29:00.000Z")
                .put("SigningCertURL", "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0abc.pem");
    }
}
