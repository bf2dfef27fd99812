package io.serai.door.signature;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.auth0.jwt.interfaces.Verification;
import io.serai.door.Arrival;
import io.serai.door.ProviderSecrets;
import java.io.IOException;
import java.net.URI;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Verifies tokens that an identity service signed for a sender (RFC 7519, RFC 8725): those of Microsoft's Bot Framework
 * and of Entra, which Azure Event Grid and Azure Monitor send. RS256 only, whatever the token says of itself; the key is
 * one of the configured issuer's, and never one that the token brings or points to ({@code jwk}, {@code jku}, {@code x5u}).
 */
public final class BearerTokens {
    /** How far the clocks may differ, as Microsoft's own libraries have it. */
    private static final long SKEW_SECONDS = 300;

    private static final String ALGORITHM = "RS256";
    private static final String SCHEME = "bearer ";

    private final Reader reader;
    private final Clock clock;
    private final ConcurrentMap<URI, KeySet> keys = new ConcurrentHashMap<>();

    /** Reads what an address holds. */
    public interface Reader {
        /** @throws IOException when it does not answer 200 in time with a body of a sensible size */
        byte[] read(URI address) throws IOException;
    }

    public BearerTokens(Reader reader, Clock clock) {
        this.reader = reader;
        this.clock = clock;
    }

    /** True when the request carries one token, of the configured issuer for us, and it is valid now. */
    public boolean admits(ProviderSecrets.Bearer expected, Arrival arrival) {
        String authorization = arrival.header("authorization");
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        try {
            DecodedJWT token =
                    JWT.decode(authorization.substring(SCHEME.length()).trim());
            boolean endless = token.getExpiresAtAsInstant() == null;
            if (!ALGORITHM.equals(token.getAlgorithm()) || token.getKeyId() == null || endless) {
                return false;
            }
            Optional<RSAPublicKey> key = keys.computeIfAbsent(
                            expected.metadata(), address -> new KeySet(address, reader, clock))
                    .key(token.getKeyId());
            if (key.isEmpty()) {
                return false;
            }
            verifier(expected, key.get()).verify(token);
            return true;
        } catch (JWTVerificationException wrong) {
            return false;
        }
    }

    private JWTVerifier verifier(ProviderSecrets.Bearer expected, RSAPublicKey key) {
        Verification verification = JWT.require(Algorithm.RSA256(key, null))
                .withIssuer(expected.issuers().toArray(String[]::new))
                .withAnyOfAudience(expected.audiences().toArray(String[]::new))
                .acceptLeeway(SKEW_SECONDS);
        if (!expected.tenants().isEmpty()) {
            verification.withClaim("tid", (claim, token) -> expected.tenants().contains(claim.asString()));
        }
        return ((JWTVerifier.BaseVerification) verification).build(clock);
    }
}
