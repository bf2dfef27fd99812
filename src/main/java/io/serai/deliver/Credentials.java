package io.serai.deliver;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The bean {@code credentials}: gives a notifier's route the secret settings of the destination it sends to, so that no
 * secret is part of an endpoint address, which logs and metrics show.
 */
public final class Credentials {
    private final Destinations destinations;

    public Credentials(Destinations destinations) {
        this.destinations = destinations;
    }

    /** The setting's value; null when the destination does not set it. */
    public String of(Delivery delivery, String setting) {
        return destinations.get(delivery.destination()).options().get(setting);
    }

    /** True when the destination sets it to something. */
    public boolean has(Delivery delivery, String setting) {
        String value = of(delivery, setting);
        return value != null && !value.isBlank();
    }

    /** {@code Bearer <setting>}. */
    public String bearer(Delivery delivery, String setting) {
        return token(delivery, "Bearer", setting);
    }

    /** {@code <scheme> <setting>}, for vendors with a scheme of their own. */
    public String token(Delivery delivery, String scheme, String setting) {
        return scheme + " " + of(delivery, setting);
    }

    /** An {@code Authorization} value after RFC 7617, in UTF-8. */
    public String basic(Delivery delivery, String userSetting, String passwordSetting) {
        String pair = of(delivery, userSetting) + ":" + of(delivery, passwordSetting);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
