package io.serai;

import io.serai.door.ProviderSecrets;
import java.util.Optional;
import java.util.function.Supplier;

/** The secrets of the configuration that runs now. */
record CurrentSecrets(Supplier<ProviderSecrets> now) implements ProviderSecrets {
    @Override
    public Optional<Hmac> hmac(String provider, String instance) {
        return now.get().hmac(provider, instance);
    }

    @Override
    public Optional<Basic> basic(String provider, String instance) {
        return now.get().basic(provider, instance);
    }

    @Override
    public Optional<Bearer> bearer(String provider, String instance) {
        return now.get().bearer(provider, instance);
    }

    @Override
    public boolean keyInQuery(String provider) {
        return now.get().keyInQuery(provider);
    }
}
