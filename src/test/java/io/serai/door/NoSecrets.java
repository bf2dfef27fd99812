package io.serai.door;

import java.util.Optional;

/** Nothing is configured: only keys let a sender in. */
public class NoSecrets implements ProviderSecrets {
    @Override
    public Optional<Hmac> hmac(String provider, String instance) {
        return Optional.empty();
    }

    @Override
    public Optional<Basic> basic(String provider, String instance) {
        return Optional.empty();
    }

    @Override
    public Optional<Bearer> bearer(String provider, String instance) {
        return Optional.empty();
    }

    @Override
    public boolean keyInQuery(String provider) {
        return false;
    }
}
