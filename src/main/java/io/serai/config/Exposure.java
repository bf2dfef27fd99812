package io.serai.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Keys cross the network in clear without TLS, so listening beyond this machine has to be a decision (DESIGN 6). */
public final class Exposure {
    private Exposure() {}

    /** @throws ConfigurationError when the address is open to others and no proxy is said to be in front */
    public static void check(Settings settings) {
        if (settings.flag("serai.behind-proxy")) {
            return;
        }
        try {
            if (InetAddress.getByName(settings.text("serai.host")).isLoopbackAddress()) {
                return;
            }
        } catch (UnknownHostException e) {
            throw new ConfigurationError(
                    "serai.host",
                    "is no address of this machine",
                    "Use 127.0.0.1, or an address with serai.behind-proxy");
        }
        throw new ConfigurationError(
                "serai.host",
                "is open to other machines without TLS",
                "Keep 127.0.0.1, or put a TLS proxy in front and set serai.behind-proxy=true");
    }
}
