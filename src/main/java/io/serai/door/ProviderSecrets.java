package io.serai.door;

import java.util.Optional;

/** What an operator configured to authenticate the senders of a provider's instance. */
public interface ProviderSecrets {

    /**
     * @param secret  of the HMAC; several at once, separated by commas, while one is being replaced
     * @param header  lower-case name of the header that carries the signature
     * @param compact true to sign the compact re-serialised JSON instead of the raw bytes (O13, compatibility)
     */
    record Hmac(String secret, String header, boolean compact) {}

    /** @param password compared in constant time */
    record Basic(String username, String password) {}

    Optional<Hmac> hmac(String provider, String instance);

    Optional<Basic> basic(String provider, String instance);
}
