package io.serai.door;

import io.serai.door.signature.Scheme;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What an operator configured to authenticate the senders of a provider's instance. No method has a default: whoever hands
 * these on and forgets one would let senders in without it.
 */
public interface ProviderSecrets {

    /**
     * @param secret of the HMAC; several at once, separated by commas, while one is being replaced
     * @param scheme how the vendor signs
     * @param url    the address that was given to the vendor, for one that signs it; else null. Never taken from the
     *     request: its Host and X-Forwarded-* are the sender's own words
     */
    record Hmac(String secret, Scheme scheme, String url) {
        public Hmac(String secret, Scheme scheme) {
            this(secret, scheme, null);
        }
    }

    /**
     * @param metadata  address of the issuer's OpenID metadata, which names its keys
     * @param issuers   any of them may stand as {@code iss}
     * @param audiences who we are to the issuer: any of them must stand among {@code aud}
     * @param tenants   any of them must stand as {@code tid}; empty for a service without tenants
     */
    record Bearer(URI metadata, List<String> issuers, List<String> audiences, List<String> tenants) {}

    /** @param password compared in constant time */
    record Basic(String username, String password) {}

    Optional<Hmac> hmac(String provider, String instance);

    Optional<Basic> basic(String provider, String instance);

    /** What a token must say; when it is present, nothing but such a token lets a sender in. */
    Optional<Bearer> bearer(String provider, String instance);

    /** True when its vendor can send a key in the address only, and the folder says so. */
    boolean keyInQuery(String provider);
}
