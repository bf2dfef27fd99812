package io.serai.poll;

import io.serai.config.ConfigurationError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManagerFactory;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;

/** Trusts the certificates of one PEM file and no others: the answer to "do not verify" (D24). */
public final class Authorities {
    private Authorities() {}

    /** @throws ConfigurationError when the file holds no certificate */
    public static SSLContextParameters of(String key, String file) {
        try (InputStream pem = Files.newInputStream(Path.of(file))) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca-" + number++, each);
            }
            if (number > 0) {
                return trusting(store);
            }
        } catch (IOException | GeneralSecurityException e) {
            // refused below: the remedy is the same
        }
        throw new ConfigurationError(
                key, "holds no certificate", "Give a PEM file with the certificates of your authority");
    }

    private static SSLContextParameters trusting(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        TrustManagersParameters trust = new TrustManagersParameters();
        trust.setTrustManager(factory.getTrustManagers()[0]);
        SSLContextParameters parameters = new SSLContextParameters();
        parameters.setTrustManagers(trust);
        return parameters;
    }
}
