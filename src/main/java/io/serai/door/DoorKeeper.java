package io.serai.door;

import io.serai.door.signature.BearerTokens;
import io.serai.door.signature.BodySignature;
import io.serai.door.signature.MetadataReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * Lets a request in or not. Signatures are verified over the raw bytes; a provider with a configured secret is let in by
 * its signature only, so leaving the header out bypasses nothing (O13). Everything else needs a key. Wrong credentials are
 * counted for each address.
 */
public final class DoorKeeper implements Authenticator {
    private static final Principal ANYONE = new Principal("anyone", Set.of());
    private static final String KEY_USER = "api_key";

    private final KeyVerifier keys;
    private final ProviderSecrets secrets;
    private final Guesses guesses;
    private final BearerTokens tokens = new BearerTokens(new MetadataReader(), Clock.systemUTC());

    /** @param guesses wrong credentials that one address may try in a minute */
    public DoorKeeper(KeyVerifier keys, ProviderSecrets secrets, int guesses) {
        this.keys = keys;
        this.secrets = secrets;
        this.guesses = new Guesses(guesses);
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
            String proof = provider + "/" + instance;
            guesses.check(arrival.remote(), proof);
            return proved(BodySignature.matches(hmac.get(), arrival), arrival, "signature:" + provider, proof);
        }
        Optional<ProviderSecrets.Bearer> bearer = secrets.bearer(provider, instance);
        if (bearer.isPresent()) {
            String proof = provider + "/" + instance;
            guesses.check(arrival.remote(), proof);
            return proved(tokens.admits(bearer.get(), arrival), arrival, "token:" + provider, proof);
        }
        Optional<ProviderSecrets.Basic> basic = secrets.basic(provider, instance);
        String[] login = basic.isPresent() ? basicLogin(arrival) : null;
        if (login != null && arrival.header("x-api-key") == null && mayBe(basic.get(), login)) {
            String proof = arrival.header("authorization");
            guesses.check(arrival.remote(), proof);
            return proved(matches(basic.get(), login), arrival, "basic:" + provider, proof);
        }
        String inQuery = secrets.keyInQuery(provider) ? arrival.parameter(KEY_USER) : null;
        Principal principal = inQuery == null
                ? keyHolder(arrival).orElseThrow(DoorKeeper::unknown)
                // Addresses are written down on their way: a key that may do more is not taken from one.
                : holder(arrival, inQuery).filter(Principal::onlyIngests).orElseThrow(DoorKeeper::unknown);
        if (!principal.allows("ingest:" + provider)) {
            throw new Refusal(ErrorCode.PERMISSION_DENIED, "This key may not send for " + provider + ".");
        }
        return principal;
    }

    /** A login as api_key is a Serai key, unless that is what the provider's own user is called. */
    private static boolean mayBe(ProviderSecrets.Basic expected, String[] login) {
        return !login[0].equals(KEY_USER) || expected.username().equals(KEY_USER);
    }

    private Principal proved(boolean right, Arrival arrival, String id, String proof) {
        if (!right) {
            guesses.wrong(arrival.remote());
            throw unknown();
        }
        guesses.right(arrival.remote(), proof);
        return new Principal(id, Set.of("ingest:" + id.substring(id.indexOf(':') + 1)));
    }

    private Optional<Principal> keyHolder(Arrival arrival) {
        String key = arrival.header("x-api-key");
        if (key == null) {
            String authorization = arrival.header("authorization");
            if (authorization != null && authorization.regionMatches(true, 0, "bearer ", 0, 7)) {
                key = authorization.substring(7).trim();
            } else {
                String[] login = basicLogin(arrival);
                key = login != null && login[0].equals(KEY_USER) ? login[1] : null;
            }
        }
        return key == null ? Optional.empty() : holder(arrival, key);
    }

    /** A key that is in memory costs no look elsewhere, and is right whatever else comes from its address. */
    private Optional<Principal> holder(Arrival arrival, String key) {
        Optional<Principal> known = keys.remembered(key);
        if (known.isPresent()) {
            return known;
        }
        guesses.check(arrival.remote());
        Optional<Principal> found = keys.verify(key);
        if (found.isEmpty()) {
            guesses.wrong(arrival.remote());
        }
        return found;
    }

    private static boolean matches(ProviderSecrets.Basic expected, String[] login) {
        return same(expected.username(), login[0]) & same(expected.password(), login[1]);
    }

    /** User and password of basic authorisation; null when there is none. */
    private static String[] basicLogin(Arrival arrival) {
        String authorization = arrival.header("authorization");
        return authorization != null && authorization.regionMatches(true, 0, "basic ", 0, 6)
                ? pair(authorization.substring(6).trim())
                : null;
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
