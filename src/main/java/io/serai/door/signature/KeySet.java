package io.serai.door.signature;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.json.StrictJson;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of one issuer (RFC 7517), found by its OpenID metadata. They are read again after a day, and sooner for
 * a key that is not known, but at most once a minute and by one thread: a storm of invented key ids makes no storm of
 * requests. While the issuer does not answer, the keys that are known go on.
 */
final class KeySet {
    private static final Logger LOG = LoggerFactory.getLogger(KeySet.class);
    private static final Duration KEPT = Duration.ofDays(1);
    private static final Duration LEFT_ALONE = Duration.ofMinutes(1);
    private static final int MIN_BITS = 2048;

    private final URI metadata;
    private final BearerTokens.Reader reader;
    private final Clock clock;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Map<String, RSAPublicKey> keys = Map.of();
    private volatile Instant read = Instant.MIN;
    private volatile Instant tried = Instant.MIN;

    KeySet(URI metadata, BearerTokens.Reader reader, Clock clock) {
        this.metadata = metadata;
        this.reader = reader;
        this.clock = clock;
    }

    /** Empty for a key that the issuer does not have, or could not be asked for now. */
    Optional<RSAPublicKey> key(String id) {
        Instant now = clock.instant();
        RSAPublicKey known = keys.get(id);
        boolean due = known == null || now.isAfter(end(read, KEPT));
        if (due && (keys.isEmpty() || now.isAfter(end(tried, LEFT_ALONE)))) {
            ask(now);
            known = keys.get(id);
        }
        return Optional.ofNullable(known);
    }

    private static Instant end(Instant begin, Duration duration) {
        return begin.equals(Instant.MIN) ? begin : begin.plus(duration);
    }

    /** Nobody waits for another's reading, but for the very first one: until then no token can be right. */
    private void ask(Instant now) {
        boolean mine = reading.tryLock();
        if (!mine && keys.isEmpty()) {
            reading.lock();
            mine = true;
        }
        if (!mine) {
            return;
        }
        try {
            if (now.isAfter(end(tried, LEFT_ALONE))) {
                tried = now;
                keys = published();
                read = now;
            }
        } catch (IOException | IllegalArgumentException | GeneralSecurityException e) {
            LOG.warn(
                    "the keys of {} cannot be read: {}",
                    metadata.getHost(),
                    e.getClass().getSimpleName());
        } finally {
            reading.unlock();
        }
    }

    private Map<String, RSAPublicKey> published() throws IOException, GeneralSecurityException {
        URI address = URI.create(
                StrictJson.read(reader.read(metadata)).path("jwks_uri").asText());
        if (!metadata.getScheme().equals(address.getScheme())) {
            throw new IOException("the keys lie elsewhere than under " + metadata.getScheme());
        }
        Map<String, RSAPublicKey> published = new HashMap<>();
        for (JsonNode each : StrictJson.read(reader.read(address)).path("keys")) {
            boolean signs = each.path("use").asText("sig").equals("sig");
            if (each.path("kty").asText().equals("RSA") && signs && each.hasNonNull("kid")) {
                RSAPublicKey key = (RSAPublicKey) KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(number(each, "n"), number(each, "e")));
                if (key.getModulus().bitLength() >= MIN_BITS) {
                    published.put(each.path("kid").asText(), key);
                }
            }
        }
        if (published.isEmpty()) {
            throw new IOException("no key is published");
        }
        return Map.copyOf(published);
    }

    private static BigInteger number(JsonNode key, String name) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(name).asText()));
    }
}
