package io.serai.aws;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.concurrent.Semaphore;

/**
 * SNS's certificates by their address, kept for a day. At most two are read at a time and one that cannot be read is left
 * alone for a minute: a sender who names ever new addresses keeps nobody else waiting.
 */
final class SigningCertificates {
    private static final Duration KEPT = Duration.ofDays(1);
    private static final Duration LEFT_ALONE = Duration.ofMinutes(1);

    private final SnsMessages.Reader reader;
    private final Clock clock;
    private final Semaphore reading = new Semaphore(2);
    private final Cache<URI, X509Certificate> known =
            Caffeine.newBuilder().maximumSize(64).expireAfterWrite(KEPT).build();
    private final Cache<URI, Boolean> unreadable =
            Caffeine.newBuilder().maximumSize(256).expireAfterWrite(LEFT_ALONE).build();

    SigningCertificates(SnsMessages.Reader reader, Clock clock) {
        this.reader = reader;
        this.clock = clock;
    }

    /**
     * @param address of AWS, as {@link SnsAddress#certificate} has checked it
     * @throws IOException when it cannot be read now, or is no certificate that is valid today
     */
    X509Certificate at(URI address) throws IOException {
        X509Certificate certificate = known.getIfPresent(address);
        if (certificate == null) {
            certificate = read(address);
            known.put(address, certificate);
        }
        try {
            certificate.checkValidity(Date.from(clock.instant()));
        } catch (CertificateException e) {
            throw new IOException("the certificate is not valid today");
        }
        return certificate;
    }

    private X509Certificate read(URI address) throws IOException {
        if (unreadable.getIfPresent(address) != null || !reading.tryAcquire()) {
            throw new IOException("the certificate cannot be read now");
        }
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(reader.read(address)));
        } catch (IOException | CertificateException e) {
            unreadable.put(address, true);
            throw new IOException("the certificate cannot be read");
        } finally {
            reading.release();
        }
    }
}
