package io.serai.door;

import io.serai.door.signature.BodySignature;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Lets a request in or not. Signatures are verified over the raw bytes; a provider with a configured secret is let in by
 * its signature only, so leaving the header out bypasses nothing (O13). Everything else needs a key.
 */
public final class DoorKeeper implements Authenticator {
    private static final Principal ANYONE = new Principal("anyone", Set.of());
    private static final String KEY_USER = "api_key";

    private final KeyVerifier keys;
    private final ProviderSecrets secrets;

    public DoorKeeper(KeyVerifier keys, ProviderSecrets secrets) {
        this.keys = keys;
        this.secrets = secrets;
    }

    @Override
    public Principal authenticate(Arrival arrival, Access access) {
        if (access instanceof Access.Open) {
            return ANYONE;
        }
        if (access instanceof Access.Ingest ingest) {
            return sender(arrival, ingest.provider());
        }
        Principal principal = keyHolder(arrival).orElseThrow(DoorKeeper::unknown);
        boolean allowed = access instanceof Access.Scope scope ? principal.allows(scope.name()) : principal.mayIngest();
        if (!allowed) {
            throw new Refusal(ErrorCode.PERMISSION_DENIED, "This key lacks the scope that this path needs.");
        }
        return principal;
    }

    private Principal sender(Arrival arrival, String provider) {
        String instance = Optional.ofNullable(arrival.parameter("provider_id")).orElse("default");
        Optional<ProviderSecrets.Hmac> hmac = secrets.hmac(provider, instance);
        if (hmac.isPresent()) {
            if (!BodySignature.matches(hmac.get(), arrival)) {
                throw unknown();
            }
            return new Principal("signature:" + provider, Set.of("ingest:" + provider));
        }
        Optional<ProviderSecrets.Basic> basic = secrets.basic(provider, instance);
        if (basic.isPresent() && matches(basic.get(), arrival)) {
            return new Principal("basic:" + provider, Set.of("ingest:" + provider));
        }
        Principal principal = keyHolder(arrival).orElseThrow(DoorKeeper::unknown);
        if (!principal.allows("ingest:" + provider)) {
            throw new Refusal(ErrorCode.PERMISSION_DENIED, "This key may not send for " + provider + ".");
        }
        return principal;
    }

    private Optional<Principal> keyHolder(Arrival arrival) {
        String key = arrival.header("x-api-key");
        String authorization = arrival.header("authorization");
        if (key == null && authorization != null) {
            String scheme = authorization.split(" ", 2)[0].toLowerCase(Locale.ROOT);
            String value = authorization.substring(scheme.length()).trim();
            if (scheme.equals("bearer")) {
                key = value;
            } else if (scheme.equals("basic")) {
                String[] pair = pair(value);
                key = pair != null && pair[0].equals(KEY_USER) ? pair[1] : null;
            }
        }
        return key == null ? Optional.empty() : keys.verify(key);
    }

    private static boolean matches(ProviderSecrets.Basic expected, Arrival arrival) {
        String authorization = arrival.header("authorization");
        if (authorization == null || !authorization.regionMatches(true, 0, "basic ", 0, 6)) {
            return false;
        }
        String[] pair = pair(authorization.substring(6).trim());
        if (pair == null) {
            return false;
        }
        return same(expected.username(), pair[0]) & same(expected.password(), pair[1]);
    }

    private static String[] pair(String base64) {
        try {
            String[] pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8).split(":", 2);
            return pair.length == 2 ? pair : null;
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    private static boolean same(String expected, String presented) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), presented.getBytes(StandardCharsets.UTF_8));
    }

    private static Refusal unknown() {
        return new Refusal(ErrorCode.AUTHENTICATION_FAILED, "The credential is missing or not valid.");
    }
}
